"""A gateway process for a test to kill: `python -m tests.bot.conversations.gateway_process SESSIONS CONVERSATIONS`."""

import asyncio
import sys

from aiohttp import web

from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from tests.bot.conversations.parts import make_room
from tests.bot.gateway.fakes import DEMO_ACCOUNTS, FakeAssistant


async def serve(sessions_url: str, conversations_url: str) -> None:
    # Answers what is quick, and is still at it with 「慢」 when it is killed.
    assistant = FakeAssistant()

    def answer(text):
        if text == "快":
            assistant.seconds = 3600.0
        return FakeAssistant().answer(text)

    assistant.answer = answer
    room = make_room(conversations_url, assistant, lease_seconds=1.0, attempt=3600.0)
    sessions = SessionStore(sessions_url, idle_seconds=1800, demo=True)
    runner = web.AppRunner(create_app(Parts(assistant, sessions, 30.0, DEMO_ACCOUNTS, conversations=room)))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(site._server.sockets[0].getsockname()[1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
