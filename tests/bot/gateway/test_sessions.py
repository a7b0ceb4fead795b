"""Who a session belongs to, how it begins and ends, and that identities never meet."""

import hashlib
import sqlite3

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.identity import Identity
from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from tests.bot.gateway.conftest import ask, sign_in
from tests.bot.gateway.fakes import ALLOWED, ARREARS


def bearer(session: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {session}"}


async def test_a_demo_customer_is_known_to_the_assistant_by_the_chosen_number(client, assistant):
    session = await sign_in(client, number=ALLOWED)
    await ask(client, "我现在能换号吗", session)

    assert assistant.asked[0].identity == Identity(role="customer", numbers=(ALLOWED,), customer="G1001")


async def test_demo_staff_hold_no_numbers(client, assistant):
    session = await sign_in(client, role="staff")
    await ask(client, "在吗", session)

    assert assistant.asked[0].identity == Identity(role="staff", name="演示员工")


async def test_signing_in_ends_the_former_session_and_begins_another_conversation(client, assistant):
    former = (await ask(client, "我叫张三"))["session"]
    response = await client.post("/api/v1/demo/sign-in", json={"session": former, "number": ARREARS})
    session = (await response.json())["session"]
    await ask(client, "我现在能换号吗", session)

    assert session != former
    assert assistant.asked[0].conversation != assistant.asked[1].conversation
    refused = await client.post("/api/v1/messages", json={"session": former, "text": "在吗"})
    assert refused.status == 401


async def test_signing_in_with_a_session_that_is_gone_still_works(client):
    response = await client.post("/api/v1/demo/sign-in", json={"session": "gone", "number": ALLOWED})

    assert response.status == 200


@pytest.mark.parametrize(
    ("choice", "status", "code"),
    [
        ({}, 400, "missing_number"),
        ({"number": 18600010101}, 400, "missing_number"),
        ({"number": "13900000000"}, 404, "unknown_demo_account"),
        ({"role": "admin"}, 400, "wrong_role"),
        ({"role": "staff", "number": ALLOWED}, 400, "wrong_role"),
    ],
)
async def test_nobody_else_can_be_signed_in_as(client, choice, status, code):
    response = await client.post("/api/v1/demo/sign-in", json=choice)

    assert response.status == status
    assert (await response.json())["error"]["code"] == code


async def test_the_demo_accounts_are_listed_with_what_they_show(client):
    response = await client.get("/api/v1/demo/accounts")

    assert (await response.json())["accounts"][0] == {
        "number": ALLOWED,
        "title": "一切正常",
        "ask": "我现在能换号吗？",
    }


async def test_a_session_tells_who_it_belongs_to_without_the_whole_number(client):
    session = await sign_in(client, number=ALLOWED)
    body = await (await client.get("/api/v1/session", headers=bearer(session))).json()

    assert body["identity"] == {"role": "customer", "name": None, "numbers": ["186****0101"]}


async def test_after_signing_out_the_session_is_gone(client):
    session = await sign_in(client, number=ALLOWED)

    assert (await client.delete("/api/v1/session", headers=bearer(session))).status == 204
    assert (await client.get("/api/v1/session", headers=bearer(session))).status == 401
    refused = await client.post("/api/v1/messages", json={"session": session, "text": "在吗"})
    assert refused.status == 401


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}])
async def test_without_a_token_there_is_no_session_to_look_at_or_end(client, headers):
    assert (await client.get("/api/v1/session", headers=headers)).status == 401
    assert (await client.delete("/api/v1/session", headers=headers)).status == 401


async def test_a_session_that_is_not_used_expires(client, clock):
    session = (await ask(client, "在吗"))["session"]
    clock.now += 1801
    response = await client.post("/api/v1/messages", json={"session": session, "text": "还在吗"})

    assert response.status == 401


async def test_a_session_that_is_used_does_not_expire(client, clock):
    session = (await ask(client, "在吗"))["session"]
    for _ in range(3):
        clock.now += 1000
        await ask(client, "还在吗", session)


def test_a_session_that_lives_shortly_is_kept_by_being_used(sessions_url, clock):
    store = SessionStore(sessions_url, idle_seconds=30, demo=True, clock=clock)
    token = store.open()
    for _ in range(3):
        clock.now += 20
        assert store.find(token) is not None


async def test_outside_demo_mode_there_is_no_demo_sign_in_and_its_sessions_do_not_count(
    client, assistant, sessions_url, clock
):
    session = await sign_in(client, number=ALLOWED)
    store = SessionStore(sessions_url, idle_seconds=1800, demo=False, clock=clock)
    async with TestClient(TestServer(create_app(Parts(assistant, store, 1.0)))) as real:
        assert (await real.get("/api/v1/demo/accounts")).status == 404
        assert (await real.post("/api/v1/demo/sign-in", json={"number": ALLOWED})).status == 404
        refused = await real.post("/api/v1/messages", json={"session": session, "text": "在吗"})
        assert refused.status == 401


def test_sessions_survive_a_restart(sessions_url, clock):
    identity = Identity(role="customer", numbers=(ALLOWED,), customer="G1001")
    store = SessionStore(sessions_url, idle_seconds=1800, demo=True, clock=clock)
    token = store.open(identity)
    before = store.find(token)
    store.dispose()

    assert SessionStore(sessions_url, idle_seconds=1800, demo=True, clock=clock).find(token) == before
    assert before is not None
    assert before.identity == identity


def test_the_database_holds_only_the_hash_of_a_token(sessions_url, clock, tmp_path):
    token = SessionStore(sessions_url, idle_seconds=1800, demo=True, clock=clock).open()
    with sqlite3.connect(tmp_path / "sessions.db") as database:
        dump = "\n".join(database.iterdump())

    assert token not in dump
    assert hashlib.sha256(token.encode()).hexdigest() in dump


def test_expired_sessions_are_removed(sessions_url, clock, tmp_path):
    store = SessionStore(sessions_url, idle_seconds=1800, demo=True, clock=clock)
    store.open()
    clock.now += 1801
    kept = store.open()
    store.purge()
    with sqlite3.connect(tmp_path / "sessions.db") as database:
        assert database.execute("SELECT count(*) FROM chat_session").fetchone() == (1,)
    assert store.find(kept) is not None
