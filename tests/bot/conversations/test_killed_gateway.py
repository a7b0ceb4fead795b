"""A gateway process is killed in the middle of an answer; another one on the same databases goes on."""

import asyncio
import sys

import aiohttp
from aiohttp.test_utils import TestClient, TestServer

from actions.settings import ROOT
from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from tests.bot.conversations.parts import make_room
from tests.bot.gateway.fakes import ALLOWED, DEMO_ACCOUNTS
from tests.bot.gateway.sse import events


async def test_what_a_killed_gateway_left_is_answered_once_by_the_next_under_the_same_identity(
    database_url, assistant, tmp_path
):
    sessions_url = f"sqlite:///{tmp_path / 'sessions.db'}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.bot.conversations.gateway_process", sessions_url, database_url),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    try:
        port = int(await process.stdout.readline())
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            signed_in = await http.post("/api/v1/demo/sign-in", json={"number": ALLOWED})
            session = (await signed_in.json())["session"]
            for message, text in (("m1", "快"), ("m2", f"{ALLOWED}慢"), ("m3", "后")):
                body = {"session": session, "id": message, "text": text}
                headers = {"Prefer": "respond-async"}
                assert (await http.post("/api/v1/messages", json=body, headers=headers)).status == 202
            headers = {"Authorization": f"Bearer {session}"}
            async with http.get("/api/v1/events", headers=headers) as response:
                before = []
                async for event in events(response):
                    if event.name == "entry":
                        before.append(event)
                    if len(before) == 4:
                        break
    finally:
        process.kill()
        await process.wait()

    room = make_room(database_url, assistant)
    sessions = SessionStore(sessions_url, idle_seconds=1800, demo=True)
    parts = Parts(assistant, sessions, 5.0, DEMO_ACCOUNTS, conversations=room)
    async with TestClient(TestServer(create_app(parts))) as client:
        headers |= {"Last-Event-ID": before[-1].id}
        after = []
        async with client.get("/api/v1/events", headers=headers) as response:
            async for event in events(response):
                if event.name == "entry":
                    after.append(event)
                if len(after) == 2:
                    break
        body = {"session": session, "id": "m2", "text": f"{ALLOWED}慢"}
        retried = await (await client.post("/api/v1/messages", json=body)).json()

    said = [event.data for event in (*before, *after)]
    questions = [entry["entry"] for entry in said if entry["from"] == "user"]
    assert [entry["reply_to"] for entry in said if entry["from"] == "assistant"] == questions
    assert [asked.text for asked in assistant.asked] == [f"{ALLOWED}慢", "后"]
    assert assistant.asked[0].identity.numbers == (ALLOWED,)
    assert retried["messages"][0]["text"] == f"回答：{ALLOWED}慢"
