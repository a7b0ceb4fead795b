"""Staff: sign-in with password and one-time code, the cookie, CSRF, lifetimes, commands."""

import asyncio
import io

import pyotp
import pytest

from bot.__main__ import main
from bot.gateway.staff_access import StaffMember
from bot.identity.demo import STAFF_PASSWORD
from bot.identity.staff.routes import COOKIE
from tests.bot.identity.conftest import World, code_of

PASSWORD = "a Long enough 密码"


async def sign_in(world: World, name="zhang", password=PASSWORD, code=None, **headers):
    code = code or pyotp.TOTP(world.secret).at(int(world.clock()))
    body = {"name": name, "password": password, "code": code}
    return await world.client.post("/api/v1/staff/sign-in", json=body, headers={**world.own, **headers})


@pytest.fixture
def staff(world):
    world.secret = world.parts.staff.accounts.add("zhang", "clerk", PASSWORD)
    return world


def cookie(response) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={response.cookies[COOKIE].value}"}


async def test_signing_in_gives_a_cookie_that_no_script_and_no_other_site_can_use(staff):
    response = await sign_in(staff)
    body = await response.json()
    flags = response.headers["Set-Cookie"]
    me = await staff.client.get("/api/v1/staff/me", headers=cookie(response))

    assert response.status == 200
    assert (body["name"], body["role"]) == ("zhang", "clerk")
    assert flags.startswith("__Host-staff=")
    for flag in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/"):
        assert flag in flags
    assert "Domain" not in flags
    assert await me.json() == body


async def test_a_one_time_code_is_taken_once_also_at_the_same_moment(staff):
    answers = await asyncio.gather(*(sign_in(staff) for _ in range(3)))
    assert sorted(answer.status for answer in answers) == [200, 401, 401]

    staff.clock.now += 30
    assert (await sign_in(staff)).status == 200


@pytest.mark.parametrize(("steps", "status"), [(-2, 401), (-1, 200), (0, 200), (1, 200), (2, 401)])
async def test_a_code_counts_one_step_before_and_after(staff, steps, status):
    code = pyotp.TOTP(staff.secret).at(int(staff.clock()) + 30 * steps)

    assert (await sign_in(staff, code=code)).status == status


async def test_every_mistake_gets_the_same_answer(staff):
    staff.parts.staff.accounts.add("li.si", "supervisor", PASSWORD)
    staff.parts.staff.accounts.disable("li.si")
    code = pyotp.TOTP(staff.secret).at(int(staff.clock()))
    wrong = [
        await sign_in(staff, code="000000"),
        await sign_in(staff, password="wrong password", code=code),
        await sign_in(staff, name="nobody", code=code),
        await sign_in(staff, name="li.si", code=code),
        await sign_in(staff, code="１２３４５６"),
    ]

    assert {response.status for response in wrong} == {401}
    assert len({await response.text() for response in wrong}) == 1


async def test_guessing_locks_a_name_whether_or_not_it_exists(staff):
    for name in ("zhang", "nobody"):
        statuses = [(await sign_in(staff, name=name, password="wrong password")).status for _ in range(7)]
        assert statuses == [401] * 5 + [429] * 2
    assert (await sign_in(staff)).status == 429


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}],
)
async def test_no_other_site_signs_anybody_in(staff, headers):
    assert (await sign_in(staff, **headers)).status == 403


async def test_changing_anything_takes_the_csrf_token_of_this_session(staff):
    first = await sign_in(staff)
    staff.clock.now += 30
    second = await sign_in(staff)
    token, other = (await first.json())["csrf"], (await second.json())["csrf"]
    attempts = [
        ({}, "wrong_csrf_token"),
        ({"X-CSRF-Token": ""}, "wrong_csrf_token"),
        ({"X-CSRF-Token": other}, "wrong_csrf_token"),
        ({"X-CSRF-Token": token, "Origin": "https://evil.example"}, "foreign_origin"),
    ]
    for headers, code in attempts:
        response = await staff.client.post("/api/v1/staff/sign-out", headers={**staff.own, **cookie(first), **headers})
        assert (response.status, await code_of(response)) == (403, code)
    out = await staff.client.post(
        "/api/v1/staff/sign-out", headers={**staff.own, **cookie(first), "X-CSRF-Token": token}
    )

    assert out.status == 204
    assert (await staff.client.get("/api/v1/staff/me", headers=cookie(first))).status == 401
    assert (await staff.client.get("/api/v1/staff/me", headers=cookie(second))).status == 200


async def test_signing_out_everywhere_and_disabling_end_all_sessions(staff):
    first = await sign_in(staff)
    staff.clock.now += 30
    second = await sign_in(staff)
    csrf = (await first.json())["csrf"]
    await staff.client.post(
        "/api/v1/staff/sign-out",
        json={"everywhere": True},
        headers={**staff.own, **cookie(first), "X-CSRF-Token": csrf},
    )
    assert (await staff.client.get("/api/v1/staff/me", headers=cookie(second))).status == 401

    staff.clock.now += 30
    third = await sign_in(staff)
    staff.parts.staff.accounts.disable("zhang")
    assert (await staff.client.get("/api/v1/staff/me", headers=cookie(third))).status == 401


async def test_a_session_in_the_cookie_beforehand_is_not_the_one_signed_in(staff):
    planted = staff.parts.staff.sessions.open(StaffMember("zhang", "clerk"), "local")
    response = await sign_in(staff, Cookie=f"{COOKIE}={planted}")

    assert response.cookies[COOKIE].value != planted
    assert staff.parts.staff.sessions.find(planted) is None


def test_idle_and_absolute_lifetime(staff):
    sessions = staff.parts.staff.sessions
    token = sessions.open(StaffMember("zhang", "clerk"), "local")
    for _ in range(20):
        staff.clock.now += 1_790
        assert sessions.find(token) is not None
    staff.clock.now += 400
    assert sessions.find(token) is None

    token = sessions.open(StaffMember("zhang", "clerk"), "local")
    staff.clock.now += 1_801
    assert sessions.find(token) is None


async def test_demo_staff_can_sign_in_again_and_again_and_only_in_demo_mode(world):
    for _ in range(2):
        one = (await (await world.client.get("/demo/staff")).json())["staff"][0]
        assert (await sign_in(world, one["name"], one["password"], one["code"])).status == 200
    accounts = world.parts.staff.accounts
    real = type(accounts)(world.sessions.engine, accounts._passwords, world.clock, demo=False)
    world.clock.now += 90
    one = (await (await world.client.get("/demo/staff")).json())["staff"][0]

    assert await real.authenticate(one["name"], STAFF_PASSWORD, one["code"]) is None
    assert real.demo_code(one["name"]) is None


def test_the_staff_command(tmp_path, monkeypatch, capsys):
    from actions.settings import settings

    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    settings.cache_clear()
    try:

        def run(*arguments, typed=""):
            monkeypatch.setattr("sys.stdin", io.StringIO(typed))
            code = main(["staff", *arguments])
            return code, *capsys.readouterr()

        code, out, _ = run("add", "wang.wu", "--role", "supervisor", typed=PASSWORD + "\n")
        assert code == 0
        assert "密钥：" in out
        assert "wang.wu  主管" in run("list")[1]
        assert run("add", "wang.wu", "--role", "clerk", typed=PASSWORD)[0] == 2
        assert "密码应有" in run("add", "zhao", "--role", "clerk", typed="short")[2]
        assert run("disable", "wang.wu")[0] == 0
        assert "已停用" in run("list")[1]
        assert run("reset", "wang.wu", typed=PASSWORD)[0] == 0
        assert run("disable", "nobody")[2] == "没有员工账号“nobody”。\n"
        file = tmp_path / "p.jsonl"
        file.write_text('{"number": "18600010101", "password": "123456"}\n{"number": 1}\n')
        assert main(["accounts", "passwords", str(file)]) == 2
        assert "第 2 行" in capsys.readouterr().err
        file.write_text('{"number": "18600010101", "password": "123456"}\n')
        assert main(["accounts", "passwords", str(file)]) == 0
    finally:
        settings.cache_clear()
