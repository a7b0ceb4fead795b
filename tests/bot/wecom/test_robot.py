"""The robot in a group, on both databases: it is mentioned as WeCom documents it."""

import asyncio
import json
import secrets
from typing import Any

import aiohttp

from actions.reply import Reply
from bot.wechat.crypto import MessageCipher, is_signature, signature
from tests.bot.gateway.fakes import FakeAssistant
from tests.bot.wecom.staff_app import World, world

TOKEN = "robot-token"


def request(place: World, message: dict[str, Any], receiver: str = "") -> tuple[dict[str, str], str]:
    encrypted = MessageCipher(place.platform.key, receiver).encrypt(json.dumps(message, ensure_ascii=False).encode())
    stamp, nonce = str(int(place.platform.clock())), secrets.token_hex(8)
    query = {
        "msg_signature": signature(TOKEN, stamp, nonce, encrypted), "timestamp": stamp, "nonce": nonce,
    }  # fmt: skip
    return query, json.dumps({"encrypt": encrypted})


async def post(place: World, query: dict[str, str], body: str) -> tuple[int, str]:
    url = place.platform.callback.replace("/wecom/callback", "/wecom/robot")
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession() as http, http.post(url, params=query, data=body, headers=headers) as response:
        return response.status, await response.text()


async def told(place: World, message: dict[str, Any]) -> dict[str, Any]:
    status, body = await post(place, *request(place, message))
    assert status == 200, body
    outer = json.loads(body)
    parts = (TOKEN, str(outer["timestamp"]), outer["nonce"], outer["encrypt"])
    assert is_signature(outer["msgsignature"], *parts)
    reply = json.loads(MessageCipher(place.platform.key, "").decrypt(outer["encrypt"]))
    assert reply["msgtype"] == "stream"
    return dict(reply["stream"])


def mention(text: str, user: str = "zhang", number: str = "m1") -> dict[str, Any]:
    return {
        "msgid": number, "aibotid": "bot", "chatid": "group", "chattype": "group", "from": {"userid": user},
        "response_url": "https://qyapi.weixin.qq.com/x", "msgtype": "text", "text": {"content": f"@助手 {text}"},
    }  # fmt: skip


async def test_a_mention_is_answered_for_nobody_known_even_from_a_member_of_staff(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        stream = await told(place, mention("补卡要带什么"))
        assert (stream["content"], stream["finish"]) == ("回答：补卡要带什么", True)
        assert [(one.text, one.identity) for one in place.assistant.asked] == [("补卡要带什么", None)]


async def test_people_in_a_group_have_conversations_of_their_own(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        await told(place, mention("一", "zhang", "m1"))
        await told(place, mention("二", "li", "m2"))
        assert len({one.conversation for one in place.assistant.asked}) == 2


async def test_an_answer_that_is_late_is_there_when_it_is_asked_for_again(database_url, sessions, tmp_path):
    assistant = FakeAssistant(seconds=0.6)
    async with world(database_url, sessions, tmp_path, assistant=assistant, passive_seconds=0.2) as place:
        stream = await told(place, mention("补卡要带什么"))
        assert stream["finish"] is False
        while not stream["finish"]:
            await asyncio.sleep(0.1)
            rest = {"msgid": "r", "aibotid": "bot", "from": {"userid": "zhang"}, "msgtype": "stream"}
            stream = await told(place, {**rest, "stream": {"id": stream["id"]}})
        assert stream["content"] == "回答：补卡要带什么"
        assert len(assistant.asked) == 1


async def test_a_stream_that_nobody_knows_is_answered_with_a_sentence(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        rest = {"msgid": "r", "aibotid": "bot", "from": {"userid": "zhang"}, "msgtype": "stream"}
        stream = await told(place, {**rest, "stream": {"id": "0.0"}})
        assert "再问一次" in stream["content"]


async def test_the_same_mention_again_is_answered_once(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        first, second = await told(place, mention("补卡")), await told(place, mention("补卡"))
        assert first == second
        assert len(place.assistant.asked) == 1


async def test_marks_of_markdown_are_told_as_what_they_are(database_url, sessions, tmp_path):
    text = '<font color="warning">*a*</font>[x](http://evil.example)'
    assistant = FakeAssistant(answer=lambda _text: Reply(decision="answer", blocks=[{"type": "text", "text": text}]))
    async with world(database_url, sessions, tmp_path, assistant=assistant) as place:
        content = (await told(place, mention("说说看")))["content"]
        assert not set(content) & set("<>*_`[]#~|\\")


async def test_asking_for_a_person_and_pictures_get_a_sentence(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        assert "不转人工" in (await told(place, mention("转人工")))["content"]
        picture = {**mention(""), "msgtype": "image", "image": {"url": "http://x"}}
        assert "只看得懂文字" in (await told(place, picture))["content"]
        assert place.assistant.asked == []


async def test_only_what_wecom_signed_for_the_robot_is_taken(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        query, body = request(place, mention("补卡"))
        wrong = [
            ({**query, "msg_signature": "0" * 40}, body),
            ({**query, "timestamp": "1"}, body),
            request(place, mention("补卡"), place.platform.corp_id),
            (query, "{}"),
            (query, "[]"),
            (query, ""),
            request(place, {"msgtype": "text"}),
            request(place, {**mention("补卡"), "from": "zhang"}),
        ]
        for query_given, body_given in wrong:
            assert (await post(place, query_given, body_given))[0] == 403
        assert place.assistant.asked == []


async def test_the_address_is_checked_and_answers_with_the_word_decrypted(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place, aiohttp.ClientSession() as http:
        encrypted = MessageCipher(place.platform.key, "").encrypt(b"4711")
        stamp = str(int(place.platform.clock()))
        query = {
            "msg_signature": signature(TOKEN, stamp, "n", encrypted), "timestamp": stamp, "nonce": "n",
            "echostr": encrypted,
        }  # fmt: skip
        url = place.platform.callback.replace("/wecom/callback", "/wecom/robot")
        async with http.get(url, params=query) as response:
            assert (response.status, await response.read()) == (200, b"4711")
