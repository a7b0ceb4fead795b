"""Hand-overs: two clerks at once, only the claimer writes, and the stream tells of everything once."""

import asyncio
import json
from typing import Any

from aiohttp import ClientResponse

from actions.reply import Reply
from tests.bot.conversations.parts import CUSTOMER
from tests.bot.desk.conftest import Staff

PLACE = "customer-conversation-1"


async def queued(staff: Staff) -> int:
    """A customer has asked about something and then for a person; returns the hand-over."""
    staff.assistant.answer = lambda _: Reply(decision="answer", blocks=[], operations=["cancel_service"])
    await staff.get("handoffs", "clerk")  # somebody is there
    ticket = await staff.room.submit(PLACE, CUSTOMER, "销户要带什么 18600010102", "m1", "web")
    await staff.room.outcome(ticket)
    assert (await staff.room.request_handoff(PLACE, CUSTOMER, "web")).state == "queued"
    queue = await staff.get("handoffs", "clerk")
    (one,) = queue["handoffs"]
    assert (one["state"], one["mine"], one["channel"], one["signed_in"]) == ("queued", False, "web", True)
    assert queue["queued"] == 1
    assert one["subject"] == "销户"
    assert "text" not in json.dumps(queue)
    return one["id"]


async def test_of_two_clerks_at_once_one_gets_it(staff: Staff) -> None:
    place = await queued(staff)
    answers = await asyncio.gather(
        *(staff.call("POST", f"handoffs/{place}/claim", "clerk", f"员工{n}", json={}) for n in range(6))
    )
    assert sorted(one.status for one in answers) == [200, 409, 409, 409, 409, 409]
    queue = await staff.get("handoffs", "clerk", name="员工9")
    assert (queue["queued"], queue["claimed"], queue["handoffs"][0]["mine"]) == (0, 1, False)


async def test_only_who_has_claimed_writes_reads_and_gives_back(staff: Staff) -> None:
    place = await queued(staff)
    await staff.get(f"conversations/{PLACE}", "clerk", 404, name="李")
    await staff.post(f"handoffs/{place}/messages", {"text": "您好"}, "clerk", 409, name="李")
    mine = await staff.post(f"handoffs/{place}/claim", {}, "clerk", name="李")
    assert mine["mine"]
    assert mine["claimed_by"] == "李"
    for other in ("clerk", "supervisor"):
        await staff.post(f"handoffs/{place}/messages", {"text": "插一句"}, other, 409, name="王")
        await staff.post(f"handoffs/{place}/return", {}, other, 409, name="王")
    await staff.get(f"conversations/{PLACE}", "clerk", 404, name="王")
    await staff.post(f"handoffs/{place}/messages", {"text": "您的号码是 18600010102 吗"}, "clerk", 201, name="李")
    shown = await staff.get(f"conversations/{PLACE}", "clerk", name="李")
    assert [one["from"] for one in shown["entries"]][-1] == "staff"
    assert shown["entries"][-1]["text"] == "您的号码是 186****0102 吗"
    assert "18600010102" not in json.dumps(shown)
    assert shown["conversation"]["who"] is None
    await staff.call("POST", f"handoffs/{place}/return", "clerk", "李", json={})
    await staff.get(f"conversations/{PLACE}", "clerk", 404, name="李")
    await staff.post(f"handoffs/{place}/messages", {"text": "还在吗"}, "clerk", 409, name="李")
    assert (await staff.get("handoffs", "clerk"))["handoffs"] == []
    await staff.get(f"conversations/{PLACE}", "supervisor", name="王")
    await staff.get(f"conversations/{PLACE}", "rule_owner", 404, name="王")


async def next_event(response: ClientResponse, kind: str) -> tuple[str | None, Any]:
    """The next event of a kind: its id and its data."""
    fields: dict[str, str] = {}
    async with asyncio.timeout(10):
        while True:
            line = (await response.content.readline()).decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields.get("event") == kind:
                return fields.get("id"), json.loads(fields["data"])
            else:
                fields = {}


async def test_the_stream_tells_of_the_queue_and_of_ones_own_conversations(staff: Staff) -> None:
    async with await staff.call("GET", "events", "clerk", "李") as stream:
        assert stream.content_type == "text/event-stream"
        assert (await next_event(stream, "queue"))[1]["handoffs"] == []
        place = await queued(staff)
        assert (await next_event(stream, "queue"))[1]["queued"] == 1
        await staff.post(f"handoffs/{place}/claim", {}, "clerk", name="李")
        assert (await next_event(stream, "queue"))[1]["handoffs"][0]["mine"]
        await staff.room.submit(PLACE, CUSTOMER, "我想问人", "m2", "web")
        while True:
            identifier, data = await next_event(stream, "entry")
            if data["entry"]["text"] == "我想问人":
                break
        assert (data["handoff"], data["conversation"], str(data["entry"]["entry"])) == (place, PLACE, identifier)
    await staff.room.submit(PLACE, CUSTOMER, "断线时说的", "m3", "web")
    async with await staff.call("GET", "events", "clerk", "李", headers={"Last-Event-ID": str(identifier)}) as stream:
        texts = []
        while "断线时说的" not in texts:
            texts.append((await next_event(stream, "entry"))[1]["entry"]["text"])
    async with await staff.call("GET", "events", "clerk", "王") as other:
        assert not (await next_event(other, "queue"))[1]["handoffs"][0]["mine"]
        await staff.room.submit(PLACE, CUSTOMER, "不给别人看", "m4", "web")
        await asyncio.sleep(1.5)
        await staff.call("POST", f"handoffs/{place}/return", "clerk", "李", json={})
        rest = b""
        async with asyncio.timeout(10):
            while b'"handoffs": []' not in rest:
                rest += await other.content.readline()
        assert "不给别人看" not in rest.decode()
