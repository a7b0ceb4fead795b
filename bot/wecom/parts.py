"""Puts the app for staff together from the settings."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final, TypeVar

import aiohttp
from aiohttp import web
from sqlalchemy import Engine

from actions.identity import Identity
from actions.settings import WecomSettings
from bot.conversations.service import Conversations
from bot.identity.keys import Keys
from bot.messaging.exchange import PASSIVE_SECONDS, Exchange
from bot.messaging.migrations import upgrade
from bot.messaging.outbox import Later, Outbox, Refused
from bot.messaging.store import MessagingStore
from bot.messaging.tokens import SharedTokens
from bot.rendering.wechat import LIMIT
from bot.wechat.api import BUSY, TOKEN_CODES, Platform, WecomApi
from bot.wechat.crypto import MessageCipher
from bot.wechat.sending import outcome
from bot.wechat.telling import entry_teller, teller
from bot.wecom.callback import Callback
from bot.wecom.envelope import AppEnvelope
from bot.wecom.robot import Robot
from bot.wecom.staff import StaffFile

_T = TypeVar("_T")
# The platform is busy, too many calls in this minute or at once, an address or a right that the administrator can still
# set right.
_PASSING: Final = frozenset({BUSY, 45009, 45033, 48002, 60020, 301002}) | TOKEN_CODES
# WeCom makes links of these in text; nothing that is told is meant to be one.
_TAG: Final = re.compile(r"<(?=[A-Za-z/!?])")


class StaffApp:
    """The app in one gateway, and the robot for groups: routes, outbox and calls.

    What is told is plain text. WeCom's markdown has no way of writing `<font>`, `>` or a link without meaning it.

    Args:
        settings: the app.
        conversations: where messages are kept and answered.
        keys: what ids are hashed with.
        staff: who is a member of staff.
        idle_seconds: after so long a person's next message begins another conversation.
        public_url: where people reach the gateway, for links.
    """

    def __init__(
        self,
        settings: WecomSettings,
        conversations: Conversations,
        keys: Keys,
        staff: StaffFile,
        *,
        idle_seconds: float,
        public_url: str | None,
        clock: Callable[[], float] = time.time,
        passive_seconds: float = PASSIVE_SECONDS,
    ) -> None:
        self._settings = settings
        self._staff = staff
        self._engine = conversations.store.engine
        self._clock = clock
        self._api: WecomApi | None = None
        upgrade(self._engine)
        app = f"{settings.corp_id} {settings.agent_id}"
        store = MessagingStore(
            self._engine,
            keys,
            "wecom",
            app,
            idle_seconds=idle_seconds,
            retention=conversations.limits.retention,
            clock=clock,
        )
        self._outbox = Outbox(store, self._send, plain(entry_teller(public_url, person=False)))
        exchange = Exchange(
            conversations,
            store,
            self._outbox,
            self._who,
            plain(teller(public_url, person=False)),
            limit=LIMIT,
            passive_seconds=passive_seconds,
        )
        cipher = MessageCipher(settings.aes_key, settings.corp_id)
        self._callback = Callback(AppEnvelope(cipher, settings.token, settings.agent_id), store, exchange, staff)
        self._robot: Robot | None = None
        if settings.robot_token and settings.robot_aes_key:
            cipher = MessageCipher(settings.robot_aes_key, "")
            told = teller(public_url, person=False)
            self._robot = Robot(cipher, settings.robot_token, store, keys, conversations, told, passive_seconds)

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes, and the outbox to what runs as long as the application does."""
        self._callback.add_routes(app)
        if self._robot is not None:
            self._robot.add_routes(app)
        app.cleanup_ctx.append(self._running)

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as http:
            self._api = app_api(self._settings, http, self._engine, self._clock)
            await self._outbox.start()
            yield
            await self._outbox.stop()

    async def _who(self, account: str) -> Identity | None:
        member = await asyncio.to_thread(self._staff.by_account, account)
        return member.identity if member is not None else None

    async def _send(self, account: str, text: str) -> None:
        member = await asyncio.to_thread(self._staff.by_account, account)
        if member is None:
            raise Refused("no member of staff")
        if self._api is None:
            raise Later("not started")
        await outcome(self._api.send_text(member.userid, text), passing=_PASSING)


def plain(told: Callable[[_T], Sequence[str]]) -> Callable[[_T], list[str]]:
    """The same texts with nothing in them that WeCom would take for a tag; they are as long as before."""

    def texts(said: _T) -> list[str]:
        return [_TAG.sub("[", text) for text in told(said)]

    return texts


def app_api(
    settings: WecomSettings, http: aiohttp.ClientSession, engine: Engine, clock: Callable[[], float] = time.time
) -> WecomApi:
    """The calls of an app, with the access token that all gateways share."""
    platform = Platform(settings.api, http)

    async def fetch(_force: bool) -> tuple[str, float]:
        # WeCom gives the same one until it ends, and has no way of asking for another.
        query = {"corpid": settings.corp_id, "corpsecret": settings.secret}
        answer = await platform.call("/cgi-bin/gettoken", query=query)
        return str(answer["access_token"]), float(answer["expires_in"])

    tokens = SharedTokens(engine, f"wecom {settings.corp_id} {settings.agent_id}", fetch, clock)
    return WecomApi(platform, tokens, settings.agent_id)
