"""Puts the Official Account together from the settings."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Final

import aiohttp
from aiohttp import web
from sqlalchemy import Engine

from actions.settings import WechatSettings
from bot.conversations.service import Conversations
from bot.identity.holders import still_held
from bot.identity.keys import Keys
from bot.identity.verification import Verification
from bot.messaging.binding_commands import BindingCommands
from bot.messaging.bindings import Bindings, StillHeld
from bot.messaging.detail_page import DetailPages
from bot.messaging.details import Details
from bot.messaging.exchange import PASSIVE_SECONDS, Exchange
from bot.messaging.migrations import upgrade
from bot.messaging.outbox import Later, Outbox
from bot.messaging.store import MessagingStore
from bot.messaging.tokens import SharedTokens
from bot.rendering.wechat import LIMIT
from bot.wechat.api import BUSY, OfficialAccountApi, Platform
from bot.wechat.callback import Account, Callback
from bot.wechat.menu import DEFAULT, read_menu
from bot.wechat.sending import outcome
from bot.wechat.telling import entry_teller, teller

# Nothing more can be sent now: the window of time, the number of messages, the rights of the account.
_HOLDING: Final = frozenset({45015, 45047, 48001})


class OfficialAccount:
    """One account in one gateway: its routes, its outbox and its calls.

    Args:
        settings: the account.
        conversations: where messages are kept and answered.
        keys: what ids are hashed with.
        idle_seconds: after so long a person's next message begins another conversation.
        held: whether a bound number still is its customer's.
        public_url: where people reach the gateway, for links.
        verification: what proves followers' numbers; without it they are nobody known.
    """

    def __init__(
        self,
        settings: WechatSettings,
        conversations: Conversations,
        keys: Keys,
        *,
        idle_seconds: float,
        public_url: str | None,
        verification: Verification | None = None,
        held: StillHeld = still_held,
        clock: Callable[[], float] = time.time,
        passive_seconds: float = PASSIVE_SECONDS,
    ) -> None:
        self._settings = settings
        engine = conversations.store.engine
        upgrade(engine)
        store = MessagingStore(
            engine,
            keys,
            "wechat",
            settings.app_id,
            idle_seconds=idle_seconds,
            retention=conversations.limits.retention,
            clock=clock,
        )
        self._api: OfficialAccountApi | None = None
        self._engine = engine
        self._clock = clock
        details = Details(store, keys, public_url)
        self._outbox = Outbox(store, self._send, entry_teller(public_url, details.link))
        commands = None
        if verification is not None:
            bindings = Bindings(store, keys, held)
            commands = BindingCommands(bindings, verification.links, verification.limiter, public_url)
        who = commands.who if commands is not None else nobody_known
        self._pages = DetailPages(details, who)
        exchange = Exchange(
            conversations,
            store,
            self._outbox,
            who,
            teller(public_url, details.link),
            limit=LIMIT,
            commands=commands,
            passive_seconds=passive_seconds,
        )
        self._callback = Callback(Account(settings, store, exchange, read_menu(settings.menu or DEFAULT)))

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes, and the outbox to what runs as long as the application does."""
        self._callback.add_routes(app)
        self._pages.add_routes(app)
        app.cleanup_ctx.append(self._running)

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        async with aiohttp.ClientSession() as http:
            self._api = account_api(self._settings, http, self._engine, self._clock)
            await self._outbox.start()
            yield
            await self._outbox.stop()

    async def _send(self, account: str, text: str) -> None:
        if self._api is None:
            raise Later("not started")
        await outcome(self._api.send_text(account, text), passing=(BUSY,), holding=_HOLDING)


async def nobody_known(_account: str) -> None:
    """Followers are nobody known as long as they cannot say who they are."""


def account_api(
    settings: WechatSettings, http: aiohttp.ClientSession, engine: Engine, clock: Callable[[], float] = time.time
) -> OfficialAccountApi:
    """The calls of an account, with the access token that all gateways share."""
    platform = Platform(settings.api, http)

    async def fetch(force: bool) -> tuple[str, float]:
        body = {
            "grant_type": "client_credential",
            "appid": settings.app_id,
            "secret": settings.secret,
            "force_refresh": force,
        }
        answer = await platform.call("/cgi-bin/stable_token", body)
        return str(answer["access_token"]), float(answer["expires_in"])

    return OfficialAccountApi(platform, SharedTokens(engine, f"wechat {settings.app_id}", fetch, clock))
