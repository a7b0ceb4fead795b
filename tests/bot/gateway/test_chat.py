"""The chat as a browser has it: messages with ids, the stream of events, history, judgements, hand-over."""

import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from tests.bot.conversations.parts import make_room
from tests.bot.gateway.conftest import DEADLINE_SECONDS, ask, sign_in
from tests.bot.gateway.sse import events

ASYNC = {"Prefer": "respond-async"}


def bearer(session: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {session}"}


@pytest.fixture
async def room(tmp_path, assistant):
    return make_room(f"sqlite:///{tmp_path / 'conversations.db'}", assistant)


@pytest.fixture
async def client(assistant, sessions_url, clock, room):
    sessions = SessionStore(sessions_url, idle_seconds=1800, demo=True, clock=clock)
    from tests.bot.gateway.fakes import DEMO_ACCOUNTS

    parts = Parts(assistant, sessions, DEADLINE_SECONDS, DEMO_ACCOUNTS, conversations=room)
    async with TestClient(TestServer(create_app(parts))) as client:
        yield client


async def send(client, text, session, message, **headers):
    body = {"text": text, "session": session, "id": message}
    return await client.post("/api/v1/messages", json=body, headers=headers)


async def history(client, session, **query):
    response = await client.get("/api/v1/history", params=query, headers=bearer(session))
    assert response.status == 200
    return await response.json()


async def until(client, session, done, **headers):
    """Follows the stream of a session until what came satisfies; everything that came."""
    seen = []
    async with client.get("/api/v1/events", headers={**bearer(session), **headers}) as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/event-stream")
        async for event in events(response):
            seen.append(event)
            if done(seen):
                return seen
    return seen


def entries(seen):
    return [event.data for event in seen if event.name == "entry"]


async def test_a_message_with_an_id_is_answered_once_however_often_it_is_sent(client, assistant):
    session = await sign_in(client, number="18600010101")
    first = await (await send(client, "销户", session, "m1")).json()
    again = await (await send(client, "销户", session, "m1")).json()

    assert first == again
    assert first["id"] == "m1"
    assert set(first) == {"session", "id", "entry", "messages"}
    assert len(assistant.asked) == 1


async def test_a_message_without_an_id_is_given_one(client):
    answer = await ask(client, "销户")

    assert answer["id"]
    assert isinstance(answer["entry"], int)


@pytest.mark.parametrize("message", ["", "a" * 65, "a b", "编号", 5, ["m"]])
async def test_an_id_that_is_none_is_refused(client, assistant, message):
    response = await client.post("/api/v1/messages", json={"text": "在吗", "id": message})

    assert response.status == 400
    assert (await response.json())["error"]["code"] == "wrong_id"
    assert assistant.asked == []


async def test_who_prefers_it_gets_the_answer_by_the_stream(client):
    session = await sign_in(client, number="18600010101")
    response = await send(client, "18600010102能销户吗", session, "m1", **ASYNC)
    taken = await response.json()
    seen = await until(client, session, lambda s: len(entries(s)) == 2 and s[-1].data.get("state") == "idle")

    assert response.status == 202
    assert taken == {"session": session, "id": "m1", "entry": taken["entry"]}
    question, answer = entries(seen)
    assert question["id"] == "m1"
    assert question["entry"] == taken["entry"]
    assert question["text"] == "186****0102能销户吗"
    assert answer["reply_to"] == taken["entry"]
    assert answer["blocks"] == [{"type": "text", "text": "回答：18600010102能销户吗"}]
    assert [event.id for event in seen if event.name == "entry"] == [str(e["entry"]) for e in (question, answer)]


async def test_a_stream_goes_on_after_the_last_event_that_was_seen(client):
    session = await sign_in(client, number="18600010101")
    for number in range(3):
        await send(client, f"第{number}句", session, f"m{number}")
    first = await until(client, session, lambda s: len(entries(s)) == 3)
    last = str(entries(first)[-1]["entry"])
    rest = await until(client, session, lambda s: len(entries(s)) == 3, **{"Last-Event-ID": last})

    texts = [entry["text"] for entry in entries(first) + entries(rest)]
    assert texts == [text for number in range(3) for text in (f"第{number}句", f"回答：第{number}句")]


async def test_what_was_said_is_there_after_a_reload(client):
    session = await sign_in(client, number="18600010101")
    await send(client, "销户", session, "m1")
    seen = await history(client, session)
    later = await history(client, session, after=seen["entries"][0]["entry"])

    assert [entry["from"] for entry in seen["entries"]] == ["user", "assistant"]
    assert seen["state"] == "idle"
    assert seen["handoff"] == {"state": "none"}
    assert seen["identity"]["numbers"] == ["186****0101"]
    assert later["entries"] == seen["entries"][1:]


async def test_nobody_follows_or_reads_without_a_session(client):
    for path in ("/api/v1/events", "/api/v1/history"):
        for headers in ({}, bearer("nobody")):
            response = await client.get(path, headers=headers)
            assert response.status == 401
            assert (await response.json())["error"]["code"] == "unknown_session"


async def test_another_session_sees_and_judges_nothing_of_it(client):
    one, other = await sign_in(client, number="18600010101"), await sign_in(client, number="18600010102")
    answer = await (await send(client, "销户", one, "m1")).json()
    judged = {"session": other, "entry": answer["entry"] + 1, "score": "down"}

    assert (await history(client, other))["entries"] == []
    assert (await client.post("/api/v1/feedback", json=judged)).status == 404


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "9" * 30, "１"])
async def test_a_place_that_is_none_is_refused(client, after):
    session = await sign_in(client, number="18600010101")
    response = await client.get("/api/v1/history", params={"after": after}, headers=bearer(session))

    assert response.status == 400
    assert (await response.json())["error"]["code"] == "wrong_after"


async def test_a_stream_ends_when_its_session_is_signed_out(client, room):
    session = await sign_in(client, number="18600010101")
    await send(client, "销户", session, "m1")

    async def follow():
        return await until(client, session, lambda s: s[-1].name == "closed")

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.1)
    await client.delete("/api/v1/session", headers=bearer(session))
    async with asyncio.timeout(8):
        seen = await following
    assert seen[-1].data == {}


async def test_an_open_stream_does_not_keep_a_session_alive(client, clock):
    session = await sign_in(client, number="18600010101")
    following = asyncio.create_task(until(client, session, lambda s: s[-1].name == "closed"))
    await asyncio.sleep(0.1)
    clock.now += 1801
    async with asyncio.timeout(8):
        assert (await following)[-1].name == "closed"


async def test_streams_end_when_the_gateway_stops(client):
    session = await sign_in(client, number="18600010101")
    following = asyncio.create_task(until(client, session, lambda _: False))
    await asyncio.sleep(0.1)
    await client.server.close()
    async with asyncio.timeout(5):
        await asyncio.gather(following, return_exceptions=True)


async def test_a_page_too_many_is_told_so(client, room):
    session = await sign_in(client, number="18600010101")
    open_ones = [await client.get("/api/v1/events", headers=bearer(session)) for _ in range(room.limits.streams)]
    refused = await client.get("/api/v1/events", headers=bearer(session))

    assert refused.status == 429
    assert refused.headers["Retry-After"]
    assert (await refused.json())["error"]["code"] == "too_many_streams"
    for response in open_ones:
        response.close()


async def test_a_browser_that_went_away_leaves_no_stream_behind(client, room):
    session = await sign_in(client, number="18600010101")
    response = await client.get("/api/v1/events", headers=bearer(session))
    response.close()
    await send(client, "销户", session, "m1")
    async with asyncio.timeout(8):
        while room._streams:
            await asyncio.sleep(0.05)


async def test_a_message_with_an_id_goes_on_waiting_after_the_deadline(client, assistant):
    session = await sign_in(client, number="18600010101")
    assistant.down = True
    late = await send(client, "销户", session, "m1")
    assert late.status == 503
    assert (await late.json())["error"]["code"] == "assistant_unavailable"
    assert (await history(client, session))["state"] == "waiting"

    assistant.down = False
    answered = await send(client, "销户", session, "m1")
    assert answered.status == 200
    assert len((await history(client, session))["entries"]) == 2


async def test_a_message_without_an_id_waits_no_longer_than_its_sender(client, assistant):
    session = await sign_in(client, number="18600010101")
    assistant.down = True
    assert (await client.post("/api/v1/messages", json={"text": "销户", "session": session})).status == 503
    assistant.down = False
    await ask(client, "销户", session)

    said = (await history(client, session))["entries"]
    assert [entry["from"] for entry in said] == ["user", "user", "assistant"]
    assert said[-1]["reply_to"] == said[1]["entry"]


async def test_beyond_capacity_a_message_is_refused_politely_and_no_session_is_opened(
    sessions_url, assistant, tmp_path
):
    sessions = SessionStore(sessions_url, idle_seconds=1800, demo=True)
    room = make_room(f"sqlite:///{tmp_path / 'conversations.db'}", assistant, capacity=1)
    assistant.down = True
    async with TestClient(TestServer(create_app(Parts(assistant, sessions, 0.2, conversations=room)))) as client:
        await client.post("/api/v1/messages", json={"text": "一", "id": "m1"}, headers=ASYNC)
        refused = await client.post("/api/v1/messages", json={"text": "二", "id": "m2"}, headers=ASYNC)
        body = await refused.json()

    assert refused.status == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert body["error"]["code"] == "busy"
    assert "session" not in body


async def test_an_answer_is_judged(client):
    session = await sign_in(client, number="18600010101")
    await send(client, "销户", session, "m1")
    answer = (await history(client, session))["entries"][-1]["entry"]
    judged = {"session": session, "entry": answer, "score": "down", "reason": "wrong", "comment": "我是18600010101"}

    assert (await client.post("/api/v1/feedback", json=judged)).status == 204
    assert (await history(client, session))["entries"][-1]["feedback"] == "down"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"entry": "1"}, "wrong_entry"),
        ({"entry": True}, "wrong_entry"),
        ({"entry": 0}, "wrong_entry"),
        ({"entry": 10**30}, "wrong_entry"),
        ({"score": "good"}, "wrong_score"),
        ({"score": ["up"]}, "wrong_score"),
        ({"reason": "bad"}, "wrong_reason"),
        ({"reason": {}}, "wrong_reason"),
        ({"comment": 5}, "wrong_comment"),
        ({"comment": "长" * 501}, "wrong_comment"),
    ],
)
async def test_a_judgement_that_is_none_gets_a_clear_error(client, change, code):
    session = await sign_in(client, number="18600010101")
    response = await client.post("/api/v1/feedback", json={"session": session, "entry": 1, "score": "up", **change})

    assert response.status == 400
    assert (await response.json())["error"]["code"] == code


async def test_a_customer_is_handed_over_and_comes_back(client, room):
    session = await sign_in(client, number="18600010101")
    refused = await client.post("/api/v1/handoff", json={"session": session})
    assert (refused.status, await refused.json()) == (202, {"state": "none"})

    await room.clerk_is_there("小王")
    queued = await client.post("/api/v1/handoff", json={"session": session})
    assert await queued.json() == {"state": "queued", "position": 1}
    place = (await room.queue())[0]
    await room.claim(place.id, "小王")
    assert (await history(client, session))["handoff"] == {"state": "claimed", "who": "人工客服"}
    silent = await (await send(client, "在吗", session, "m1")).json()
    assert silent["messages"][0]["decision"] == "handoff"
    await room.add_staff_entry(place.conversation, "小王", "您好")
    cancelled = await client.delete("/api/v1/handoff", headers=bearer(session))

    assert await cancelled.json() == {"state": "none"}
    said = (await history(client, session))["entries"]
    assert [entry["from"] for entry in said] == ["note", "note", "note", "user", "staff", "note"]
    assert "小王" not in str(said)


async def test_who_asks_for_a_person_is_offered_one(client, assistant):
    from actions.reply import Reply

    assistant.answer = lambda text: Reply(decision="handoff", blocks=[{"type": "text", "text": "好的"}])
    answer = await ask(client, "我要人工")

    assert answer["messages"][0]["offers"] == ["handoff"]
    assert (await history(client, answer["session"]))["entries"][-1]["offers"] == ["handoff"]


async def test_how_it_was_understood_is_not_told_to_the_customer(client, assistant, monkeypatch):
    original = assistant.reply

    async def with_trace(*args):
        return [{**reply, "understanding": {"confidence": 0.5}} for reply in await original(*args)]

    monkeypatch.setattr(assistant, "reply", with_trace)
    answer = await ask(client, "销户")

    assert "understanding" not in answer["messages"][0]
    assert "0.5" not in str(await history(client, answer["session"]))
