"""The routes of this room for customers: assertions, links, the verification page, grants."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from actions.identity import Identity
from bot.gateway.answers import json_answer
from bot.gateway.callers import caller, own_origin
from bot.gateway.conversations import find_session
from bot.gateway.demo import describe
from bot.gateway.errors import GatewayError
from bot.gateway.limits import LIMITER, Limiter
from bot.gateway.origins import foreign_origin, require_same_origin
from bot.gateway.requests import read_object, session_token
from bot.identity.assertions import AssertionRefusedError, Assertions
from bot.identity.links import GRANT_SECONDS, LINK_SECONDS, Link, Links
from bot.identity.page import refusal_page, verification_page
from bot.identity.sessions import SessionStore
from bot.identity.sms import CODE_SECONDS
from bot.identity.verification import Verification, read_number
from bot.identity.wording import page_words, refusal, say

logger = logging.getLogger("bot.identity")

_LINKS_PER_SESSION: Final = "10/hour"
_LINKS_PER_ADDRESS: Final = "120/hour"
_MAX_TEXT: Final = 200
Count = Callable[[str, str], None]


def no_count(_event: str, _outcome: str) -> None:
    """Counts nothing."""


@dataclass(frozen=True, slots=True)
class CustomerRoutes:
    """The handlers.

    Args:
        allowed_origin: whether a page of this origin may embed the chat, and so be given grants.
        count: told what happened (event, outcome), for metrics.
    """

    sessions: SessionStore
    assertions: Assertions
    links: Links
    verification: Verification
    limiter: Limiter
    allowed_origin: Callable[[str], bool]
    count: Count = no_count

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes to an application."""
        app.router.add_post("/api/v1/identity/assertion", self.post_assertion)
        app.router.add_post("/api/v1/identity/links", self.post_link)
        app.router.add_post("/api/v1/identity/grant", self.post_grant)
        app.router.add_get("/verify/{token}", self.get_page)
        app.router.add_post("/verify/{token}", self.post_proof)
        app.router.add_post("/verify/{token}/code", self.post_code)

    async def post_assertion(self, request: web.Request) -> web.Response:
        """Swaps an assertion of the web hall for a session."""
        payload = await read_object(request)
        assertion = payload.get("assertion")
        if not isinstance(assertion, str):
            raise GatewayError(400, "missing_assertion", "请求里缺少 assertion（网上营业厅签发的登录凭证）。")
        try:
            identity = await asyncio.to_thread(self.assertions.accept, assertion)
        except AssertionRefusedError as error:
            self.count("assertion", error.reason)
            logger.warning("an assertion was refused", extra={"fields": {"reason": error.reason}})
            raise refusal(401, "assertion_refused") from error
        self.count("assertion", "accepted")
        return await self._sign_in(session_token(payload), identity)

    async def post_link(self, request: web.Request) -> web.Response:
        """A one-time link to the verification page for this session; opens a session when none is given."""
        token = session_token(await read_object(request)) or await asyncio.to_thread(self.sessions.open)
        session = await find_session(self.sessions, token)
        origin = request.headers.get("Origin", own_origin(request))
        if origin != own_origin(request) and not self.allowed_origin(origin):
            raise foreign_origin()
        for rates, action, who in (
            (_LINKS_PER_SESSION, "link session", session.conversation),
            (_LINKS_PER_ADDRESS, "link address", caller(request).network),
        ):
            if wait := await self.limiter.wait(rates, action, who):
                raise refusal(429, "too_many_links", retry_after=wait)
        link = await asyncio.to_thread(self.links.open, session.conversation, origin)
        self.count("link", "made")
        return json_answer({"session": token, "url": f"/verify/{link}", "expires_in": LINK_SECONDS})

    async def get_page(self, request: web.Request) -> web.Response:
        """The verification page; looking at it uses nothing up."""
        link = await asyncio.to_thread(self.links.find, request.match_info["token"])
        if link is None:
            page = refusal_page(page_words()["gone"], say("link_gone"))
            return web.Response(text=page, content_type="text/html", status=410)
        with_codes = self.verification.sms is not None
        page = verification_page(link.origin, with_codes=with_codes, demo=self.sessions.demo)
        return web.Response(text=page, content_type="text/html")

    async def post_code(self, request: web.Request) -> web.Response:
        """Sends a code to a number, if it exists."""
        link, payload = await self._from_own_page(request)
        number = await self._counted(request, payload)
        wait = await self.verification.send_code(link, number, caller(request).network)
        self.count("code", "asked")
        return json_answer({"sent": True, "wait": wait, "expires_in": CODE_SECONDS})

    async def post_proof(self, request: web.Request) -> web.Response:
        """Checks a service password or a code, and gives the grant for the chat."""
        link, payload = await self._from_own_page(request)
        number = await self._counted(request, payload)
        password, code = payload.get("password"), payload.get("code")
        given = [value for value in (password, code) if value is not None]
        if len(given) != 1 or not isinstance(given[0], str) or not 0 < len(given[0]) <= _MAX_TEXT:
            raise refusal(400, "one_secret")
        address = caller(request).network
        try:
            grant = await self.verification.prove(link, number, password=password, code=code, address=address)
        except GatewayError as error:
            self.count("verification", error.code)
            raise
        self.count("verification", "accepted")
        return json_answer({"grant": grant.grant, "code": grant.code, "expires_in": GRANT_SECONDS})

    async def post_grant(self, request: web.Request) -> web.Response:
        """Signs the session in whose link led to the grant."""
        payload = await read_object(request)
        token, grant = session_token(payload), payload.get("grant")
        session = await find_session(self.sessions, token)
        if not isinstance(grant, str) or not 0 < len(grant) <= _MAX_TEXT:
            raise GatewayError(400, "missing_grant", "请求里缺少 grant（验证页面给出的凭证或确认码）。")
        identity = await asyncio.to_thread(self.links.redeem, session.conversation, grant)
        self.count("grant", "refused" if identity is None else "accepted")
        if identity is None:
            raise refusal(401, "grant_refused")
        return await self._sign_in(token, identity)

    async def _sign_in(self, token: str | None, identity: Identity) -> web.Response:
        """Another identity is another session with another conversation; the same one goes on (a page was reloaded)."""
        former = await asyncio.to_thread(self.sessions.find, token) if token is not None else None
        if token is None or former is None or former.identity != identity:
            demo = self.sessions.demo
            token = await asyncio.to_thread(lambda: self.sessions.rotate(token, identity, demo=demo))
        return json_answer({"session": token, "identity": describe(identity)})

    async def _counted(self, request: web.Request, payload: dict[str, Any]) -> str:
        """The number in a body; how often it may be named is a setting, and the same for one that does not exist."""
        number = read_number(payload.get("number"))
        await request.app[LIMITER].hit("number", number)
        return number

    async def _from_own_page(self, request: web.Request) -> tuple[Link, dict[str, Any]]:
        """The link and the body of a request that our own page made; no other page may try passwords through a visitor."""
        require_same_origin(request)
        payload = await read_object(request)
        link = await asyncio.to_thread(self.links.find, request.match_info["token"])
        if link is None:
            raise refusal(410, "link_gone")
        return link, payload
