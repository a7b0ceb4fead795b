"""`/wechat/callback`: where the platform delivers what followers of the Official Account do.

In compatible and safe mode only what is encrypted counts, and only under its own signature: the plain part of a compatible
message is signed by nothing. Whatever is wrong with a request is answered with a status and no word about it.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from actions.settings import WechatSettings
from bot.gateway.limits import CALLBACKS
from bot.gateway.requests import read_body
from bot.messaging.exchange import Exchange
from bot.messaging.store import MessagingStore
from bot.wechat.crypto import MessageCipher
from bot.wechat.errors import CallbackRefused
from bot.wechat.incoming import incoming
from bot.wechat.menu import Menu
from bot.wechat.replies import refusal, sealed_reply, text_reply
from bot.wechat.signed import WINDOW_SECONDS, require_signed
from bot.wechat.xml import read_message

CALLBACK: Final = "/wechat/callback"
_NOTHING: Final = "success"


@dataclass(frozen=True, slots=True)
class Account:
    """What the callback is put together from."""

    settings: WechatSettings
    store: MessagingStore
    exchange: Exchange
    menu: Menu


class Callback:
    """The two routes."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._settings = account.settings
        key = account.settings.aes_key
        self._cipher = MessageCipher(key, account.settings.app_id) if key else None

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes."""
        app[CALLBACKS].add(CALLBACK)
        app.router.add_get(CALLBACK, self.check)
        app.router.add_post(CALLBACK, self.deliver)

    async def check(self, request: web.Request) -> web.Response:
        """The platform asks whether the address is ours: it gets its word back."""
        try:
            await self._admit(request, None)
        except CallbackRefused as error:
            raise refusal(error) from error
        return web.Response(text=request.query.get("echostr", "")[:200])

    async def deliver(self, request: web.Request) -> web.Response:
        """Something that a follower did."""
        since = asyncio.get_running_loop().time()
        body = await read_body(request)
        try:
            fields = await self._opened(request, body)
            came = incoming(fields, self._settings.quotas, self._account.menu)
        except CallbackRefused as error:
            raise refusal(error) from error
        text = await self._account.exchange.answer(came, since)
        if text is None:
            return web.Response(text=_NOTHING)
        reply = text_reply(came.account, fields.get("ToUserName", ""), self._account.store.clock(), text)
        return web.Response(text=self._sealed(reply), content_type="text/xml")

    async def _opened(self, request: web.Request, body: bytes) -> dict[str, str]:
        """The elements of the message, where the platform sent it to this account, now, and not another under its sign."""
        outer = read_message(body)
        if self._cipher is None:
            await self._admit(request, hashlib.sha256(body).hexdigest())
            return outer
        encrypted = outer.get("Encrypt", "")
        await self._admit(request, encrypted)
        return read_message(self._cipher.decrypt(encrypted))

    async def _admit(self, request: web.Request, content: str | None) -> None:
        """Raises `CallbackRefused` unless the request is signed, of now, and its nonce is not used for something else."""
        query, sealed = request.query, content is not None and self._cipher is not None
        name = "msg_signature" if sealed else "signature"
        if len(query.getall(name, [])) != 1:
            raise CallbackRefused("not one signature")
        store = self._account.store
        signed = [content] if content is not None and sealed else []
        require_signed(query, name, self._settings.token, *signed, now=store.clock())
        nonce = f"{query['timestamp']} {query.get('nonce', '')}"
        if not await asyncio.to_thread(store.is_first_use, nonce, content or "", 2.0 * WINDOW_SECONDS):
            raise CallbackRefused("a nonce again")

    def _sealed(self, reply: str) -> str:
        """The reply as the platform takes it in this mode."""
        if self._cipher is None:
            return reply
        return sealed_reply(self._cipher, self._settings.token, self._account.store.clock(), reply)
