"""`serve`: the whole system in one command."""

import argparse
import asyncio


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the gateway listens."""
    parser.add_argument("--port", type=_port, metavar="N", help="网关端口（默认 8080；0 表示任选一个空闲端口）")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"端口应是 0 到 65535 的整数，现在是“{text}”")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Runs until Ctrl-C or SIGTERM."""
    from actions.settings import settings
    from bot.supervisor import Supervisor, listen

    configured = settings()
    door = listen(configured.host, configured.port if args.port is None else args.port)
    return asyncio.run(Supervisor(configured, door).run())
