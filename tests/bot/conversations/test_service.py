"""Messages are answered once and in order, whatever the assistant, the gateways and the browsers do."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from bot.conversations.entries import Entry
from bot.conversations.models import entry
from bot.conversations.reading import glance
from bot.conversations.service import BusyError, Ticket, TooManyStreamsError, _speaker
from tests.bot.conversations.parts import CUSTOMER, GUEST, QUICK, Reader, make_room, make_store, mask, seal, texts
from tests.bot.gateway.fakes import FakeAssistant

SECONDS = 10.0


async def everything(room, conversation="c"):
    return (await room.look(conversation, None))[0].entries


async def ask(room, text, client_id, conversation="c", identity=None):
    ticket = await room.submit(conversation, identity, text, client_id, "web")
    async with asyncio.timeout(SECONDS):
        return ticket, await room.outcome(ticket)


async def test_a_message_is_answered_and_both_are_in_the_conversation(open_room):
    room = await open_room()
    ticket, outcome = await ask(room, "销户要带什么", "m1")

    question, answer = await everything(room)
    assert outcome.replies[0]["text"] == "回答：销户要带什么"
    assert (question.id, question.client_id, question.kind) == (ticket.entry, "m1", "user")
    assert (answer.reply_to, answer.kind, answer.text) == (ticket.entry, "assistant", "回答：销户要带什么")


async def test_the_assistant_hears_the_clear_text_and_the_database_never_does(open_room, assistant):
    room = await open_room()
    assistant.seconds = 0.2
    ticket = await room.submit("c", CUSTOMER, "18600010101能销户吗，密码123456", "m1", "web")
    with room.store.engine.connect() as connection:
        stored = connection.execute(select(entry.c.text, entry.c.sealed)).one()
    await room.outcome(ticket)

    assert assistant.asked[0].text == "18600010101能销户吗，密码123456"
    assert assistant.asked[0].identity == CUSTOMER
    assert stored.text == "186****0101能销户吗，密码〔密码〕"
    assert "18600010101" not in stored.sealed
    with room.store.engine.connect() as connection:
        assert connection.execute(select(entry.c.sealed)).scalars().all() == [None, None]


async def test_somebody_who_types_a_password_is_warned_before_the_answer(open_room):
    room = await open_room()
    _, outcome = await ask(room, "密码123456，能销户吗", "m1")
    blocks = (await everything(room))[-1].to_json()["blocks"]

    assert blocks[0]["tone"] == "warning"
    assert "不要在聊天里输入密码" in blocks[0]["text"]
    assert len(blocks) == 2
    assert outcome.replies[0]["blocks"] == blocks


async def test_the_same_message_five_times_at_once_is_asked_and_answered_once(open_room, assistant):
    room = await open_room()
    assistant.seconds = 0.05
    results = await asyncio.gather(*(ask(room, "销户", "m1") for _ in range(5)))

    assert len(assistant.asked) == 1
    assert len({ticket.entry for ticket, _ in results}) == 1
    assert {outcome.replies[0]["text"] for _, outcome in results} == {"回答：销户"}
    assert len(await everything(room)) == 2


async def test_a_message_that_was_answered_gives_its_first_answer_again(open_room, assistant):
    room = await open_room()
    await ask(room, "销户", "m1")
    assistant.answer = lambda text: pytest.fail("asked a second time")
    _, again = await ask(room, "销户", "m1")

    assert again.replies[0]["text"] == "回答：销户"


async def test_messages_of_a_conversation_are_answered_in_order_by_two_gateways(open_room, assistant):
    rooms = [await open_room(), await open_room()]
    assistant.seconds = 0.02
    tickets = []
    for number in range(10):
        tickets.append(await rooms[number % 2].submit("c", None, f"第{number}句", f"m{number}", "web"))
    async with asyncio.timeout(SECONDS):
        await asyncio.gather(*(rooms[(number + 1) % 2].outcome(ticket) for number, ticket in enumerate(tickets)))

    assert not assistant.overtaken
    assert [asked.text for asked in assistant.asked] == [f"第{number}句" for number in range(10)]
    assert texts(await everything(rooms[0]), "assistant") == [f"回答：第{number}句" for number in range(10)]


async def test_a_stream_at_another_gateway_sees_the_answer(open_room):
    here, there = await open_room(), await open_room()
    reader = Reader(there, "c")
    reading = asyncio.create_task(reader.read_until(lambda r: r.texts("assistant")))
    await here.submit("c", None, "销户", "m1", "web")
    async with asyncio.timeout(SECONDS):
        await reading

    assert texts(reader.entries) == ["销户", "回答：销户"]


async def test_while_the_assistant_is_down_the_message_waits_and_is_answered_when_it_is_back(open_room, assistant):
    room = await open_room()
    assistant.down = True
    reader = Reader(room, "c")
    ticket = await room.submit("c", None, "销户", "m1", "web")
    async with asyncio.timeout(SECONDS):
        await reader.read_until(lambda r: "waiting" in r.states)
        assistant.down = False
        await reader.read_until(lambda r: r.texts("assistant") and r.states[-1] == "idle")

    assert len(assistant.asked) >= 2
    assert (await room.outcome(ticket)).state == "answered"
    assert texts(reader.entries) == ["销户", "回答：销户"]


async def test_an_assistant_that_hangs_is_asked_again(open_room, assistant):
    room = await open_room(attempt=0.1)
    assistant.seconds = 60
    ticket = await room.submit("c", None, "销户", "m1", "web")
    await asyncio.sleep(0.05)
    assistant.seconds = 0
    async with asyncio.timeout(SECONDS):
        assert (await room.outcome(ticket)).state == "answered"


async def test_a_slow_answer_is_told_to_be_slow(open_room, assistant):
    room = await open_room(slow=0.1, attempt=5.0)
    assistant.seconds = 0.4
    reader = Reader(room, "c")
    await room.submit("c", None, "销户", "m1", "web")
    async with asyncio.timeout(SECONDS):
        await reader.read_until(lambda r: r.states and r.states[-1] == "idle" and r.texts("assistant"))

    states = [state for state in reader.states if isinstance(state, str)]
    assert states == ["typing", "slow", "idle"]


async def test_after_the_longest_wait_the_message_is_given_up_and_the_conversation_is_told(open_room, assistant):
    room = await open_room(give_up=0.2)
    assistant.down = True
    _, outcome = await ask(room, "销户", "m1")
    question, note = await everything(room)

    assert outcome.state == "failed"
    assert (note.kind, note.reply_to) == ("note", question.id)
    assert "重新发送" in note.text


async def test_a_message_that_the_assistant_stumbles_over_does_not_hold_up_the_next(open_room, assistant):
    room = await open_room()

    def answer(text):
        if text == "坏":
            raise RuntimeError("unforeseen")
        return FakeAssistant().answer(text)

    assistant.answer = answer
    tickets = [await room.submit("c", None, text, text_id, "web") for text, text_id in (("坏", "m1"), ("好", "m2"))]
    async with asyncio.timeout(SECONDS):
        first, second = [await room.outcome(ticket) for ticket in tickets]

    assert (first.state, first.broken) == ("failed", True)
    assert second.state == "answered"


async def test_a_message_that_is_withdrawn_is_not_answered_and_the_next_one_is(open_room, assistant):
    room = await open_room(attempt=30.0)
    assistant.seconds = 60
    ticket = await room.submit("c", None, "慢", "m1", "web")
    await asyncio.sleep(0.05)
    await room.withdraw(ticket)
    assistant.seconds = 0
    _, outcome = await ask(room, "快", "m2")

    assert outcome.state == "answered"
    assert texts(await everything(room)) == ["慢", "快", "回答：快"]
    assert (await room.present_outcome(ticket)).state == "failed"


async def test_beyond_its_capacity_a_gateway_takes_nothing(open_room, assistant):
    room = await open_room(capacity=3)
    assistant.down = True
    for number in range(3):
        await room.submit(f"c{number}", None, "销户", "m1", "web")
    with pytest.raises(BusyError):
        await room.submit("d", None, "销户", "m1", "web")
    assert await everything(room, "d") == ()

    assistant.down = False
    async with asyncio.timeout(SECONDS):
        while not room.has_room:
            await asyncio.sleep(0.02)
    _, outcome = await ask(room, "销户", "m1", "d")
    assert outcome.state == "answered"


async def test_one_conversation_cannot_fill_the_gateway(open_room, assistant):
    room = await open_room(in_conversation=2)
    assistant.down = True
    for number in range(2):
        await room.submit("c", None, "销户", f"m{number}", "web")
    with pytest.raises(BusyError):
        await room.submit("c", None, "销户", "m3", "web")
    await room.submit("d", None, "销户", "m1", "web")


async def test_running_answers_end_when_the_gateway_stops_and_the_others_stay_for_the_next(database_url):
    slow = FakeAssistant(seconds=0.15)
    first = make_room(database_url, slow, grace=1.0)
    await first.start()
    running = await first.submit("c", None, "一", "m1", "web")
    waiting = await first.submit("c", None, "二", "m2", "web")
    await asyncio.sleep(0.05)
    await first.stop()
    store = make_store(database_url)

    assert texts(glance(store.engine, "c", None).entries) == ["一", "二", "回答：一"]
    assert (await first.outcome(waiting)).state == "waiting"
    with pytest.raises(BusyError):
        await first.submit("c", None, "三", "m3", "web")

    second = make_room(database_url, FakeAssistant())
    await second.start()
    try:
        async with asyncio.timeout(SECONDS):
            assert (await second.outcome(Ticket(waiting.entry, "c"))).state == "answered"
        assert (await second.present_outcome(running)).state == "answered"
    finally:
        await second.stop()


async def test_an_answer_that_takes_longer_than_the_stop_is_begun_again_by_the_next_gateway_at_once(database_url):
    first = make_room(database_url, FakeAssistant(seconds=60), grace=0.05, attempt=60.0, lease_seconds=600.0)
    await first.start()
    message = await first.submit("c", None, "一", "m1", "web")
    await asyncio.sleep(0.05)
    await first.stop()

    second = make_room(database_url, FakeAssistant(), lease_seconds=600.0)
    await second.start()
    try:
        async with asyncio.timeout(SECONDS):
            assert (await second.outcome(Ticket(message.entry, "c"))).state == "answered"
    finally:
        await second.stop()


async def test_a_message_left_by_a_gateway_that_died_is_answered_with_its_identity_by_the_next(
    database_url, open_room, assistant
):
    store = make_store(database_url, lease_seconds=0.2)
    sealed = seal({"text": "18600010101能销户吗", "identity": CUSTOMER.to_metadata()}, "waiting message of c")
    left = store.submit("c", _speaker(CUSTOMER, "web"), "m1", mask("18600010101能销户吗").text, sealed, "dead", 20)
    room = await open_room()
    reader = Reader(room, "c")
    async with asyncio.timeout(SECONDS):
        await reader.read_until(lambda r: r.texts("assistant"))

    assert assistant.asked[0].text == "18600010101能销户吗"
    assert assistant.asked[0].identity == CUSTOMER
    assert reader.entries[-1].reply_to == left.entry


async def test_what_cannot_be_unsealed_is_not_guessed_but_asked_for_again(database_url, open_room, assistant):
    store = make_store(database_url, lease_seconds=0.1)
    moved = seal({"text": "能销户吗", "identity": CUSTOMER.to_metadata()}, "waiting message of another")
    store.submit("c", _speaker(None, "web"), "m1", "能销户吗", moved, "dead", 20)
    reader = Reader(await open_room(), "c")
    async with asyncio.timeout(SECONDS):
        await reader.read_until(lambda r: r.texts("note"))

    assert "没能留住" in reader.texts("note")[0]
    assert assistant.asked == []


async def test_a_stream_that_is_cut_off_goes_on_without_a_gap_or_a_double(open_room, assistant):
    room = await open_room()
    reader = Reader(room, "c")
    for number in range(8):
        await room.submit("c", None, f"第{number}句", f"m{number}", "web")
        async with asyncio.timeout(SECONDS):
            seen = len(reader.entries)
            await reader.read_until(lambda r, seen=seen: len(r.entries) > seen)
    async with asyncio.timeout(SECONDS):
        await reader.read_until(lambda r: len(r.texts("assistant")) == 8)

    ids = [e.id for e in reader.entries]
    assert ids == sorted(set(ids))
    assert reader.texts("user") == [f"第{number}句" for number in range(8)]


async def test_a_long_conversation_is_read_to_its_end(open_room):
    room = await open_room(in_conversation=1000)
    for number in range(150):
        await ask(room, f"第{number}句", f"m{number}")
    reader = Reader(room, "c")
    async with asyncio.timeout(SECONDS):
        await reader.read_until(lambda r: len(r.entries) == 300)

    assert len({e.id for e in reader.entries}) == 300


async def test_an_id_from_elsewhere_hides_nothing(open_room):
    room = await open_room()
    await ask(room, "一", "m1")
    stream = room.subscribe("c", 10**9)
    reading = asyncio.create_task(collect_until_entry(stream))
    await asyncio.sleep(0.05)
    await room.submit("c", None, "二", "m2", "web")
    async with asyncio.timeout(SECONDS):
        found = await reading
    assert found.text == "二"


async def collect_until_entry(stream):
    async for event in stream:
        if isinstance(event, Entry):
            await stream.aclose()
            return event
    raise AssertionError("the stream ended")


async def test_there_are_no_more_streams_of_a_conversation_than_may_be(open_room):
    room = await open_room(streams=2)
    streams = [room.subscribe("c", 0) for _ in range(3)]
    await anext(streams[0])
    await anext(streams[1])
    with pytest.raises(TooManyStreamsError):
        await anext(streams[2])
    await streams[0].aclose()
    again = room.subscribe("c", 0)
    await anext(again)
    for stream in (streams[1], again):
        await stream.aclose()


async def test_a_stream_that_is_open_holds_no_connection_of_the_database(open_room):
    room = await open_room(streams=100)
    streams = [room.subscribe(f"c{number}", 0) for number in range(50)]
    for stream in streams:
        await anext(stream)

    assert room.store.engine.pool.checkedout() == 0
    for stream in streams:
        await stream.aclose()


async def test_old_conversations_are_removed_by_a_running_gateway(database_url, open_room):
    old = make_store(database_url, lambda: datetime.now(UTC) - timedelta(days=181))
    message = old.submit("c", GUEST, "m1", "旧", None, "dead", 20)
    old.withdraw("c", message.entry)
    room = await open_room()
    async with asyncio.timeout(SECONDS):
        while await everything(room):
            await asyncio.sleep(0.02)
    assert QUICK.retention == timedelta(days=180)
