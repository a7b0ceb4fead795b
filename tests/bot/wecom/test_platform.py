from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.wechat.api import ApiError, Platform, WecomApi
from bot.wechat.crypto import MessageCipher, is_signature, signature
from bot.wechat.errors import CallbackRefused
from bot.wechat.xml import read_message, write_message
from tests.wechat.platform import serving
from tests.wecom.platform import MAX_TEXT_BYTES, SelfBuiltApp


class GivenTokens:
    """The token of an app, kept until told that it is bad."""

    def __init__(self, platform: Platform, app: SelfBuiltApp) -> None:
        self._platform, self._app = platform, app
        self._token: str | None = None

    async def current(self) -> str:
        if self._token is None:
            query = {"corpid": self._app.corp_id, "corpsecret": self._app.secret}
            self._token = str((await self._platform.call("/cgi-bin/gettoken", query=query))["access_token"])
        return self._token

    async def instead_of(self, bad: str) -> str:
        if self._token == bad:
            self._token = None
        return await self.current()


@pytest.fixture
def app() -> SelfBuiltApp:
    return SelfBuiltApp("http://127.0.0.1:1/wecom/callback", {"zhang", "li"})


@pytest.fixture
async def api(app: SelfBuiltApp) -> AsyncIterator[WecomApi]:
    async with serving(app.app()) as url, aiohttp.ClientSession() as http:
        platform = Platform(url, http)
        yield WecomApi(platform, GivenTokens(platform, app), app.agent_id)


async def test_text_and_markdown_reach_the_member_they_are_for(app: SelfBuiltApp, api: WecomApi) -> None:
    await api.send_text("zhang", "补卡要带身份证")
    await api.send_markdown("zhang", "**补卡**")
    assert [one.text for one in app.shown["zhang"]] == ["补卡要带身份证", "**补卡**"]
    assert list(app.shown) == ["zhang"]


async def test_a_message_that_succeeds_and_reaches_nobody_is_not_taken_for_sent(
    app: SelfBuiltApp, api: WecomApi
) -> None:
    app.unlicensed.add("zhang")
    with pytest.raises(ApiError) as caught:
        await api.send_text("zhang", "补卡要带身份证")
    assert caught.value.code == 81013
    assert app.shown == {}


async def test_a_token_that_has_ended_is_replaced_and_the_message_sent_once(app: SelfBuiltApp, api: WecomApi) -> None:
    await api.send_text("zhang", "一")
    app.expire_tokens()
    await api.send_text("zhang", "二")
    assert [one.text for one in app.shown["zhang"]] == ["一", "二"]
    assert app.token_calls == 2


async def test_a_busy_platform_is_asked_again_and_the_message_sent_once(app: SelfBuiltApp, api: WecomApi) -> None:
    app.busy = 2
    await api.send_text("li", "三")
    assert [one.text for one in app.shown["li"]] == ["三"]


async def test_who_is_not_in_the_corporation_is_sent_nothing(app: SelfBuiltApp, api: WecomApi) -> None:
    with pytest.raises(ApiError) as refusal:
        await api.send_text("stranger", "x")
    assert refusal.value.code == 81013
    assert app.shown == {}


async def test_what_is_too_long_is_cut_as_the_platform_does_and_counted_as_a_fault(
    app: SelfBuiltApp, api: WecomApi
) -> None:
    await api.send_text("zhang", "字" * 700)
    assert len(app.shown["zhang"][0].text.encode()) <= MAX_TEXT_BYTES
    assert app.faults == ["cut"]


def test_a_delivery_is_signed_and_can_be_read_only_for_its_corporation(app: SelfBuiltApp) -> None:
    query, body = app.request({"ToUserName": app.corp_id, "Content": "销户", "AgentID": app.agent_id})
    outer = read_message(body)
    assert is_signature(query["msg_signature"], app.token, query["timestamp"], query["nonce"], outer["Encrypt"])
    assert read_message(app.cipher.decrypt(outer["Encrypt"]))["Content"] == "销户"
    with pytest.raises(CallbackRefused):
        MessageCipher(app.key, "ww0000000000000000").decrypt(outer["Encrypt"])


def test_the_echo_of_the_check_is_encrypted(app: SelfBuiltApp) -> None:
    query, echo = app.verification()
    assert app.cipher.decrypt(query["echostr"]).decode() == echo


async def test_an_answer_is_shown_only_where_it_is_signed_and_for_the_member(app: SelfBuiltApp) -> None:
    addressee = "zhang"

    async def callback(_request: web.Request) -> web.Response:
        reply = write_message(
            {"ToUserName": addressee, "FromUserName": app.corp_id, "CreateTime": 1, "MsgType": "text", "Content": "好"}
        )
        sealed = app.cipher.encrypt(reply.encode())
        signed = signature(app.token, "1", "n", sealed)
        answer: dict[str, str | int] = {"Encrypt": sealed, "MsgSignature": signed, "TimeStamp": 1, "Nonce": "n"}
        return web.Response(text=write_message(answer), content_type="text/xml")

    server = web.Application()
    server.router.add_post("/wecom/callback", callback)
    async with serving(server) as url:
        app.callback = url + "/wecom/callback"
        await app.say("zhang", "补卡")
        assert [(one.text, one.passive) for one in app.shown["zhang"]] == [("好", True)]
        await app.say("li", "补卡")
        assert "li" not in app.shown
        assert app.faults == ["ValueError: addressed to somebody else"]


async def test_who_gives_no_answer_is_asked_three_times(app: SelfBuiltApp) -> None:
    delivery = await app.say("zhang", "补卡")
    assert delivery.attempts == 3
    assert app.faults == ["no answer in time"]
