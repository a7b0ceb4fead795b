"""What stands in demo mode for the web hall, the SMS gateway and the staff's authenticator apps. Fictitious accounts only."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import jwt
from aiohttp import web

from actions.accounts.demo import DemoAccount
from bot.errors import UsageError
from bot.gateway.answers import json_answer
from bot.gateway.errors import GatewayError
from bot.gateway.requests import read_object
from bot.gateway.staff_access import StaffRole
from bot.identity.assertions import MOST_SECONDS_AHEAD, Hall, HallKey
from bot.identity.keys import Keys
from bot.identity.passwords import Passwords, SqlServicePasswords
from bot.identity.sms import DemoSms
from bot.identity.staff.accounts import StaffAccounts

HALL_ISSUER: Final = "demo-hall"
STAFF_PASSWORD: Final = "演示工作台-Demo-2026"  # noqa: S105 -- fictitious, and told to everybody in demo mode
# Name, role, what the page calls it.
STAFF: Final[tuple[tuple[str, StaffRole, str], ...]] = (
    ("demo.clerk", "clerk", "演示坐席"),
    ("demo.supervisor", "supervisor", "演示主管"),
    ("demo.rules", "rule_owner", "演示规则负责人"),
)


def demo_hall(keys: Keys, audience: str) -> Hall:
    """The demo web hall, with a shared secret of its own."""
    return Hall(HALL_ISSUER, audience, (HallKey("HS256", keys.derive("demo hall")),))


def service_password(number: str) -> str:
    """The fictitious service password of a demo account: the last six digits of its number, backwards."""
    return number[-6:][::-1]


def prepare_demo(
    accounts: Sequence[DemoAccount], passwords: Passwords, stored: SqlServicePasswords, staff: StaffAccounts
) -> None:
    """Gives demo accounts their passwords, and makes the demo staff, where that has not been done."""
    missing = stored.without_password(account.number for account in accounts)
    stored.store([(number, passwords.hash(service_password(number))) for number in missing], demo=True)
    present = {account.name for account in staff.list()}
    for name, role, _ in STAFF:
        if name not in present:
            try:
                staff.add(name, role, STAFF_PASSWORD, demo=True)
            except UsageError:
                continue  # another gateway was quicker


@dataclass(frozen=True, slots=True)
class DemoRoutes:
    """The demo-only routes.

    Args:
        accounts: the demo accounts; nothing is told or signed of any other number.
        hall: the demo web hall.
        sms: where the codes went.
        staff: where the demo staff is.
        clock: seconds since the epoch.
    """

    accounts: Sequence[DemoAccount]
    hall: Hall
    sms: DemoSms
    staff: StaffAccounts
    clock: Callable[[], float] = time.time

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes to an application."""
        app.router.add_post("/demo/hall/assertion", self.post_assertion)
        app.router.add_get("/demo/sms", self.get_sms)
        app.router.add_get("/demo/passwords", self.get_passwords)
        app.router.add_get("/demo/staff", self.get_staff)

    async def post_assertion(self, request: web.Request) -> web.Response:
        """What the web hall would hand to the chat: of one number, or of the handler of an organization."""
        claims = self._claims(await read_object(request))
        now = int(self.clock())
        times = {"iat": now, "exp": now + MOST_SECONDS_AHEAD, "jti": uuid4().hex}
        names = {"iss": self.hall.issuer, "aud": self.hall.audience}
        key = self.hall.keys[0].key
        assert isinstance(key, bytes)  # noqa: S101 -- made by `demo_hall`
        return json_answer({"assertion": jwt.encode({**names, **times, **claims}, key, algorithm="HS256")})

    async def get_sms(self, request: web.Request) -> web.Response:
        """The messages that a demo number would have got in the last minutes."""
        account = self._account(request.query.get("number"))
        return json_answer({"messages": await asyncio.to_thread(self.sms.messages, account.number)})

    async def get_passwords(self, _request: web.Request) -> web.Response:
        """The fictitious service passwords of the demo accounts."""
        return json_answer({"passwords": {one.number: service_password(one.number) for one in self.accounts}})

    async def get_staff(self, _request: web.Request) -> web.Response:
        """The demo staff, with what is needed to sign in; `code` is null while its last code has just been used."""
        codes = {name: await asyncio.to_thread(self.staff.demo_code, name) for name, _, _ in STAFF}
        return json_answer(
            {
                "staff": [
                    {"name": name, "role": role, "title": title, "password": STAFF_PASSWORD, "code": codes[name]}
                    for name, role, title in STAFF
                ]
            }
        )

    def _claims(self, payload: Mapping[str, Any]) -> dict[str, object]:
        organization = payload.get("handler_of")
        if organization is None:
            account = self._account(payload.get("number"))
            return {"sub": account.customer, "numbers": [account.number], "handler": False}
        theirs = [account for account in self.accounts if account.customer == organization]
        if not theirs or payload.get("number") is not None:
            raise GatewayError(404, "unknown_demo_account", "演示账户里没有这个单位，请从列表里选择。")
        numbers = [account.number for account in theirs]
        return {"sub": organization, "numbers": numbers, "handler": True, "name": f"{theirs[0].customer_name}经办人"}

    def _account(self, number: object) -> DemoAccount:
        found = next((account for account in self.accounts if account.number == number), None)
        if found is None:
            raise GatewayError(404, "unknown_demo_account", "演示账户里没有这个号码，请从列表里选择。")
        return found
