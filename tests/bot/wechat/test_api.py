from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.wechat.api import (
    ApiError,
    NotPermittedError,
    OfficialAccountApi,
    Platform,
    PlatformUnavailableError,
    QuotaUsedUpError,
    WindowClosedError,
)
from tests.wechat.platform import OfficialAccount, serving

OPENID = "oABCDEFGHIJKLMNOPQRSTUVWXYZ01"


class SimpleTokens:
    """Asks for a token once, and for another when told that it is bad."""

    def __init__(self, platform: Platform, account: OfficialAccount) -> None:
        self._platform, self._account = platform, account
        self._token: str | None = None

    async def current(self) -> str:
        if self._token is None:
            body = {
                "grant_type": "client_credential",
                "appid": self._account.app_id,
                "secret": self._account.secret,
                "force_refresh": False,
            }
            self._token = (await self._platform.call("/cgi-bin/stable_token", body))["access_token"]
        return self._token

    async def instead_of(self, bad: str) -> str:
        if self._token == bad:
            self._token = None
        return await self.current()


@pytest.fixture
def account() -> OfficialAccount:
    return OfficialAccount("http://127.0.0.1:1/none")


@pytest.fixture
async def api(account: OfficialAccount) -> AsyncIterator[OfficialAccountApi]:
    async with serving(account.app()) as url, aiohttp.ClientSession() as http:
        platform = Platform(url, http)
        yield OfficialAccountApi(platform, SimpleTokens(platform, account))


def may_be_sent(account: OfficialAccount, count: int = 5) -> None:
    user = account.user(OPENID)
    user.left, user.until = count, account.clock() + 60


async def test_a_message_of_customer_service_reaches_its_user_in_chinese(
    api: OfficialAccountApi, account: OfficialAccount
) -> None:
    may_be_sent(account)
    await api.send_text(OPENID, "补卡要带什么？")
    assert [shown.text for shown in account.user(OPENID).shown] == ["补卡要带什么？"]


async def test_a_token_that_is_no_longer_good_is_replaced_once(
    api: OfficialAccountApi, account: OfficialAccount
) -> None:
    may_be_sent(account)
    await api.send_text(OPENID, "一")
    account.expire_tokens()
    await api.send_text(OPENID, "二")
    assert [shown.text for shown in account.user(OPENID).shown] == ["一", "二"]
    assert account.token_calls == 2


async def test_a_busy_platform_is_asked_again(api: OfficialAccountApi, account: OfficialAccount) -> None:
    may_be_sent(account)
    account.busy = 2
    await api.send_text(OPENID, "一")
    assert len(account.user(OPENID).shown) == 1


async def test_a_platform_that_stays_busy_is_left_alone(api: OfficialAccountApi, account: OfficialAccount) -> None:
    may_be_sent(account)
    account.busy = 100
    with pytest.raises(ApiError):
        await api.send_text(OPENID, "一")
    assert account.busy == 97


async def test_the_refusals_that_matter_have_names_of_their_own(
    api: OfficialAccountApi, account: OfficialAccount
) -> None:
    may_be_sent(account, 0)
    with pytest.raises(QuotaUsedUpError):
        await api.send_text(OPENID, "一")
    account.user(OPENID).until = 0
    with pytest.raises(WindowClosedError):
        await api.send_text(OPENID, "一")
    account.permitted = False
    with pytest.raises(NotPermittedError):
        await api.send_text(OPENID, "一")


async def test_a_text_that_is_too_long_is_an_error_of_the_platform(
    api: OfficialAccountApi, account: OfficialAccount
) -> None:
    may_be_sent(account)
    with pytest.raises(ApiError, match="45002"):
        await api.send_text(OPENID, "长" * 700)


async def test_a_menu_replaces_the_one_before(api: OfficialAccountApi, account: OfficialAccount) -> None:
    menu = {"button": [{"type": "click", "name": "怎么办理", "key": "ask"}]}
    await api.create_menu(menu)
    assert account.menus == [menu]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(web.Response(status=502, text="Bad Gateway"), id="an error of HTTP"),
        pytest.param(web.Response(text="<html>"), id="no JSON"),
        pytest.param(web.json_response([1]), id="no object"),
    ],
)
async def test_an_answer_in_another_form_means_that_the_platform_is_unavailable(answer: web.Response) -> None:
    async def handler(_request: web.Request) -> web.Response:
        return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type)

    app = web.Application()
    app.router.add_post("/x", handler)
    async with serving(app) as url, aiohttp.ClientSession() as http:
        with pytest.raises(PlatformUnavailableError):
            await Platform(url, http).call("/x", {})


async def test_no_server_means_that_the_platform_is_unavailable() -> None:
    async with aiohttp.ClientSession() as http:
        with pytest.raises(PlatformUnavailableError):
            await Platform("http://127.0.0.1:1", http).call("/x", {})


async def test_what_got_no_answer_is_not_sent_again() -> None:
    calls = 0

    async def handler(request: web.Request) -> web.Response:
        nonlocal calls
        calls += 1
        assert request.transport
        request.transport.close()
        return web.Response()

    app = web.Application()
    app.router.add_post("/x", handler)
    async with serving(app) as url, aiohttp.ClientSession() as http:
        with pytest.raises(PlatformUnavailableError):
            await Platform(url, http).call("/x", {})
    assert calls == 1
