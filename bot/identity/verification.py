"""Proving a number on the verification page: a service password or an SMS code, and the same answers for every number."""

import asyncio
import logging
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from actions.identity import Identity
from bot.gateway.errors import GatewayError
from bot.gateway.limits import Limiter
from bot.identity.holders import Holders, HoldersUnavailableError
from bot.identity.links import Grant, Link, Links
from bot.identity.lockout import Lockout
from bot.identity.passwords import ServicePasswords
from bot.identity.sms import RESEND_SECONDS, SmsCodes, SmsSender
from bot.identity.wording import refusal, say

logger = logging.getLogger("bot.identity")

CODES_PER_NUMBER: Final = "5/hour; 10/day"
CODES_PER_ADDRESS: Final = "20/hour"
_BETWEEN: Final = re.compile(r"[\s\-()]+")
_NUMBER: Final = re.compile(r"[0-9]{5,20}")
_MOBILE: Final = re.compile(r"1[0-9]{10}")


def read_number(value: object) -> str:
    """A number as people type it (full-width, spaced), as digits; raises `GatewayError` for anything else."""
    text = _BETWEEN.sub("", unicodedata.normalize("NFKC", value)) if isinstance(value, str) and len(value) < 60 else ""
    if not _NUMBER.fullmatch(text):
        raise refusal(400, "bad_number")
    return text


@dataclass(frozen=True, slots=True)
class Verification:
    """What the page's requests are answered with.

    Args:
        sms: what sends codes; None where there is no such thing.
    """

    links: Links
    passwords: ServicePasswords
    codes: SmsCodes
    sms: SmsSender | None
    lockout: Lockout
    limiter: Limiter
    holders: Holders

    async def send_code(self, link: Link, number: str, address: str) -> int:
        """Sends a code if the number exists; seconds until another may be asked for.

        The answer and its time are the same for a number that does not exist: everything is counted before it is
        looked for, and the sending is not waited for.
        """
        if self.sms is None:
            raise refusal(404, "sms_unavailable")
        if not _MOBILE.fullmatch(number):
            raise refusal(400, "not_mobile")
        if wait := await self.limiter.wait(CODES_PER_ADDRESS, "sms address", address):
            raise refusal(429, "too_many_codes", retry_after=wait)
        code, wait = await asyncio.to_thread(self.codes.issue, link.key, number)
        if code is None:
            raise refusal(429, "wait_for_code", retry_after=wait)
        if wait := await self.limiter.wait(CODES_PER_NUMBER, "sms number", number):
            raise refusal(429, "too_many_codes", retry_after=wait)
        task = asyncio.create_task(self._send(self.sms, number, code))
        _SENDING.add(task)
        task.add_done_callback(_SENDING.discard)
        return RESEND_SECONDS

    async def prove(self, link: Link, number: str, *, password: str | None, code: str | None, address: str) -> Grant:
        """A grant for the chat that made the link; raises `GatewayError` without one.

        Every attempt is counted before it is judged: by link, by number and by address.
        """
        wait = await asyncio.to_thread(self.lockout.begin, "address", address)
        wait = wait or await asyncio.to_thread(self.lockout.begin, "number", number)
        if wait:
            raise refusal(429, "too_many_tries", retry_after=wait)
        if not await asyncio.to_thread(self.links.begin_try, link):
            raise refusal(410, "link_gone")
        if password is not None:
            right = await self.passwords.verify(number, password)
        else:
            right = await asyncio.to_thread(self.codes.accept, link.key, number, code or "")
        if not right:
            raise refusal(401, "not_verified")
        customer = await self._holder(number)
        if customer is None:
            raise refusal(409, "holder_unknown")
        await asyncio.to_thread(self.lockout.succeeded, "number", number)
        await asyncio.to_thread(self.lockout.succeeded, "address", address)
        grant = await asyncio.to_thread(self.links.finish, link, Identity("customer", (number,), customer))
        if grant is None:
            raise refusal(410, "link_gone")
        return grant

    async def _holder(self, number: str) -> str | None:
        try:
            return await asyncio.to_thread(self.holders, number)
        except HoldersUnavailableError as error:
            logger.error("the holder of a number cannot be looked up: %s", error)
            raise GatewayError(503, "holder_unknown", say("holder_unknown"), retry_after=60) from error

    async def _send(self, sms: SmsSender, number: str, code: str) -> None:
        try:
            if await asyncio.to_thread(self.holders, number) is not None:
                await sms.send(number, say("sms", code=code))
        except (HoldersUnavailableError, OSError) as error:
            logger.error("a code was not sent: %s", type(error).__name__)


# Nothing else holds on to a task that nobody waits for.
_SENDING: Final[set[asyncio.Task[None]]] = set()
