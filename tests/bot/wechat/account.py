"""An Official Account with its gateway in front of an assistant that obeys, and the platform's side of it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from actions.settings import WechatSettings
from bot.conversations.service import Conversations
from bot.gateway.app import Parts, create_app
from bot.gateway.limits import Limiter
from bot.identity.keys import Keys
from bot.identity.sessions import SessionStore
from bot.messaging.bindings import StillHeld
from bot.wechat.parts import OfficialAccount as Ours
from tests.bot.conversations.parts import make_room
from tests.bot.gateway.fakes import FakeAssistant
from tests.bot.identity_parts import HOLDERS, identity_parts
from tests.bot.identity_parts import KEYS as IDENTITY_KEYS
from tests.wechat.platform import Delivery, Mode, OfficialAccount, serving

KEYS = Keys(b"k" * 32)


@dataclass
class World:
    """The platform, the gateway, and what it answers with."""

    platform: OfficialAccount
    room: Conversations
    assistant: FakeAssistant
    gateway: str

    def shown(self, openid: str) -> list[str]:
        return [one.text for one in self.platform.user(openid).shown]

    async def until_shown(self, openid: str, count: int) -> list[str]:
        async with asyncio.timeout(20):
            while len(self.shown(openid)) < count:
                await asyncio.sleep(0.05)
        return self.shown(openid)

    async def says(self, openid: str, text: str) -> Delivery:
        return await self.platform.say(openid, text)


def settings_for(platform: OfficialAccount, servers: str) -> WechatSettings:
    """The settings of a gateway that this account delivers to; `servers`: the address of the platform's servers."""
    return WechatSettings(
        app_id=platform.app_id,
        secret=platform.secret,
        token=platform.token,
        aes_key=None if platform.mode == "plain" else platform.key,
        mode=platform.mode,
        api=servers,
        quotas=(5, 3, 3),
    )


@asynccontextmanager
async def world(
    url: str,
    sessions: str,
    *,
    mode: Mode = "safe",
    assistant: FakeAssistant | None = None,
    platform: OfficialAccount | None = None,
    passive_seconds: float = 4.3,
    clock: Callable[[], float] | None = None,
    limiter: Limiter | None = None,
    public_url: str | None = "https://bot.example",
    held: StillHeld | None = None,
    **limits: Any,
) -> AsyncIterator[World]:
    """A gateway on this database, running."""
    platform = platform or OfficialAccount(callback="", mode=mode)
    assistant = assistant or FakeAssistant()
    limits = {"attempt": 30.0, **limits}
    room = make_room(url, assistant, **limits)
    more: dict[str, Any] = {"clock": clock} if clock else {}
    store = SessionStore(sessions, idle_seconds=1800, demo=True, keys=IDENTITY_KEYS, clock=clock or time.time)
    identity = identity_parts(store, Path(make_url(sessions).database or "").parent, clock or time.time)
    async with serving(platform.app()) as servers:
        settings = settings_for(platform, servers)

        def ours(conversations: Conversations) -> list[Ours]:
            return [
                Ours(
                    settings,
                    conversations,
                    KEYS,
                    idle_seconds=1800,
                    public_url=public_url,
                    verification=identity.customers.verification,
                    held=held or (lambda number, customer: HOLDERS.get(number) == customer),
                    passive_seconds=passive_seconds,
                    **more,
                )
            ]

        parts = Parts(
            assistant=assistant,
            sessions=store,
            identity=identity,
            reply_timeout_seconds=2.0,
            conversations=room,
            messengers=ours,
            limiter=limiter,
        )
        async with serving(create_app(parts)) as gateway:
            platform.callback = f"{gateway}/wechat/callback"
            yield World(platform, room, assistant, gateway)
