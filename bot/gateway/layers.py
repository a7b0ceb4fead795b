"""What every request passes on its way in, from the outside inwards."""

from typing import Final

from aiohttp import web

from actions.settings import DoorSettings
from bot.gateway import csp_reports, metrics
from bot.gateway.callers import DOOR
from bot.gateway.capacity import LOAD, Load, bound_load, end_streams
from bot.gateway.headers import set_headers
from bot.gateway.limits import CALLBACKS, LIMITER, Limiter, limit_rates
from bot.gateway.middleware import errors_as_json
from bot.gateway.origins import check_host, check_origin
from bot.gateway.request_log import log_requests, set_request_id

LAYERS: Final = (
    # Outermost, so that everything is logged and counted, refusals and failures included.
    log_requests,
    # Everything below may raise, and is answered in one shape.
    errors_as_json,
    # What must not be here at all costs nothing more: it takes no place and no part of anybody's rate.
    check_host,
    check_origin,
    # Before the rates, which may ask Redis: under too great a load nothing is asked of anybody.
    bound_load,
    # Innermost: only what would be worked on counts.
    limit_rates,
)


def set_up(app: web.Application, door: DoorSettings, limiter: Limiter | None) -> None:
    """Gives an application what its layers need. Rates are only limited where there is a limiter."""
    app[DOOR] = door
    app[LOAD] = Load()
    app[LIMITER] = limiter or Limiter({}, b"")
    app[CALLBACKS] = set()
    app.on_cleanup.append(_close_limiter)
    # Signals, not layers: they also see streams, whose headers are gone long before their handler returns.
    app.on_response_prepare.append(set_headers)
    app.on_response_prepare.append(set_request_id)
    app.on_shutdown.append(end_streams)
    csp_reports.add_routes(app)
    metrics.add_routes(app)


async def _close_limiter(app: web.Application) -> None:
    await app[LIMITER].close()
