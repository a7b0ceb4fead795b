"""All routes of the staff interface."""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from bot.conversations.service import Conversations
from bot.conversations.tokens import warm
from bot.desk import companies, lookups, rule_search
from bot.desk.asking import Asking
from bot.desk.conversations import ConversationRoutes
from bot.desk.dashboard import Dashboard
from bot.desk.desk import Desk
from bot.desk.handoffs import HandoffRoutes
from bot.desk.review import ReviewRoutes


def add_routes(app: web.Application, conversations: Conversations, seconds: float) -> None:
    """Adds them; `seconds` is how long a member of staff waits for an answer at most."""
    desk = Desk(conversations, seconds)
    lookups.add_routes(app)
    companies.add_routes(app)
    rule_search.add_routes(app)
    for routes in (Asking(desk), ConversationRoutes(desk), ReviewRoutes(desk), HandoffRoutes(desk), Dashboard(desk)):
        routes.add_routes(app)
    app.cleanup_ctx.append(_warmed)


async def _warmed(_app: web.Application) -> AsyncIterator[None]:
    """The dictionary is loaded before anything is served: the first message would hold the database while it loads."""
    await asyncio.to_thread(warm)
    yield
