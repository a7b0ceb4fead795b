"""The calls that a gateway makes to WeChat's servers, and what their error codes mean."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final, Protocol

import aiohttp
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

_SECONDS: Final = aiohttp.ClientTimeout(total=8, connect=3)
_ATTEMPTS: Final = 3
# A token that is wrong, has ended or was replaced by a newer one.
TOKEN_CODES: Final = frozenset({40001, 40014, 42001})
BUSY: Final = -1
# WeCom: none of the receivers may get the message.
NO_RECEIVER: Final = 81013


class ApiError(Exception):
    """The platform refused a call with this code; its message is for the log."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code} {message}")
        self.code = code


class WindowClosedError(ApiError):
    """45015: the user has not written for too long; nothing can be sent until they do."""


class QuotaUsedUpError(ApiError):
    """45047: as many messages have been sent as the platform allows after what the user did."""


class NotPermittedError(ApiError):
    """48001: this account may not make the call at all, as those that are not verified."""


class PlatformUnavailableError(Exception):
    """The platform did not answer, or not in its own form.

    Args:
        may_have_arrived: whether the call was sent, so that making it again might do it twice.
    """

    def __init__(self, message: str, *, may_have_arrived: bool) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived


_ERRORS: Final[dict[int, type[ApiError]]] = {
    45015: WindowClosedError,
    45047: QuotaUsedUpError,
    48001: NotPermittedError,
}


class Tokens(Protocol):
    """Where the access token of an account comes from; all gateways share it."""

    async def current(self) -> str:
        """A token that should be good. Raises `ApiError` and `PlatformUnavailableError`."""
        ...

    async def instead_of(self, bad: str) -> str:
        """Another token, because the platform no longer takes this one."""
        ...


class Platform:
    """JSON calls to one of the platforms' servers.

    Args:
        url: base URL of the servers.
        http: the connections to make them over.
    """

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url = url.rstrip("/")
        self._http = http

    async def call(
        self, path: str, body: Mapping[str, Any] | None = None, query: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The answer to a POST of this body, or to a GET where there is none.

        Again, a few times, where it may help: the platform is busy, or the connection could not be made. What was sent
        and got no answer is not sent again, because it may have arrived.

        Raises `ApiError` for a refusal, `PlatformUnavailableError` where there is no answer.
        """
        attempts = AsyncRetrying(
            retry=retry_if_exception_type((_BusyError, aiohttp.ClientConnectorError)),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_random_exponential(multiplier=0.2, max=2),
            reraise=True,
        )
        try:
            answer: dict[str, Any] = await attempts(self._once, path, body, query)
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
            sent = not isinstance(error, aiohttp.ClientConnectorError)
            raise PlatformUnavailableError(f"{path}: {type(error).__name__}", may_have_arrived=sent) from error
        return answer

    async def _once(self, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str] | None) -> dict[str, Any]:
        method = "GET" if body is None else "POST"
        # Escaped as JSON may be, Chinese would be shown to people with its escapes.
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        request = self._http.request(
            method,
            self._url + path,
            params=query,
            data=data,
            headers={"Content-Type": "application/json"},
            timeout=_SECONDS,
            allow_redirects=False,
        )
        async with request as response:
            if response.status != 200:
                # Its proxies answer so before the call has come through.
                raise PlatformUnavailableError(f"{path}: HTTP {response.status}", may_have_arrived=False)
            # The platform says text/plain now and then.
            answer = await response.json(content_type=None)
        if not isinstance(answer, dict):
            raise PlatformUnavailableError(f"{path}: no object", may_have_arrived=True)
        code = answer.get("errcode", 0)
        if code == BUSY:
            raise _BusyError(code, str(answer.get("errmsg")))
        if code != 0:
            raise _ERRORS.get(code, ApiError)(code, str(answer.get("errmsg")))
        return answer


class _BusyError(ApiError):
    pass


class OfficialAccountApi:
    """What an Official Account can do.

    Args:
        platform: its servers.
        tokens: its access tokens.
    """

    def __init__(self, platform: Platform, tokens: Tokens) -> None:
        self._platform = platform
        self._tokens = tokens

    async def send_text(self, openid: str, text: str) -> None:
        """Sends a customer-service message. Raises what `Platform.call` does."""
        await self._call(
            "/cgi-bin/message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": text}}
        )

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replaces the account's menu."""
        await self._call("/cgi-bin/menu/create", menu)

    async def _call(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return await with_token(self._platform, self._tokens, path, body)


class WecomApi:
    """What a self-built app of WeCom can do.

    Args:
        platform: its servers.
        tokens: its access tokens.
        agent: the app's id.
    """

    def __init__(self, platform: Platform, tokens: Tokens, agent: int) -> None:
        self._platform = platform
        self._tokens = tokens
        self._agent = agent

    async def send_text(self, user: str, text: str) -> None:
        """Sends a message of the app to a member of staff. Raises what `Platform.call` does."""
        await self._send(user, "text", text)

    async def send_markdown(self, user: str, text: str) -> None:
        """Sends a message in WeCom's markdown."""
        await self._send(user, "markdown", text)

    async def _send(self, user: str, kind: str, text: str) -> None:
        body = {"touser": user, "msgtype": kind, "agentid": self._agent, kind: {"content": text}}
        answer = await with_token(self._platform, self._tokens, "/cgi-bin/message/send", body)
        if missed := answer.get("invaliduser") or answer.get("unlicenseduser"):
            # One receiver only, so nobody has got it, although the platform calls that a success.
            raise ApiError(NO_RECEIVER, f"not sent to {len(str(missed).split('|'))}")


async def with_token(platform: Platform, tokens: Tokens, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """One call with the access token; once more with another where the platform no longer takes it."""
    token = await tokens.current()
    try:
        return await platform.call(path, body, {"access_token": token})
    except ApiError as error:
        if error.code not in TOKEN_CODES:
            raise
    return await platform.call(path, body, {"access_token": await tokens.instead_of(token)})
