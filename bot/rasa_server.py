"""Rasa's server as a process of ours: what `rasa run` does with our channel, but it starts in half the time."""

import argparse
import logging
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Final

from actions.settings import ROOT, settings
from bot.lean_rasa import import_rasa

if TYPE_CHECKING:
    from sanic import Sanic

_CREDENTIALS: Final = ROOT / "credentials.yml"


def main() -> None:
    """Serves one model on loopback until it is told to stop."""
    parser = argparse.ArgumentParser(prog="python -m bot.rasa_server", description="在本机端口上运行 Rasa 服务")
    parser.add_argument("--model", type=Path, required=True, help="训练好的模型文件")
    parser.add_argument("--endpoints", type=Path, required=True, help="endpoints.yml")
    parser.add_argument("--port", type=int, required=True, help="端口")
    args = parser.parse_args()

    warnings.filterwarnings("ignore")
    import_rasa(args.model)
    import rasa.core.run
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from bot.action_endpoint import ActionServer
    from bot.fast_rasa import speed_up
    from bot.tracker_store import ConversationStore

    level = logging.getLevelName(settings().log_level.upper())
    configure_structlog(level)
    configure_logging_and_warnings(level)
    speed_up()
    endpoints = AvailableEndpoints.read_endpoints(str(args.endpoints))
    endpoints.action = ActionServer(endpoints.action)
    endpoints.tracker_store = ConversationStore(endpoints.tracker_store.url)
    rasa.core.run.serve_application(
        str(args.model),
        interface="127.0.0.1",
        port=args.port,
        credentials=str(_CREDENTIALS),
        endpoints=endpoints,
        enable_api=False,
        server_listeners=[(_end_without_model, "after_server_start")],
    )


async def _end_without_model(app: "Sanic", _loop: object) -> None:
    """Rasa would stay up and answer nobody when its model cannot be loaded; this lets the supervisor see it."""
    if not app.ctx.agent.is_ready():
        logging.getLogger(__name__).error("The model could not be loaded.")
        os._exit(1)


if __name__ == "__main__":
    main()
