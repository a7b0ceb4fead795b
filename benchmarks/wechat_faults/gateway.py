"""One gateway process of a fault run: `python -m benchmarks.wechat_faults.gateway SESSIONS CONVERSATIONS SERVERS SEED SECONDS`.

Its assistant takes between 0 and SECONDS seconds for a text, by the seed. It prints the port that it listens on, and ends
with SIGTERM as the real one does: the connections first, then what is being answered and sent.
"""

import asyncio
import contextlib
import random
import signal
import sys
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from actions.identity import Identity
from actions.privacy.masking import mask
from actions.privacy.sealing import seal, unseal
from actions.settings import WechatSettings
from bot.conversations.limits import Limits
from bot.conversations.service import Conversations
from bot.gateway.app import Parts, create_app
from bot.identity.keys import Keys
from bot.identity.sessions import SessionStore
from bot.wechat.parts import OfficialAccount as Ours
from tests.bot.conversations.parts import make_store
from tests.bot.gateway.fakes import FakeAssistant, echo
from tests.wechat.platform import OfficialAccount

KEYS = Keys(b"k" * 32)


@dataclass
class SlowAssistant:
    """Repeats the text, after as long as the seed says for it."""

    seed: str
    seconds: float

    async def reply(self, _conversation: str, text: str, _identity: Identity | None) -> list[dict[str, Any]]:
        """An answer, late."""
        await asyncio.sleep(random.Random(f"{self.seed} {text}").uniform(0.0, self.seconds))
        return [echo(text).to_json()]


def settings_for(platform: OfficialAccount, servers: str) -> WechatSettings:
    """The settings of a gateway that this platform delivers to."""
    key = None if platform.mode == "plain" else platform.key
    return WechatSettings(
        app_id=platform.app_id,
        secret=platform.secret,
        token=platform.token,
        aes_key=key,
        mode=platform.mode,
        api=servers,
        quotas=(5, 3, 3),
    )


def gateway(sessions: str, conversations: str, settings: WechatSettings, assistant: Any) -> web.Application:
    """The whole gateway, with the bounds and the patience of the real one."""
    store = make_store(conversations)
    room = Conversations(store, assistant, mask=mask, seal=seal, unseal=unseal, limits=Limits())

    def messengers(room: Conversations) -> list[Ours]:
        return [Ours(settings, room, KEYS, idle_seconds=1800, public_url="https://bot.example")]

    return create_app(
        Parts(
            assistant=FakeAssistant(),
            sessions=SessionStore(sessions, idle_seconds=1800, demo=True),
            reply_timeout_seconds=4.0,
            conversations=room,
            messengers=messengers,
        )
    )


async def serve(sessions: str, conversations: str, servers: str, seed: str, seconds: str) -> None:
    """Serves until SIGTERM."""
    settings = settings_for(OfficialAccount(callback=""), servers)
    app = gateway(sessions, conversations, settings, SlowAssistant(seed, float(seconds)))
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
        asyncio.run(serve(*sys.argv[1:]))
