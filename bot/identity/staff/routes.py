"""Sign-in of staff, and what every request of theirs passes: the cookie, the origin, the CSRF token."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bot.gateway.answers import json_answer
from bot.gateway.callers import caller
from bot.gateway.errors import GatewayError
from bot.gateway.metrics import route_label
from bot.gateway.middleware import Handler
from bot.gateway.origins import SAFE, STAFF_API, require_csrf
from bot.gateway.requests import read_object
from bot.gateway.staff_access import STAFF, StaffMember, staff_of
from bot.identity.lockout import Lockout
from bot.identity.routes import Count, no_count
from bot.identity.staff.accounts import StaffAccounts
from bot.identity.staff.sessions import ABSOLUTE_SECONDS, Source, StaffSession, StaffSessions
from bot.identity.wording import refusal

# Browsers take it over https only, and on loopback, where nobody listens in. Over plain http from elsewhere nobody
# stays signed in, which is as it should be.
COOKIE: Final = "__Host-staff"
_SIGN_IN: Final = "/api/v1/staff/sign-in"
_MAX_TOKEN: Final = 200
_MAX_TEXT: Final = 200
SESSION: Final = web.RequestKey("staff_session", StaffSession)


def cookie_of(request: web.Request) -> str | None:
    """The session token in the cookie."""
    token = request.cookies.get(COOKIE)
    return token[:_MAX_TOKEN] if token else None


def set_cookie(response: web.StreamResponse, token: str) -> None:
    """Gives the browser its session; it ends with the browser, or after ten hours."""
    response.set_cookie(
        COOKIE, token, max_age=ABSOLUTE_SECONDS, path="/", secure=True, httponly=True, samesite="Strict"
    )


@dataclass(frozen=True, slots=True)
class StaffRoutes:
    """The handlers and the middleware."""

    accounts: StaffAccounts
    sessions: StaffSessions
    lockout: Lockout
    count: Count = no_count

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes, and the middleware that says who makes a request."""

        @web.middleware
        async def know_staff(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self.know_staff(request, handler)

        app.middlewares.append(know_staff)
        app.router.add_post(_SIGN_IN, self.sign_in)
        app.router.add_post("/api/v1/staff/sign-out", self.sign_out)
        app.router.add_get("/api/v1/staff/me", self.get_me)

    async def know_staff(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Fills in who makes a request to the staff API; what changes anything must carry the session's CSRF token.

        That it comes from a page of the gateway itself has been seen to at the door.
        """
        route = route_label(request)
        if not route.startswith(STAFF_API):
            return await handler(request)
        token = cookie_of(request)
        session = await asyncio.to_thread(self.sessions.find, token) if token else None
        if session is not None:
            if request.method not in SAFE and route != _SIGN_IN:
                require_csrf(request, session.csrf)
            request[STAFF] = session.member
            request[SESSION] = session
        return await handler(request)

    async def sign_in(self, request: web.Request) -> web.Response:
        """Opens a session; every mistake gets the same answer."""
        name, password, code = _credentials(await read_object(request))
        address = caller(request).network
        wait = await asyncio.to_thread(self.lockout.begin, "address", address)
        wait = wait or await asyncio.to_thread(self.lockout.begin, "staff", name)
        if wait:
            self.count("staff_sign_in", "locked")
            raise refusal(429, "too_many_tries", retry_after=wait)
        member = await self.accounts.authenticate(name, password, code)
        self.count("staff_sign_in", "refused" if member is None else "accepted")
        if member is None:
            raise refusal(401, "staff_refused")
        await asyncio.to_thread(self.lockout.succeeded, "staff", name)
        await asyncio.to_thread(self.lockout.succeeded, "address", address)
        token = await self.open(request, member, "local")
        response = json_answer(_described(StaffSession(member, self.sessions.csrf(token))))
        set_cookie(response, token)
        return response

    async def open(self, request: web.Request, member: StaffMember, source: Source) -> str:
        """A session in place of the one this browser had."""
        return await asyncio.to_thread(self.sessions.open, member, source, cookie_of(request))

    async def sign_out(self, request: web.Request) -> web.Response:
        """Ends this session; with `{"everywhere": true}` all sessions of the person."""
        member, token = staff_of(request), cookie_of(request)
        everywhere = request.can_read_body and (await read_object(request)).get("everywhere") is True
        if everywhere:
            await asyncio.to_thread(self.sessions.close_all, member.name)
        elif token:
            await asyncio.to_thread(self.sessions.close, token)
        response = web.Response(status=204)
        response.del_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Strict")
        return response

    async def get_me(self, request: web.Request) -> web.Response:
        """Who is signed in, and the CSRF token of the session."""
        staff_of(request)
        return json_answer(_described(request[SESSION]))


def _described(session: StaffSession) -> dict[str, str]:
    return {"name": session.member.name, "role": session.member.role, "csrf": session.csrf}


def _credentials(payload: dict[str, Any]) -> tuple[str, str, str]:
    values = [payload.get(field) for field in ("name", "password", "code")]
    texts = [value for value in values if isinstance(value, str) and 0 < len(value) <= _MAX_TEXT]
    if len(texts) != len(values):
        raise GatewayError(400, "missing_credentials", "请填写用户名（name）、密码（password）和动态码（code）。")
    name, password, code = texts
    return name.strip(), password, "".join(code.split())
