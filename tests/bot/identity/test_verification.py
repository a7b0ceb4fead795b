"""The verification page's routes: who proves a number, and everybody who does not."""

import asyncio
import re

import pytest

from actions.identity import Identity
from bot.identity.demo import service_password
from tests.bot.gateway.fakes import ALLOWED, ARREARS
from tests.bot.identity.conftest import World, code_of

RIGHT, NOBODYS = service_password(ALLOWED), "13900009999"


async def texted(world: World, number: str = ALLOWED) -> str:
    await asyncio.sleep(0.1)  # the sending is not waited for
    messages = (await (await world.client.get("/demo/sms", params={"number": number})).json())["messages"]
    return re.search(r"\d{6}", messages[0]["text"])[0]


async def granted(world: World, session: str) -> dict:
    response = await world.prove(await world.link(session), ALLOWED, password=RIGHT)
    assert response.status == 200, await response.text()
    return await response.json()


@pytest.mark.parametrize("by", ["grant", "code"])
async def test_a_service_password_signs_the_chat_in_that_made_the_link(world, by):
    session = world.sessions.open()
    grant = (await granted(world, session))[by]
    body = await (await world.redeem(session, grant)).json()

    assert body["identity"]["numbers"] == ["186****0101"]
    assert world.sessions.find(session) is None
    assert world.sessions.find(body["session"]).identity == Identity("customer", (ALLOWED,), "G1001")


async def test_a_confirmation_code_may_be_typed_as_people_type(world):
    session = world.sessions.open()
    code = (await granted(world, session))["code"]
    typed = code[:4] + "　" + code[4:].translate(str.maketrans("0123456789", "０１２３４５６７８９"))

    assert (await world.redeem(session, typed)).status == 200


async def test_an_sms_code_signs_in_once(world):
    session = world.sessions.open()
    link = await world.link(session)
    asked = await world.post(f"{link}/code", {"number": "186 0001 0101"}, **world.own)
    code = await texted(world)
    first = await world.prove(link, ALLOWED, code=code)
    second = await world.prove(await world.link(session), ALLOWED, code=code)

    assert (asked.status, first.status, second.status) == (200, 200, 401)


async def test_a_link_is_used_once_and_for_five_minutes(world):
    session = world.sessions.open()
    used, late = await world.link(session), await world.link(session)
    await world.prove(used, ALLOWED, password=RIGHT)
    again = await world.prove(used, ALLOWED, password=RIGHT)
    clock = world.clock
    clock.now += 301

    assert (again.status, await code_of(again)) == (410, "link_gone")
    assert (await world.prove(late, ALLOWED, password=RIGHT)).status == 410
    assert (await world.client.get(late)).status == 410
    assert (await world.client.get("/verify/nothing")).status == 410


async def test_looking_at_a_link_uses_nothing_up(world):
    link = await world.link(world.sessions.open())
    for _ in range(5):
        assert (await world.client.get(link)).status == 200

    assert (await world.prove(link, ALLOWED, password=RIGHT)).status == 200


async def test_whoever_sent_somebody_a_link_or_stole_a_grant_is_not_signed_in(world):
    attacker, victim = world.sessions.open(), world.sessions.open()
    grant = await granted(world, victim)
    stolen = [await world.redeem(attacker, grant[by]) for by in ("grant", "code")]

    assert [response.status for response in stolen] == [401, 401]
    assert world.sessions.find(attacker).identity is None
    assert (await world.redeem(victim, grant["grant"])).status == 200


async def test_a_grant_is_taken_once_for_two_minutes_and_guessed_five_times_at_most(world):
    session = world.sessions.open()
    grant = await granted(world, session)
    signed_in = (await (await world.redeem(session, grant["code"])).json())["session"]
    assert (await world.redeem(signed_in, grant["grant"])).status == 401

    late = world.sessions.open()
    grant = await granted(world, late)
    world.clock.now += 121
    assert (await world.redeem(late, grant["grant"])).status == 401

    guessing = world.sessions.open()
    grant = await granted(world, guessing)
    for guess in range(5):
        assert (await world.redeem(guessing, f"{guess:08d}")).status == 401
    assert (await world.redeem(guessing, grant["grant"])).status == 401


async def test_two_at_the_same_moment_with_one_grant_are_one(world):
    session = world.sessions.open()
    grant = (await granted(world, session))["grant"]
    answers = await asyncio.gather(*(world.redeem(session, grant) for _ in range(8)))

    assert sorted(answer.status for answer in answers).count(200) == 1


async def test_wrong_passwords_lock_a_number_that_exists_and_one_that_does_not_alike(world):
    async def attempts(number):
        outcomes = []
        for _ in range(8):
            link = await world.link(world.sessions.open())
            response = await world.prove(link, number, password="000000")
            outcomes.append((response.status, await response.json(), response.headers.get("Retry-After")))
        return outcomes

    known, unknown = await attempts(ALLOWED), await attempts(NOBODYS)

    assert known == unknown
    assert [status for status, _, _ in known] == [401] * 5 + [429] * 3
    # Locked means locked: the right password does not tell that it is right.
    link = await world.link(world.sessions.open())
    assert (await world.prove(link, ALLOWED, password=RIGHT)).status == 429
    world.clock.now += 31
    assert (await world.prove(link, ALLOWED, password=RIGHT)).status == 200


async def test_a_lock_survives_a_restart_and_grows(world):
    lockout = world.parts.customers.verification.lockout
    waits = []
    for _ in range(5):
        assert lockout.begin("number", ALLOWED) == 0
    for _ in range(4):
        again = type(lockout)(world.sessions.engine, lockout._keys, world.clock)
        waits.append(again.begin("number", ALLOWED))
        world.clock.now += waits[-1]
        assert again.begin("number", ALLOWED) == 0

    assert waits == [30, 60, 120, 240]


async def test_many_attempts_at_the_same_moment_are_no_more_than_five(world):
    links = [await world.link(world.sessions.open()) for _ in range(15)]
    answers = await asyncio.gather(*(world.prove(link, ARREARS, password="000000") for link in links))

    assert sorted(answer.status for answer in answers) == [401] * 5 + [429] * 10


async def test_one_link_allows_five_tries_over_all_numbers(world):
    link = await world.link(world.sessions.open())
    statuses = [(await world.prove(link, f"1390000000{one}", password="000000")).status for one in range(7)]

    assert statuses == [401] * 5 + [410] * 2


async def test_an_address_that_tries_many_numbers_is_held_up(world):
    statuses = []
    for one in range(32):
        link = await world.link(world.sessions.open())
        statuses.append((await world.prove(link, f"139000010{one:02d}", password="000000")).status)

    assert statuses == [401] * 30 + [429] * 2


async def test_asking_for_codes_tells_nothing_of_a_number_and_texts_nobody_else(world):
    answers = []
    for number in (ALLOWED, NOBODYS):
        link = await world.link(world.sessions.open())
        first = await world.post(f"{link}/code", {"number": number}, **world.own)
        second = await world.post(f"{link}/code", {"number": number}, **world.own)
        answers.append((first.status, await first.json(), second.status, await second.json()))
    await asyncio.sleep(0.1)

    assert answers[0] == answers[1]
    assert answers[0][2] == 429
    assert NOBODYS not in (world.folder / "demo" / "sms.jsonl").read_text()
    assert (await world.client.get("/demo/sms", params={"number": NOBODYS})).status == 404


async def test_a_code_is_guessed_five_times_at_most_and_counts_on_its_own_link_only(world):
    session = world.sessions.open()
    link = await world.link(session)
    await world.post(f"{link}/code", {"number": ALLOWED}, **world.own)
    code = await texted(world)
    codes = world.parts.customers.verification.codes
    other = await world.link(session)
    assert (await world.prove(other, ALLOWED, code=code)).status == 401
    wrong = "000000" if code != "000000" else "000001"
    found = world.parts.customers.links.find(link.rsplit("/", 1)[1])
    for _ in range(4):
        assert not codes.accept(found.key, ALLOWED, wrong)
    assert not codes.accept(found.key, ALLOWED, code)


async def test_an_old_code_does_not_count(world):
    codes = world.parts.customers.verification.codes
    code, _ = codes.issue("link", ALLOWED)
    world.clock.now += 300

    assert not codes.accept("link", ALLOWED, code)


async def test_no_more_than_five_codes_an_hour_for_a_number(world):
    statuses = []
    for _ in range(6):
        link = await world.link(world.sessions.open())
        statuses.append((await world.post(f"{link}/code", {"number": ALLOWED}, **world.own)).status)
        world.clock.now += 61

    assert statuses == [200] * 5 + [429]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_no_other_page_tries_passwords_through_a_visitor(world, headers):
    link = await world.link(world.sessions.open())
    for path in (link, f"{link}/code"):
        response = await world.post(path, {"number": ALLOWED, "password": RIGHT}, **headers)
        assert (response.status, await code_of(response)) == (403, "foreign_origin")


async def test_a_page_elsewhere_gets_no_link_that_would_hand_it_grants(world):
    response = await world.post(
        "/api/v1/identity/links", {"session": world.sessions.open()}, Origin="https://evil.example"
    )

    assert response.status == 403


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad_number"),
        ({"number": "abc", "password": "x"}, "bad_number"),
        ({"number": ALLOWED}, "one_secret"),
        ({"number": ALLOWED, "password": "x", "code": "1"}, "one_secret"),
        ({"number": ALLOWED, "password": 1}, "one_secret"),
        ({"number": ALLOWED, "password": ""}, "one_secret"),
        ({"number": ALLOWED, "password": "x" * 201}, "one_secret"),
    ],
)
async def test_what_cannot_be_judged_is_said_to_be_wrong(world, body, code):
    response = await world.post(await world.link(world.sessions.open()), body, **world.own)

    assert (response.status, await code_of(response)) == (400, code)


async def test_who_begins_with_signing_in_is_given_a_session_with_the_link(world):
    made = await (await world.post("/api/v1/identity/links", {})).json()
    grant = await (
        await world.post(made["url"], {"number": ALLOWED, "password": service_password(ALLOWED)}, **world.own)
    ).json()
    signed_in = await world.post("/api/v1/identity/grant", {"session": made["session"], "grant": grant["grant"]})

    assert world.sessions.find(made["session"]) is None
    assert (await signed_in.json())["identity"]["numbers"] == ["186****0101"]


async def test_with_an_unknown_session_there_is_no_link_and_no_grant(world):
    for path, body in (
        ("links", {"session": "x"}),
        ("grant", {"session": "x", "grant": "y"}),
        ("grant", {"grant": "y"}),
    ):
        assert (await world.post(f"/api/v1/identity/{path}", body)).status == 401


async def test_number_and_password_stand_nowhere_in_the_database(world):
    session = world.sessions.open()
    grant = await granted(world, session)
    everything = b"".join(file.read_bytes() for file in world.folder.glob("sessions.db*"))

    for secret in (ALLOWED, grant["grant"], grant["code"]):
        assert secret.encode() not in everything
