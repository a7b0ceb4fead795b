"""The Official Account's callback against a simulator of the platform, on both databases."""

import asyncio
import hashlib
import time
from datetime import timedelta

import aiohttp
import pytest
from sqlalchemy import Engine, text

from actions.reply import Reply
from bot.gateway.limits import Limiter
from bot.messaging.store import MessagingStore
from bot.wechat.crypto import signature
from tests.bot.gateway.fakes import FakeAssistant
from tests.bot.wechat.account import KEYS, world
from tests.wechat.platform import SERVICE_FAILED, OfficialAccount

ANNA, BERT = "o-anna", "o-bert"


async def post(url: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.post(url, params=query, data=body) as response:
        return response.status, await response.text()


@pytest.mark.parametrize("mode", ["plain", "compatible", "safe"])
async def test_an_answer_in_time_is_the_reply_to_the_delivery(database_url, sessions, mode):
    async with world(database_url, sessions, mode=mode) as place:
        delivery = await place.says(ANNA, "补卡要带什么")
        assert place.shown(ANNA) == ["回答：补卡要带什么"]
        assert (delivery.attempts, delivery.statuses) == (1, [200])
        assert place.platform.faults == []


async def test_the_address_is_checked_and_answers_with_the_word_alone(database_url, sessions):
    async with world(database_url, sessions) as place, aiohttp.ClientSession() as http:
        query, echo = place.platform.verification()
        async with http.get(place.platform.callback, params=query) as response:
            assert (response.status, await response.text()) == (200, echo)
        async with http.get(place.platform.callback, params={**query, "signature": "0" * 40}) as response:
            assert response.status == 403


async def test_a_late_answer_follows_as_a_message_of_its_own_once(database_url, sessions):
    assistant = FakeAssistant(seconds=0.6)
    async with world(database_url, sessions, assistant=assistant, passive_seconds=0.2) as place:
        delivery = await place.says(ANNA, "补卡要带什么")
        assert delivery.answer == "success"
        assert await place.until_shown(ANNA, 1) == ["回答：补卡要带什么"]
        await asyncio.sleep(1.2)
        assert place.shown(ANNA) == ["回答：补卡要带什么"]
        assert not place.platform.user(ANNA).shown[0].passive


async def test_further_deliveries_of_a_message_get_the_first_result_computed_once(database_url, sessions):
    async with world(database_url, sessions) as place:
        delivery = await place.says(ANNA, "补卡要带什么")
        again = await asyncio.gather(*(place.platform.deliver_once(delivery) for _ in range(3)))
        assert len(place.assistant.asked) == 1
        assert [place.platform._reply(body or "")["Content"] for body in again] == ["回答：补卡要带什么"] * 3
        await asyncio.sleep(1.0)
        assert place.shown(ANNA) == ["回答：补卡要带什么"]


async def test_deliveries_at_the_same_moment_are_answered_alike(database_url, sessions):
    assistant = FakeAssistant(seconds=0.3)
    async with world(database_url, sessions, assistant=assistant) as place:
        message = {
            "ToUserName": "gh_account", "FromUserName": ANNA, "CreateTime": int(place.platform.clock()),
            "MsgType": "text", "Content": "补卡要带什么", "MsgId": 7,
        }  # fmt: skip
        requests = [place.platform.request(message) for _ in range(4)]
        answers = await asyncio.gather(*(post(place.platform.callback, *one) for one in requests))
        assert {place.platform._reply(body)["Content"] for _, body in answers} == {"回答：补卡要带什么"}
        assert len(assistant.asked) == 1


async def test_a_long_answer_goes_on_in_messages_of_its_own(database_url, sessions):
    long = [{"type": "text", "text": f"第{number}段，" + "这里说的是办理要求。" * 60} for number in range(3)]
    assistant = FakeAssistant(answer=lambda _text: Reply(decision="answer", blocks=long))
    async with world(database_url, sessions, assistant=assistant) as place:
        await place.says(ANNA, "说说看")
        texts = await place.until_shown(ANNA, 3)
        # In front of it stands the page on which all of it can be seen, and nothing else.
        page, first = texts[0].split("\n", 1)
        assert page.count("https://bot.example/detail/") == 1
        assert "".join([first, *texts[1:]]).replace("\n", "") == "".join(block["text"] for block in long)
        assert [one.passive for one in place.platform.user(ANNA).shown] == [True, False, False]
        assert all(len(one.encode()) <= 2048 for one in texts)


async def test_what_cannot_be_sent_is_given_with_the_next_answer(database_url, sessions):
    platform = OfficialAccount(callback="", permitted=False)
    assistant = FakeAssistant(seconds=3.0)
    async with world(database_url, sessions, assistant=assistant, platform=platform, passive_seconds=2.0) as place:
        await place.says(ANNA, "第一问")
        async with asyncio.timeout(20):
            while await asyncio.to_thread(_states, place.room.store.engine) != ["held"]:
                await asyncio.sleep(0.05)
        assert place.shown(ANNA) == []
        assistant.seconds = 0.0
        await place.says(ANNA, "第二问")
        assert place.shown(ANNA) == ["回答：第一问\n\n回答：第二问"]


def _states(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT state FROM messaging_delivery")))


async def test_a_quota_that_is_used_up_holds_the_rest_until_the_person_writes_again(database_url, sessions):
    many = [{"type": "text", "text": f"第{number}段，" + "这里说的是办理要求。" * 60} for number in range(8)]
    assistant = FakeAssistant(answer=lambda _text: Reply(decision="answer", blocks=many))
    async with world(database_url, sessions, assistant=assistant) as place:
        await place.says(ANNA, "说说看")
        assert len(await place.until_shown(ANNA, 6)) == 6
        await asyncio.sleep(1.0)
        assert len(place.shown(ANNA)) == 6
        assert place.platform.faults == []
        assistant.answer = lambda _text: Reply(decision="answer", blocks=[{"type": "text", "text": "好的。"}])
        await place.says(ANNA, "还有呢")
        # One of the two that were left goes in front of the new answer, the other one follows.
        told = "".join(await place.until_shown(ANNA, 8))
        assert [told.count(f"第{number}段") for number in range(8)] == [1] * 8
        assert told.count("好的。") == 1


async def test_a_token_that_ended_is_renewed_once_and_the_message_arrives(database_url, sessions):
    assistant = FakeAssistant(seconds=0.3)
    async with world(database_url, sessions, assistant=assistant, passive_seconds=0.1) as place:
        await place.says(ANNA, "一")
        await place.until_shown(ANNA, 1)
        place.platform.expire_tokens()
        await asyncio.gather(*(place.says(one, "二") for one in (ANNA, BERT)))
        await place.until_shown(ANNA, 2)
        await place.until_shown(BERT, 1)
        assert place.platform.token_calls == 2


async def test_events_messages_without_words_and_clicks_are_answered_sensibly(database_url, sessions):
    async with world(database_url, sessions) as place:
        await place.platform.subscribe(ANNA)
        await place.platform.speak(ANNA, "补卡要带什么")
        await place.platform.speak(ANNA, None)
        await place.platform.send(ANNA, {"MsgType": "image", "PicUrl": "http://x", "MediaId": "m"})
        await place.platform.click(ANNA, "补卡要带什么")
        await place.platform.click(ANNA, "早就没有的菜单")
        told = place.shown(ANNA)
        assert "我是业务规则助手" in told[0]
        assert told[1] == "回答：补卡要带什么"
        assert "没能听清" in told[2]
        assert "只看得懂文字" in told[3]
        assert told[4] == "回答：补卡要带什么材料"
        assert "菜单已经换了" in told[5]
        await place.platform.unsubscribe(ANNA)
        assert len(place.shown(ANNA)) == 6
        assert place.platform.faults == []


async def test_two_people_are_never_mixed_up_and_have_conversations_of_their_own(database_url, sessions):
    async with world(database_url, sessions) as place:
        await asyncio.gather(*(place.says(one, f"我是{one}") for one in (ANNA, BERT)))
        assert place.shown(ANNA) == [f"回答：我是{ANNA}"]
        assert place.shown(BERT) == [f"回答：我是{BERT}"]
        assert len({asked.conversation for asked in place.assistant.asked}) == 2


async def test_a_leading_slash_triggers_nothing(database_url, sessions):
    async with world(database_url, sessions) as place:
        await place.says(ANNA, '/ask{"operation": "cancel"}')
        assert place.shown(ANNA)
        assert SERVICE_FAILED not in place.shown(ANNA)


async def test_no_openid_and_no_number_stands_in_the_database_in_clear(database_url, sessions):
    # The real assistant names numbers masked only.
    assistant = FakeAssistant(
        answer=lambda _text: Reply(decision="answer", blocks=[{"type": "text", "text": "好的。"}])
    )
    async with world(database_url, sessions, assistant=assistant) as place:
        await place.says("o-very-secret-openid", "我的号码是18600010102，能换号吗")
        with place.room.store.engine.connect() as connection:
            for table in ("messaging_person", "messaging_received", "messaging_delivery", "entry", "conversation"):
                rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
                assert "o-very-secret-openid" not in rows
                assert "18600010102" not in rows


async def test_only_what_the_platform_signed_just_now_is_taken(database_url, sessions):
    async with world(database_url, sessions) as place:
        platform = place.platform
        message: dict[str, str | int] = {
            "ToUserName": "gh_account", "FromUserName": ANNA, "CreateTime": int(platform.clock()),
            "MsgType": "text", "Content": "补卡", "MsgId": 7,
        }  # fmt: skip
        query, body = platform.request(message)
        platform.skew = -3600.0
        old_query, old_body = platform.request(message)
        platform.skew = 0.0
        plain_sign = signature(platform.token, query["timestamp"], query["nonce"])
        other_query, other_body = platform.request({**message, "MsgId": 8})
        wrong = [
            ({**query, "msg_signature": "0" * 40}, body),
            ({key: value for key, value in query.items() if key != "msg_signature"}, body),
            ({**query, "msg_signature": plain_sign}, body),
            (old_query, old_body),
            (query, other_body),
            ({**query, "timestamp": "x"}, body),
            (query, b"<xml><Encrypt>AAAA</Encrypt></xml>"),
            (query, b""),
            ({}, body),
        ]
        for query_given, body_given in wrong:
            status, told = await post(platform.callback, query_given, body_given)
            assert status == 403, (query_given, told)
        assert place.assistant.asked == []
        assert (await post(platform.callback, query, body))[0] == 200
        assert other_query["nonce"] != query["nonce"]


async def test_in_plain_mode_a_sign_counts_for_one_content_only(database_url, sessions):
    async with world(database_url, sessions, mode="plain") as place:
        message: dict[str, str | int] = {
            "ToUserName": "gh_account", "FromUserName": ANNA, "CreateTime": int(place.platform.clock()),
            "MsgType": "text", "Content": "补卡", "MsgId": 7,
        }  # fmt: skip
        query, body = place.platform.request(message)
        assert (await post(place.platform.callback, query, body))[0] == 200
        assert (await post(place.platform.callback, query, body))[0] == 200
        forged = body.replace("补卡".encode(), "销户".encode())
        assert hashlib.sha256(forged).digest() != hashlib.sha256(body).digest()
        assert (await post(place.platform.callback, query, forged))[0] == 403
        assert [one.text for one in place.assistant.asked] == ["补卡"]


async def test_of_a_compatible_message_only_the_encrypted_part_counts(database_url, sessions):
    async with world(database_url, sessions, mode="compatible") as place:
        message: dict[str, str | int] = {
            "ToUserName": "gh_account", "FromUserName": ANNA, "CreateTime": int(place.platform.clock()),
            "MsgType": "text", "Content": "补卡", "MsgId": 7,
        }  # fmt: skip
        query, body = place.platform.request(message)
        forged = body.replace("补卡".encode(), "销户".encode())
        assert forged != body
        assert (await post(place.platform.callback, query, forged))[0] == 200
        assert [one.text for one in place.assistant.asked] == ["补卡"]


async def test_a_gateway_that_ends_leaves_a_message_to_the_next_delivery(database_url, sessions):
    async with world(database_url, sessions) as place:
        message = {
            "ToUserName": "gh_account", "FromUserName": ANNA, "CreateTime": int(place.platform.clock()),
            "MsgType": "text", "Content": "补卡要带什么", "MsgId": 7,
        }  # fmt: skip
        place.room.end_streams()
        status, _ = await post(place.platform.callback, *place.platform.request(message))
        assert status == 503
    async with world(database_url, sessions) as place:
        status, body = await post(place.platform.callback, *place.platform.request(message))
        assert (status, place.platform._reply(body)["Content"]) == (200, "回答：补卡要带什么")


async def test_a_further_delivery_of_a_message_that_is_not_stored_yet_is_never_lost_to_a_full_gateway(
    database_url, sessions
):
    async with world(database_url, sessions, capacity=0) as place:
        message = {
            "ToUserName": "gh_account", "FromUserName": ANNA, "CreateTime": int(place.platform.clock()),
            "MsgType": "text", "Content": "补卡要带什么", "MsgId": 7,
        }  # fmt: skip
        # The gateway that took it first was killed before it stored it.
        store = MessagingStore(
            place.room.store.engine, KEYS, "wechat", place.platform.app_id, idle_seconds=1800, clock=time.time
        )
        store.take(ANNA, "message 7", None)
        status, _ = await post(place.platform.callback, *place.platform.request(message))
        assert status == 503


async def test_people_are_forgotten_after_as_long_as_conversations(database_url, sessions):
    left = text("SELECT count(*) FROM messaging_person")
    async with world(database_url, sessions, retention=timedelta(days=2)) as place:
        await place.says(ANNA, "补卡")
        await place.says(BERT, "补卡")
        long_ago = text("UPDATE messaging_person SET used_at = used_at - 200000, open = false WHERE id = 1")
        with place.room.store.engine.begin() as connection:
            connection.execute(long_ago)
    async with world(database_url, sessions, retention=timedelta(days=2)) as place, asyncio.timeout(20):
        while True:
            with place.room.store.engine.connect() as connection:
                if connection.execute(left).scalar() == 1:
                    break
            await asyncio.sleep(0.05)


async def test_the_platforms_few_addresses_are_not_limited_but_who_signs_wrongly_is(database_url, sessions):
    limiter = Limiter({"address": "3/minute"}, b"s" * 32)
    async with world(database_url, sessions, limiter=limiter) as place:
        for number in range(6):
            await place.says(ANNA, f"第{number}问")
        assert place.shown(ANNA) == [f"回答：第{number}问" for number in range(6)]
        query, body = place.platform.request({"FromUserName": ANNA, "ToUserName": "gh_account"})
        forged = {**query, "msg_signature": "0" * 40}
        statuses = [(await post(place.platform.callback, forged, body))[0] for _ in range(5)]
        assert statuses == [403, 403, 403, 429, 429]
        await place.says(ANNA, "还答吗")
        assert place.shown(ANNA)[-1] == "回答：还答吗"
