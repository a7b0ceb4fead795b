"""Asks a billing system about one number: bounded in time and size, repeated only where that does no harm."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, NoReturn
from urllib.parse import quote

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from actions.accounts.billing.circuit import Circuit
from actions.accounts.billing.mapping import NUMBER, SourceMapping
from actions.accounts.errors import SourceUnavailable
from actions.accounts.wording import say

_CHUNK: Final = 65_536
# A fault of the moment: the same question may well be answered a moment later.
_PASSING: Final = (500, 502, 503, 504)
_TOO_MANY: Final = 429
_LAST_OK: Final = 299


class CallFailed(SourceUnavailable):
    """No usable answer. `passing`: asking again may help; `unwell`: the system should be left alone if it goes on."""

    def __init__(self, message: str, *, passing: bool = False, unwell: bool = False) -> None:
        super().__init__(message)
        self.passing = passing
        self.unwell = unwell


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and the JSON with exact decimals (None where the body is not one)."""

    status: int
    document: Any


class BillingClient:
    """One billing system. All calls come from one event loop, and share its connections and its circuit."""

    def __init__(
        self,
        mapping: SourceMapping,
        circuit: Circuit | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`sleep` waits between attempts."""
        self._mapping = mapping
        limits = mapping.limits
        self._circuit = circuit or Circuit(limits.failures, limits.pause_seconds)
        self._sleep = sleep
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, number: str) -> Answer:
        """The answer to the question about one number: a success, or the system's "no such number".

        Raises `CallFailed` for everything else.
        """
        ticket = self._circuit.admit()
        if ticket is None:
            self._fail("paused", seconds=f"{self._circuit.seconds_left:.0f}")
        try:
            answer = await self._within_total(number)
        except CallFailed as failure:
            if failure.unwell:
                self._circuit.failed(ticket)
            else:
                self._circuit.succeeded(ticket)
            raise
        except BaseException:
            self._circuit.given_up(ticket)
            raise
        self._circuit.succeeded(ticket)
        return answer

    async def close(self) -> None:
        """Closes the connections."""
        if self._session is not None:
            await self._session.close()

    async def _within_total(self, number: str) -> Answer:
        limits = self._mapping.limits
        attempts = AsyncRetrying(
            stop=stop_after_attempt(limits.attempts if self._mapping.request.repeatable else 1),
            # A random part of an ever longer wait, so that callers who failed together do not return together.
            wait=wait_random_exponential(multiplier=limits.wait_seconds, max=limits.total_seconds),
            retry=retry_if_exception(lambda error: isinstance(error, CallFailed) and error.passing),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            async with asyncio.timeout(limits.total_seconds):
                return await attempts(self._attempt, number)
        except TimeoutError:
            self._fail("late", seconds=f"{limits.total_seconds:g}", unwell=True)

    async def _attempt(self, number: str) -> Answer:
        limits = self._mapping.limits
        try:
            async with asyncio.timeout(limits.each_seconds):
                status, body = await self._exchange(number)
        except TimeoutError:
            self._fail("late", seconds=f"{limits.each_seconds:g}", passing=True, unwell=True)
        except (aiohttp.ClientError, OSError):
            # The text of the error may show the address, and the number in it.
            self._fail("unreachable", passing=True, unwell=True)
        return self._judged(status, body)

    async def _exchange(self, number: str) -> tuple[int, bytes]:
        request, most = self._mapping.request, self._mapping.limits.max_bytes
        url = request.url.replace(NUMBER, quote(number, safe="", errors="replace"))
        body = json.dumps(_filled(request.body, number)).encode() if request.body is not None else None
        headers = {"Accept": "application/json", "Accept-Encoding": "identity", **request.headers}
        if body is not None:
            headers["Content-Type"] = "application/json"
        session = self._opened_session()
        async with session.request(request.method, url, data=body, headers=headers, allow_redirects=False) as response:
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                self._fail("encoded")
            received = bytearray()
            async for chunk in response.content.iter_chunked(_CHUNK):
                received += chunk
                if len(received) > most:
                    response.close()
                    self._fail("too_long", limit=most)
            return response.status, bytes(received)

    def _judged(self, status: int, body: bytes) -> Answer:
        """The answer where it is one."""
        answer = Answer(status, parse(body))
        mapping = self._mapping
        if mapping.not_found is not None and mapping.not_found.says(status, answer.document):
            return answer
        if status in _PASSING or status == _TOO_MANY:
            self._fail("bad_status", status=status, passing=status in _PASSING, unwell=True)
        if 300 <= status < 400:
            # The secret of the header is meant for this address and for no other.
            self._fail("redirected")
        if status > _LAST_OK:
            self._fail("bad_status", status=status, unwell=status >= 500)
        if answer.document is None:
            self._fail("not_json")
        if mapping.success is not None and not mapping.success.shown(answer.document):
            self._fail("not_successful")
        return answer

    def _opened_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            ca = self._mapping.request.ca
            tls = ssl.create_default_context(cafile=ca) if ca else True
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=tls),
                # What one number's answer sets is not to be told with another's question.
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
                auto_decompress=False,
            )
        return self._session

    def _fail(self, key: str, *, passing: bool = False, unwell: bool = False, **values: object) -> NoReturn:
        message = say(key, source=self._mapping.name, **values)
        raise CallFailed(message, passing=passing, unwell=unwell) from None


def parse(body: bytes) -> Any:
    """The JSON document with exact decimals; None where the bytes are not one, or say the same thing twice."""
    try:
        return json.loads(
            body.decode("utf-8"), parse_float=Decimal, parse_constant=_refuse, object_pairs_hook=_without_repeats
        )
    except (ValueError, RecursionError, ArithmeticError):
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValueError("a key stands twice")
    return result


def _filled(node: Any, number: str) -> Any:
    """The body with the number in its places."""
    if isinstance(node, dict):
        return {key: _filled(value, number) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(value, number) for value in node]
    return node.replace(NUMBER, number) if isinstance(node, str) else node
