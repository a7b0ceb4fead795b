"""The robot in a group, on both databases: it is mentioned as WeCom documents it."""

import asyncio
import json
from dataclasses import replace
from typing import Any

import aiohttp

from actions.reply import Reply
from tests.bot.gateway.fakes import FakeAssistant
from tests.bot.wecom.staff_app import World, world


def request(place: World, message: dict[str, Any]) -> tuple[dict[str, str], bytes]:
    return place.robot.request(message)


async def post(place: World, query: dict[str, str], body: str | bytes) -> tuple[int, str]:
    headers = {"Content-Type": place.robot.content_type}
    async with (
        aiohttp.ClientSession() as http,
        http.post(place.robot.callback, params=query, data=body, headers=headers) as response,
    ):
        return response.status, await response.text()


async def told(place: World, message: dict[str, Any]) -> dict[str, Any]:
    status, body = await post(place, *request(place, message))
    assert status == 200, body
    return place.robot.stream(body)


def mention(place: World, text: str, user: str = "zhang", number: str = "m1") -> dict[str, Any]:
    return place.robot.mention(user, text, number)


async def test_a_mention_is_answered_for_nobody_known_even_from_a_member_of_staff(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        stream = await told(place, mention(place, "补卡要带什么"))
        assert (stream["content"], stream["finish"]) == ("回答：补卡要带什么", True)
        assert [(one.text, one.identity) for one in place.assistant.asked] == [("补卡要带什么", None)]


async def test_people_in_a_group_have_conversations_of_their_own(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        await told(place, mention(place, "一", "zhang", "m1"))
        await told(place, mention(place, "二", "li", "m2"))
        assert len({one.conversation for one in place.assistant.asked}) == 2


async def test_an_answer_that_is_late_is_there_when_it_is_asked_for_again(database_url, sessions, tmp_path):
    assistant = FakeAssistant(seconds=0.6)
    async with world(database_url, sessions, tmp_path, assistant=assistant, passive_seconds=0.2) as place:
        stream = await told(place, mention(place, "补卡要带什么"))
        assert stream["finish"] is False
        while not stream["finish"]:
            await asyncio.sleep(0.1)
            stream = await told(place, place.robot.rest("zhang", stream["id"]))
        assert stream["content"] == "回答：补卡要带什么"
        assert len(assistant.asked) == 1


async def test_a_stream_that_nobody_knows_is_answered_with_a_sentence(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        for unknown in ("0.0", f"{'0' * 32}.{'0' * 32}"):
            assert "再问一次" in (await told(place, place.robot.rest("zhang", unknown)))["content"]


async def test_the_same_mention_again_is_answered_once(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        first, second = await told(place, mention(place, "补卡")), await told(place, mention(place, "补卡"))
        assert first == second
        assert len(place.assistant.asked) == 1


async def test_a_gateway_that_is_ending_lets_the_platform_deliver_again(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        place.room._stopping = True
        assert (await post(place, *request(place, mention(place, "补卡"))))[0] == 503
        place.room._stopping = False
        assert (await told(place, mention(place, "补卡")))["content"] == "回答：补卡"


async def test_a_gateway_that_is_ending_does_not_say_that_there_is_no_answer(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path, assistant=FakeAssistant(seconds=1.5)) as place:
        asked = asyncio.create_task(told(place, mention(place, "补卡")))
        async with asyncio.timeout(20):
            while not place.assistant.asked:
                await asyncio.sleep(0.02)
        place.room.end_streams()
        again = await told(place, mention(place, "补卡"))
        rest = await told(place, place.robot.rest("zhang", again["id"]))
        assert [stream["finish"] for stream in (again, rest)] == [False, False]
        # Whoever began to wait before gets what comes still.
        assert (await asked)["content"] == "回答：补卡"


async def test_a_mention_that_is_being_answered_needs_no_place_of_its_own(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        first = await told(place, mention(place, "补卡"))
        place.room.limits = replace(place.room.limits, capacity=0)
        assert await told(place, mention(place, "补卡")) == first
        assert "过一会儿" in (await told(place, mention(place, "补卡", number="m2")))["content"]


async def test_marks_of_markdown_are_told_as_what_they_are(database_url, sessions, tmp_path):
    text = '<font color="warning">*a*</font>[x](http://evil.example)'
    assistant = FakeAssistant(answer=lambda _text: Reply(decision="answer", blocks=[{"type": "text", "text": text}]))
    async with world(database_url, sessions, tmp_path, assistant=assistant) as place:
        content = (await told(place, mention(place, "说说看")))["content"]
        assert not set(content) & set("<>*_`[]#~|\\")


async def test_asking_for_a_person_and_pictures_get_a_sentence(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        assert "不转人工" in (await told(place, mention(place, "转人工")))["content"]
        picture = {**mention(place, ""), "msgtype": "image", "image": {"url": "http://x"}}
        assert "只看得懂文字" in (await told(place, picture))["content"]
        assert place.assistant.asked == []


async def test_only_what_wecom_signed_for_the_robot_is_taken(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place:
        query, body = request(place, mention(place, "补卡"))
        wrong = [
            ({**query, "msg_signature": "0" * 40}, body),
            ({**query, "timestamp": "1"}, body),
            replace(place.robot, receiver=place.platform.corp_id).request(mention(place, "补卡")),
            (query, "{}"),
            (query, "[]"),
            (query, ""),
            request(place, {"msgtype": "text"}),
            request(place, {**mention(place, "补卡"), "from": "zhang"}),
            # Neither half of a character nor none is in an id.
            request(place, place.robot.rest("zhang", "\0.\0")),
            (query, '{"encrypt": "\\ud800"}'),
            *(
                place.robot.sealed(json.dumps({**mention(place, "补卡"), **odd}).encode())
                for odd in ({"msgid": "\ud800"}, {"chatid": "\ud800"}, {"from": {"userid": "\ud800"}}, {"chatid": [1]})
            ),
        ]
        for query_given, body_given in wrong:
            assert (await post(place, query_given, body_given))[0] == 403
        assert place.assistant.asked == []


async def test_the_address_is_checked_and_answers_with_the_word_decrypted(database_url, sessions, tmp_path):
    async with world(database_url, sessions, tmp_path) as place, aiohttp.ClientSession() as http:
        query, echo = place.robot.verification()
        async with http.get(place.robot.callback, params=query) as response:
            assert (response.status, await response.text()) == (200, echo)
