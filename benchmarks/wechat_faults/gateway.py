"""One gateway process of a fault run: `python -m benchmarks.wechat_faults.gateway CHANNEL FOLDER CONVERSATIONS SERVERS SEED SECONDS`.

Its assistant takes between 0 and SECONDS seconds for a text, by the seed. It prints the port that it listens on, and ends
with SIGTERM as the real one does: the connections first, then what is being answered and sent.
"""

import asyncio
import contextlib
import random
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from actions.identity import Identity
from actions.privacy.masking import mask
from actions.privacy.sealing import seal, unseal
from benchmarks.wechat_faults.channels import Channel, messengers, staff_file
from benchmarks.wechat_faults.faults import faulty
from bot.conversations.limits import Limits
from bot.conversations.service import Conversations
from bot.gateway.app import Messenger, Parts, create_app
from bot.identity.sessions import SessionStore
from tests.bot.conversations.parts import make_store
from tests.bot.gateway.fakes import FakeAssistant, echo


@dataclass
class SlowAssistant:
    """Repeats the text, after as long as the seed says for it."""

    seed: str
    seconds: float

    async def reply(self, _conversation: str, text: str, _identity: Identity | None) -> list[dict[str, Any]]:
        """An answer, late."""
        await asyncio.sleep(random.Random(f"{self.seed} {text}").uniform(0.0, self.seconds))
        return [echo(text).to_json()]


def gateway(
    sessions: str, conversations: str, messengers: Callable[[Conversations], Sequence[Messenger]], assistant: Any
) -> web.Application:
    """The whole gateway, with the bounds and the patience of the real one."""
    store = make_store(conversations)
    return create_app(
        Parts(
            assistant=FakeAssistant(),
            sessions=SessionStore(sessions, idle_seconds=1800, demo=True),
            reply_timeout_seconds=4.0,
            conversations=Conversations(store, assistant, mask=mask, seal=seal, unseal=unseal, limits=Limits()),
            messengers=messengers,
        )
    )


async def serve(channel: Channel, folder: str, conversations: str, servers: str, seed: str, seconds: str) -> None:
    """Serves until SIGTERM."""
    ours = messengers(faulty(channel, set(), 0.0), servers, staff_file(Path(folder)))
    app = gateway(f"sqlite:///{folder}/sessions.db", conversations, ours, SlowAssistant(seed, float(seconds)))
    # Requests that run get their answer, as `bot serve` gives it to them.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=6.0)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    await ended.wait()
    await runner.cleanup()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(*sys.argv[1:]))  # type: ignore[arg-type]
