"""`/wecom/callback`: where WeCom delivers what members of the corporation do in the app for staff."""

import asyncio
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.gateway.limits import CALLBACKS
from bot.gateway.requests import read_body
from bot.messaging.exchange import Exchange
from bot.messaging.store import MessagingStore
from bot.wechat.errors import CallbackRefused
from bot.wechat.replies import refusal, sealed_reply, text_reply
from bot.wecom.envelope import AppEnvelope
from bot.wecom.incoming import incoming
from bot.wecom.staff import StaffFile
from bot.wecom.wording import say

CALLBACK: Final = "/wecom/callback"
# WeCom does not use a nonce again within two hours.
NONCE_SECONDS: Final = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Callback:
    """The two routes."""

    envelope: AppEnvelope
    store: MessagingStore
    exchange: Exchange
    staff: StaffFile

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes."""
        app[CALLBACKS].add(CALLBACK)
        app.router.add_get(CALLBACK, self.check)
        app.router.add_post(CALLBACK, self.deliver)

    async def check(self, request: web.Request) -> web.Response:
        """WeCom asks whether the address is ours: it gets its word back, decrypted and bare."""
        try:
            return web.Response(body=self.envelope.echo(request.query, self.store.clock()), content_type="text/plain")
        except CallbackRefused as error:
            raise refusal(error) from error

    async def deliver(self, request: web.Request) -> web.Response:
        """Something that a member did."""
        since = asyncio.get_running_loop().time()
        body = await read_body(request)
        query = request.query
        try:
            fields = self.envelope.message(query, body, self.store.clock())
            # The signature is over everything that counts, so it stands for the content.
            nonce = f"{query['timestamp']} {query['nonce']}"
            once = asyncio.to_thread(self.store.is_first_use, nonce, query["msg_signature"], NONCE_SECONDS)
            if not await once:
                raise CallbackRefused("a nonce again")
            userid = fields["FromUserName"]
            member = await asyncio.to_thread(self.staff.find, userid)
            came = None if member is None else incoming(fields, member)
        except CallbackRefused as error:
            raise refusal(error) from error
        if came is not None:
            text = await self.exchange.answer(came, since)
        else:
            # What somebody says who is no member of staff goes nowhere.
            text = say("unknown_member") if fields.get("MsgType") != "event" else None
        if text is None:
            return web.Response()
        cipher, now = self.envelope.cipher, self.store.clock()
        reply = text_reply(userid, cipher.receiver, now, text)
        return web.Response(text=sealed_reply(cipher, self.envelope.token, now, reply), content_type="text/xml")
