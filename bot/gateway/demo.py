"""The demo sign-in: choose one of the demo accounts, or be a member of staff. Only there in demo mode."""

import asyncio
from collections.abc import Sequence

from aiohttp import web

from actions.accounts.demo import DemoAccount
from actions.identity import Identity, mask_number
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from bot.gateway.requests import read_object, session_token
from bot.identity.sessions import SessionStore


class DemoSignIn:
    """The two routes of the demo sign-in.

    Args:
        accounts: the accounts on offer; no other number can be signed in with.
        sessions: where sessions are opened.
    """

    def __init__(self, accounts: Sequence[DemoAccount], sessions: SessionStore) -> None:
        self._accounts = {account.number: account for account in accounts}
        self._sessions = sessions

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes to an application."""
        app.router.add_get("/api/v1/demo/accounts", self.list_accounts)
        app.router.add_post("/api/v1/demo/sign-in", self.sign_in)

    async def list_accounts(self, _request: web.Request) -> web.Response:
        """The accounts on offer."""
        return json_answer(
            {
                "accounts": [
                    {"number": account.number, "title": account.title, "ask": account.ask}
                    for account in self._accounts.values()
                ]
            }
        )

    async def sign_in(self, request: web.Request) -> web.Response:
        """Ends the session given, if any, and opens a new one with the chosen identity."""
        payload = await read_object(request)
        identity = self._identity(payload.get("role"), payload.get("number"))
        former = session_token(payload)
        token = await asyncio.to_thread(lambda: self._sessions.rotate(former, identity, demo=True))
        return json_answer({"session": token, "identity": describe(identity)})

    def _identity(self, role: object, number: object) -> Identity:
        if role == "staff" and number is None:
            return Identity(role="staff", name="演示员工")
        if role not in (None, "customer"):
            raise GatewayError(400, "wrong_role", "role 只能是 customer 或 staff；选 staff 时不要再填 number。")
        if not isinstance(number, str):
            raise GatewayError(400, "missing_number", "请选择一个演示账户（number）。")
        account = self._accounts.get(number)
        if account is None:
            raise GatewayError(404, "unknown_demo_account", "演示账户里没有这个号码，请从列表里选择。")
        return Identity(role="customer", numbers=(account.number,), customer=account.customer)


def describe(identity: Identity | None) -> dict[str, object] | None:
    """What a page may show of an identity: numbers are masked."""
    if identity is None:
        return None
    return {
        "role": identity.role,
        "name": identity.name,
        "numbers": [mask_number(number) for number in identity.numbers],
    }
