"""A conversation is queued for a person, taken, and given back; meanwhile the assistant is silent."""

import asyncio

import pytest

from actions.settings import SettingsError
from bot.conversations.desk_hours import desk_hours
from bot.conversations.handoffs import HandoffState
from tests.bot.conversations.parts import Clock, Reader, texts

WHO = "小王"


async def ask(room, text, client_id, conversation="c"):
    ticket = await room.submit(conversation, None, text, client_id, "web")
    async with asyncio.timeout(10):
        return await room.outcome(ticket)


async def taken(room, conversation="c"):
    """A conversation that WHO has."""
    await room.clerk_is_there(WHO)
    await room.request_handoff(conversation, None, "web")
    place = (await room.queue())[-1].id
    assert await room.claim(place, WHO)
    return place


async def notes(room, conversation="c"):
    return texts((await room.look(conversation, None))[0].entries, "note")


async def state(room, conversation="c"):
    return (await room.look(conversation, None))[0].handoff


async def test_who_asks_for_a_person_is_queued_and_told_the_place(open_room):
    room = await open_room()
    await room.clerk_is_there(WHO)

    assert await room.request_handoff("c", None, "web") == HandoffState("queued", 1)
    assert await room.request_handoff("d", None, "web") == HandoffState("queued", 2)
    assert await room.request_handoff("d", None, "web") == HandoffState("queued", 2)
    assert len(await room.queue()) == 2
    assert "第 2 位" in (await notes(room, "d"))[0]
    assert len(await notes(room, "d")) == 1


async def test_the_next_one_moves_up_when_the_first_is_taken(open_room):
    room = await open_room()
    await taken(room)
    await room.request_handoff("d", None, "web")

    assert await state(room, "d") == HandoffState("queued", 1)
    assert await state(room) == HandoffState("claimed")


async def test_while_it_is_queued_the_assistant_answers_and_while_it_is_taken_it_is_silent(open_room, assistant):
    room = await open_room()
    await room.clerk_is_there(WHO)
    await room.request_handoff("c", None, "web")
    assert (await ask(room, "一", "m1")).state == "answered"
    place = (await room.queue())[0].id
    await room.claim(place, WHO)
    assert (await ask(room, "二", "m2")).state == "staff"
    assert (await ask(room, "二", "m2")).state == "staff"
    await room.return_(place, WHO)
    assert (await ask(room, "三", "m3")).state == "answered"

    assert [asked.text for asked in assistant.asked] == ["一", "三"]


async def test_an_answer_under_way_is_dropped_when_a_person_takes_the_conversation(open_room, assistant):
    room = await open_room()
    await room.clerk_is_there(WHO)
    await room.request_handoff("c", None, "web")
    assistant.seconds = 0.3
    ticket = await room.submit("c", None, "一", "m1", "web")
    await asyncio.sleep(0.1)
    await room.claim((await room.queue())[0].id, WHO)
    async with asyncio.timeout(10):
        assert (await room.outcome(ticket)).state == "staff"

    await asyncio.sleep(0.3)
    assert texts((await room.look("c", None))[0].entries, "assistant") == []


async def test_what_the_person_says_comes_by_the_stream_masked(open_room):
    here, there = await open_room(), await open_room()
    await taken(here)
    reader = Reader(there, "c")
    reading = asyncio.create_task(reader.read_until(lambda r: r.texts("staff") and HandoffState("claimed") in r.states))
    assert await here.add_staff_entry("c", WHO, "您的号码 18600010101 可以办理") is not None
    async with asyncio.timeout(10):
        await reading

    assert reader.texts("staff") == ["您的号码 186****0101 可以办理"]
    assert HandoffState("claimed") in reader.states


async def test_only_who_has_a_conversation_speaks_in_it_or_gives_it_back(open_room):
    room = await open_room()
    place = await taken(room)

    assert not await room.claim(place, "小李")
    assert await room.add_staff_entry("c", "小李", "您好") is None
    assert await room.add_staff_entry("d", WHO, "您好") is None
    assert not await room.return_(place, "小李")
    assert not await room.return_(place + 1, WHO)
    assert await room.return_(place, WHO)
    assert not await room.return_(place, WHO)
    assert await room.add_staff_entry("c", WHO, "您好") is None


async def test_two_members_of_staff_who_take_it_at_once_do_not_both_get_it(open_room):
    rooms = [await open_room(), await open_room()]
    await rooms[0].clerk_is_there(WHO)
    await rooms[0].request_handoff("c", None, "web")
    place = (await rooms[0].queue())[0].id
    results = await asyncio.gather(*(room.claim(place, name) for room in rooms for name in ("甲", "乙", "丙")))

    assert sum(results) == 1


async def test_the_customer_can_go_back_to_the_assistant(open_room):
    room = await open_room()
    await taken(room)

    assert await room.cancel_handoff("c")
    assert not await room.cancel_handoff("c")
    assert await state(room) == HandoffState()
    assert (await ask(room, "一", "m1")).state == "answered"
    assert await room.queue() == []


async def test_what_its_person_leaves_for_ten_minutes_goes_back_to_the_assistant(open_room):
    clock = Clock()
    room = await open_room(clock=clock)
    await taken(room)
    clock.pass_(minutes=9)
    await room.add_staff_entry("c", WHO, "请稍等")
    clock.pass_(minutes=9)
    await room._tend_handoffs()
    assert await state(room) == HandoffState("claimed")
    clock.pass_(minutes=2)
    await room._tend_handoffs()

    assert await state(room) == HandoffState()
    assert "暂时离开" in (await notes(room))[-1]
    assert (await ask(room, "一", "m1")).state == "answered"


async def test_when_nobody_is_there_the_conversation_is_told(open_room):
    clock = Clock()
    room = await open_room(clock=clock)
    assert await room.request_handoff("c", None, "web") == HandoffState()
    await room.clerk_is_there(WHO)
    clock.pass_(seconds=61)
    assert await room.request_handoff("c", None, "web") == HandoffState()

    assert len([note for note in await notes(room) if "没有人工客服在线" in note]) == 2


async def test_outside_the_office_hours_the_hours_are_told_and_at_their_end_the_queue_is(open_room):
    clock = Clock()  # 10:00
    room = await open_room(clock=clock, desk_hours=desk_hours("1-5 08:30-17:30"))
    await room.clerk_is_there(WHO)
    assert (await room.request_handoff("c", None, "web")).state == "queued"
    clock.pass_(hours=8)
    await room.clerk_is_there(WHO)
    await room._tend_handoffs()
    assert await state(room) == HandoffState()
    assert await room.request_handoff("c", None, "web") == HandoffState()

    told = await notes(room)
    assert "已经结束" in told[-2]
    assert "周一至周五 08:30-17:30" in told[-1]


@pytest.mark.parametrize(
    ("hours", "hour", "days", "is_open"),
    [
        ("", 3, 3, True),
        ("08:30-17:30", 10, 3, True),
        ("10:00-17:30", 10, 0, True),
        ("08:30-10:00", 10, 0, False),
        ("1-5 08:30-17:30", 10, 0, True),
        ("1-5 08:30-17:30", 10, 3, False),
        ("1-5 08:30-17:30, 6 09:00-12:00", 10, 3, True),
        ("1-5 08:30-17:30,6 09:00-12:00", 12, 3, False),
    ],
)
def test_office_hours_are_those_of_the_clock_in_shanghai(hours, hour, days, is_open):
    clock = Clock()
    clock.pass_(hours=hour - 10, days=days)

    assert desk_hours(hours).open_at(clock()) is is_open


@pytest.mark.parametrize("text", ["always", "8-5", "5-1 08:00-17:00", "08:00-25:00", "17:00-08:00", "0 08:00-17:00"])
def test_office_hours_that_cannot_be_read_are_told(text):
    with pytest.raises(SettingsError, match="BOT_DESK_HOURS"):
        desk_hours(text)


async def test_a_conversation_of_somebody_whose_console_is_closed_is_queued_again_at_its_old_place(open_room):
    clock = Clock()
    room = await open_room(clock=clock)
    place = await taken(room)
    await room.request_handoff("d", None, "web")
    clock.pass_(minutes=3)
    await room.clerk_is_there("小李")
    await room._tend_handoffs()

    assert await state(room) == HandoffState("queued", 1)
    assert await state(room, "d") == HandoffState("queued", 2)
    assert "断开" in (await notes(room))[-1]
    assert await room.add_staff_entry("c", WHO, "我还在") is None
    assert await room.claim(place, "小李")
    assert await room.add_staff_entry("c", "小李", "我来接着办") is not None


async def test_who_has_the_console_open_and_is_silent_keeps_the_conversation(open_room):
    clock = Clock()
    room = await open_room(clock=clock)
    await taken(room)
    clock.pass_(minutes=3)
    await room.clerk_is_there("小李")
    await room.clerk_is_there(WHO)
    await room._tend_handoffs()

    assert await state(room) == HandoffState("claimed")


async def test_where_nobody_else_is_there_a_closed_console_loses_nothing_yet(open_room):
    clock = Clock()
    room = await open_room(clock=clock)
    await taken(room)
    clock.pass_(minutes=3)
    await room._tend_handoffs()

    assert await state(room) == HandoffState("claimed")
