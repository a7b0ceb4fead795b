"""The callback of the app for staff against a simulator of WeCom, on both databases."""

import asyncio
from typing import Any

import aiohttp
from sqlalchemy import Engine, text

from actions.identity import Identity
from actions.reply import Reply
from bot.wechat.crypto import signature
from bot.wechat.xml import read_message
from tests.bot.gateway.fakes import FakeAssistant
from tests.bot.wecom.staff_app import LI, NOBODY, ZHANG, world
from tests.wecom.platform import SelfBuiltApp


async def post(url: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
    async with aiohttp.ClientSession() as http, http.post(url, params=query, data=body) as response:
        return response.status, await response.text()


def said(place: Any, userid: str, words: str, number: int = 7) -> dict[str, str | int]:
    return {
        "ToUserName": place.platform.corp_id, "FromUserName": userid, "CreateTime": int(place.platform.clock()),
        "MsgType": "text", "Content": words, "MsgId": number, "AgentID": place.platform.agent_id,
    }  # fmt: skip


def content(platform: SelfBuiltApp, body: str) -> str:
    return read_message(platform.cipher.decrypt(read_message(body.encode())["Encrypt"]))["Content"]


async def what_became_of_it(engine: Engine) -> list[tuple[str, str | None]]:
    """The state of what the outbox was given, and why, once nothing more is tried."""
    rows: list[tuple[str, str | None]] = []
    async with asyncio.timeout(20):
        while not rows or rows[0][0] in ("waiting", "sending"):
            await asyncio.sleep(0.1)
            with engine.connect() as connection:
                found = connection.execute(text("SELECT state, reason FROM messaging_delivery")).all()
                rows = [(row.state, row.reason) for row in found]
    return rows


async def test_a_gateway_that_is_ending_lets_the_platform_deliver_again(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        place.room._stopping = True
        query, body = place.platform.request(said(place, ZHANG, "补卡要带什么"))
        assert (await post(place.platform.callback, query, body))[0] == 503
        place.room._stopping = False
        query, body = place.platform.request(said(place, ZHANG, "补卡要带什么"))
        assert (await post(place.platform.callback, query, body))[0] == 200


async def test_a_member_of_staff_is_answered_in_the_reply_to_the_delivery_as_staff(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        delivery = await place.platform.say(ZHANG, "补卡要带什么")
        assert place.shown(ZHANG) == ["回答：补卡要带什么"]
        assert (delivery.attempts, delivery.statuses, place.platform.faults) == (1, [200], [])
        # The file writes the id with a capital; WeCom tells none from another by that.
        assert place.assistant.asked[0].identity == Identity(role="staff", name="张三")


async def test_the_address_is_checked_and_answers_with_the_word_decrypted_and_bare(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place, aiohttp.ClientSession() as http:
        query, echo = place.platform.verification()
        async with http.get(place.platform.callback, params=query) as response:
            assert (response.status, await response.read()) == (200, echo.encode())
        async with http.get(place.platform.callback, params={**query, "msg_signature": "0" * 40}) as response:
            assert response.status == 403


async def test_a_late_answer_follows_as_a_message_of_the_app_once(database_url, sessions, tmp_path):
    assistant = FakeAssistant(seconds=0.6)
    async with world(database_url, sessions, tmp_path, assistant=assistant, passive_seconds=0.2) as place:
        delivery = await place.platform.say(ZHANG, "补卡要带什么")
        assert delivery.answer == ""
        assert await place.until_shown(ZHANG, 1) == ["回答：补卡要带什么"]
        await asyncio.sleep(1.2)
        assert place.shown(ZHANG) == ["回答：补卡要带什么"]
        assert not place.platform.shown[ZHANG][0].passive


async def test_a_token_that_ended_is_renewed_and_the_message_arrives(database_url, sessions, tmp_path):
    assistant = FakeAssistant(seconds=0.3)
    async with world(database_url, sessions, tmp_path, assistant=assistant, passive_seconds=0.1) as place:
        await place.platform.say(ZHANG, "一")
        await place.until_shown(ZHANG, 1)
        place.platform.expire_tokens()
        await place.platform.say(ZHANG, "二")
        assert await place.until_shown(ZHANG, 2) == ["回答：一", "回答：二"]
        assert place.platform.token_calls == 2


async def test_a_long_answer_goes_on_in_messages_of_its_own(database_url, sessions, tmp_path):
    long = [{"type": "text", "text": f"第{number}段，" + "这里说的是办理要求。" * 60} for number in range(3)]
    assistant = FakeAssistant(answer=lambda _text: Reply(decision="answer", blocks=long))
    async with world(database_url, sessions, tmp_path, assistant=assistant) as place:
        await place.platform.say(ZHANG, "说说看")
        texts = await place.until_shown(ZHANG, 3)
        assert "".join(texts).replace("\n", "") == "".join(block["text"] for block in long)
        assert place.platform.faults == []


async def test_who_is_no_member_of_staff_is_refused_politely_and_what_they_say_goes_nowhere(
    database_url, sessions, tmp_path
):
    async with world(database_url, sessions, tmp_path) as place:
        await place.platform.say(NOBODY, "补卡要带什么")
        await place.platform.click(NOBODY, "x")
        assert [told.count("还没有登记") for told in place.shown(NOBODY)] == [1]
        assert place.assistant.asked == []
        with place.room.store.engine.connect() as connection:
            for table in ("messaging_person", "messaging_received", "entry", "conversation"):
                assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


async def test_whoever_is_taken_out_of_the_file_is_refused_from_then_on(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        await place.platform.say(ZHANG, "一")
        place.file.write_text("li: {name: 李四, role: supervisor}\n", encoding="utf-8")
        await place.platform.say(ZHANG, "二")
        await place.platform.say(LI, "三")
        assert "还没有登记" in place.shown(ZHANG)[1]
        assert place.shown(LI) == ["回答：三"]
        assert [one.text for one in place.assistant.asked] == ["一", "三"]


async def test_an_answer_that_comes_after_somebody_was_taken_out_is_not_sent(database_url, sessions, tmp_path):
    assistant = FakeAssistant(seconds=0.6)
    async with world(database_url, sessions, tmp_path, assistant=assistant, passive_seconds=0.1) as place:
        await place.platform.say(ZHANG, "补卡要带什么")
        place.file.write_text("{}\n", encoding="utf-8")
        assert await what_became_of_it(place.room.store.engine) == [("failed", "no member of staff")]
        assert place.shown(ZHANG) == []


async def test_a_message_to_a_user_who_has_left_the_company_is_given_up(database_url, sessions, tmp_path):
    assistant = FakeAssistant(seconds=0.6)
    async with world(database_url, sessions, tmp_path, assistant=assistant, passive_seconds=0.1) as place:
        await place.platform.say(ZHANG, "补卡要带什么")
        place.platform.members.discard(ZHANG)
        assert await what_became_of_it(place.room.store.engine) == [("failed", "81013")]
        assert place.shown(ZHANG) == []


async def test_whose_local_account_is_disabled_is_refused(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        place.disabled.add("张三")
        await place.platform.say(ZHANG, "一")
        assert place.assistant.asked == []


async def test_while_the_file_cannot_be_read_nobody_is_let_in(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        await place.platform.say(ZHANG, "一")
        place.file.write_text("zhang: {name: 张三, role: boss}\n", encoding="utf-8")
        await place.platform.say(ZHANG, "二")
        assert [one.text for one in place.assistant.asked] == ["一"]


async def test_a_user_who_becomes_somebody_else_does_not_go_on_with_the_conversation(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        await place.platform.say(ZHANG, "一")
        await place.platform.say(ZHANG, "二")
        place.file.write_text("zhang: {name: 王五, role: clerk}\n", encoding="utf-8")
        await place.platform.say(ZHANG, "三")
        one, two, three = (asked.conversation for asked in place.assistant.asked)
        assert one == two != three


async def test_a_role_means_what_it_means_on_the_console(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        for role, looks in (("clerk", True), ("supervisor", True), ("rule_owner", False)):
            place.file.write_text(f"{ZHANG}: {{name: 张三, role: {role}}}\n", encoding="utf-8")
            await place.platform.say(ZHANG, "18600010101能销户吗")
            assert place.assistant.asked[-1].identity == Identity("staff", name="张三", accounts=looks)


async def test_a_member_of_staff_is_not_put_in_the_queue_of_customers(database_url, sessions, tmp_path):
    assistant = FakeAssistant(
        answer=lambda _text: Reply(decision="handoff", blocks=[{"type": "text", "text": "这个我答不了。"}])
    )
    async with world(database_url, sessions, tmp_path, assistant=assistant) as place:
        await place.platform.say(ZHANG, " 转人工 ")
        await place.platform.say(ZHANG, "有个别的问题")
        told = place.shown(ZHANG)
        assert "不转人工" in told[0]
        assert told[1] == "这个我答不了。"
        assert len(assistant.asked) == 1
        with place.room.store.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM handoff")).scalar() == 0


async def test_no_person_is_offered_in_an_answer_that_comes_late_either(database_url, sessions, tmp_path):
    blocks: list[Any] = [{"type": "text", "text": "这个我答不了。"}]
    assistant = FakeAssistant(seconds=0.6, answer=lambda _text: Reply(decision="handoff", blocks=blocks))
    async with world(database_url, sessions, tmp_path, assistant=assistant, passive_seconds=0.1) as place:
        await place.platform.say(ZHANG, "有个别的问题")
        assert await place.until_shown(ZHANG, 1) == ["这个我答不了。"]


async def test_events_and_messages_without_words_are_answered_sensibly(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        platform = place.platform
        await platform._does(ZHANG, {"MsgType": "event", "Event": "enter_agent", "EventKey": ""})
        assert place.shown(ZHANG) == []
        await platform._does(ZHANG, {"MsgType": "event", "Event": "subscribe", "EventKey": ""})
        await platform.click(ZHANG, "x")
        await platform._does(ZHANG, {"MsgType": "image", "PicUrl": "http://x", "MediaId": "m", "MsgId": 9})
        told = place.shown(ZHANG)
        assert "业务规则助手" in told[0]
        assert "菜单" in told[1]
        assert "只看得懂文字" in told[2]
        assert (place.assistant.asked, platform.faults) == ([], [])


async def test_further_deliveries_of_a_message_get_the_first_result_computed_once(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        delivery = await place.platform.say(ZHANG, "补卡要带什么")
        again = await asyncio.gather(*(place.platform.deliver_once(delivery) for _ in range(3)))
        assert [content(place.platform, body or "") for body in again] == ["回答：补卡要带什么"] * 3
        assert len(place.assistant.asked) == 1


async def test_only_what_wecom_signed_just_now_for_this_app_is_taken(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        platform = place.platform
        query, body = platform.request(said(place, ZHANG, "补卡"))
        platform.skew = -3600.0
        old = platform.request(said(place, ZHANG, "补卡"))
        platform.skew = 0.0
        stranger = SelfBuiltApp("", set(), corp_id="ww0000000000000000")
        other_corporation = stranger.request(said(place, ZHANG, "补卡"))
        other_app = platform.request({**said(place, ZHANG, "补卡"), "AgentID": 1})
        wrong = [
            ({**query, "msg_signature": "0" * 40}, body),
            ({key: value for key, value in query.items() if key != "msg_signature"}, body),
            old,
            other_corporation,
            other_app,
            (query, b"<xml><Encrypt>AAAA</Encrypt></xml>"),
            (query, b""),
            ({}, body),
        ]
        for query_given, body_given in wrong:
            status, told = await post(platform.callback, query_given, body_given)
            assert status == 403, (query_given, told)
        assert place.assistant.asked == []
        assert (await post(platform.callback, query, body))[0] == 200
        # The same again is a delivery again, and is answered from the first result.
        assert (await post(platform.callback, query, body))[0] == 200
        assert len(place.assistant.asked) == 1


async def test_a_nonce_counts_for_one_content(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        platform = place.platform
        query, body = platform.request(said(place, ZHANG, "补卡", 1))
        _, other = platform.request(said(place, ZHANG, "销户", 2))
        encrypted = read_message(other)["Encrypt"]
        sign = signature(platform.token, query["timestamp"], query["nonce"], encrypted)
        assert (await post(platform.callback, query, body))[0] == 200
        assert (await post(platform.callback, {**query, "msg_signature": sign}, other))[0] == 403
        assert [one.text for one in place.assistant.asked] == ["补卡"]


async def test_no_user_id_and_no_number_stands_in_the_database_in_clear(database_url, sessions, tmp_path):
    assistant = FakeAssistant(
        answer=lambda _text: Reply(decision="answer", blocks=[{"type": "text", "text": "好的。"}])
    )
    async with world(database_url, sessions, tmp_path, assistant=assistant) as place:
        place.file.write_text("very.secret.userid: {name: 张三, role: clerk}\n", encoding="utf-8")
        await place.platform.say("very.secret.userid", "客户号码是18600010102，能换号吗")
        assert place.shown("very.secret.userid") == ["好的。"]
        with place.room.store.engine.connect() as connection:
            for table in ("messaging_person", "messaging_received", "messaging_delivery", "entry", "conversation"):
                rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
                assert "very.secret.userid" not in rows
                assert "18600010102" not in rows


async def test_nothing_that_is_told_becomes_a_link_or_a_tag(database_url, sessions, tmp_path):
    told = '余额<0 时<a href="https://evil.example">点这里</a><font color="warning">欠费</font>'
    assistant = FakeAssistant(answer=lambda _text: Reply(decision="answer", blocks=[{"type": "text", "text": told}]))
    async with world(database_url, sessions, tmp_path, assistant=assistant) as place:
        await place.platform.say(ZHANG, "说说看")
        shown = place.shown(ZHANG)[0]
        assert "<a" not in shown
        assert "<font" not in shown
        assert "</" not in shown
        assert "余额<0" in shown
        assert len(shown.encode()) == len(told.encode())
