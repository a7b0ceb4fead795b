"""Sign-in of staff through a provider."""

import jwt
import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from bot.identity.staff.routes import COOKIE
from tests.bot.gateway.fakes import FakeAssistant
from tests.bot.identity_parts import KEYS, identity_parts
from tests.simulators.oidc import OidcProvider, new_key

CALLBACK = "http://gateway.example/staff/oidc/callback"


@pytest.fixture
async def provider(clock):
    simulator = OidcProvider(clock=clock, redirect=CALLBACK)
    async with TestServer(simulator.app()) as server:
        simulator.issuer = str(server.make_url("")).rstrip("/")
        yield simulator


@pytest.fixture
async def gateway(provider, tmp_path, clock):
    sessions = SessionStore(f"sqlite:///{tmp_path / 's.db'}", idle_seconds=1800, demo=False, clock=clock, keys=KEYS)
    parts = identity_parts(
        sessions,
        tmp_path,
        clock,
        demo=False,
        oidc_issuer=provider.issuer,
        oidc_client_secret=provider.secret,
        oidc_redirect=CALLBACK,
        oidc_roles=(("主管", "supervisor"), ("客服", "clerk")),
    )
    async with TestClient(TestServer(create_app(Parts(FakeAssistant(), sessions, 1.0, identity=parts)))) as client:
        client.parts = parts
        yield client


async def go_there(gateway):
    """Begins a sign-in; the browser's cookie, and the address the provider sends the browser back to."""
    start = await gateway.get("/staff/oidc/start", allow_redirects=False)
    assert start.status == 302, await start.text()
    async with gateway.session.get(URL(start.headers["Location"], encoded=True), allow_redirects=False) as answer:
        assert answer.status == 302
        back = URL(answer.headers["Location"], encoded=True)
    return {"Cookie": f"__Host-oidc={start.cookies['__Host-oidc'].value}"}, back


async def come_back(gateway, cookie, back):
    return await gateway.get(back.path_qs, headers=cookie, allow_redirects=False)


async def test_whom_the_provider_vouches_for_is_signed_in_with_the_role_of_the_claim(gateway, provider):
    provider.claims["roles"] = ["客服", "主管"]
    response = await come_back(gateway, *await go_there(gateway))
    session = gateway.parts.staff.sessions.find(response.cookies[COOKIE].value)

    assert (response.status, response.headers["Location"]) == (303, "/console/")
    assert (session.member.name, session.member.role) == ("zhang@sso", "supervisor")


async def test_an_answer_is_taken_once_and_in_the_browser_that_asked_only(gateway):
    cookie, back = await go_there(gateway)

    assert (await come_back(gateway, {}, back)).status == 403
    assert (await come_back(gateway, {"Cookie": "__Host-oidc=another"}, back)).status == 403
    assert (await come_back(gateway, cookie, back)).status == 303
    assert (await come_back(gateway, cookie, back)).status == 403


async def test_answers_mixed_up_or_late_are_refused(gateway, clock):
    cookie, back = await go_there(gateway)
    for changed in (back.update_query(state="x"), back.without_query_params("code")):
        assert (await come_back(gateway, cookie, changed)).status == 403
    cookie, back = await go_there(gateway)
    assert (await come_back(gateway, cookie, back.update_query(iss="https://evil.example"))).status == 403
    cookie, back = await go_there(gateway)
    clock.now += 601
    assert (await come_back(gateway, cookie, back)).status == 403


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"aud": "another"},
        {"aud": ["bot", "another"]},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": 1_799_999_000},
        {"iat": 1_800_001_000},
        {"roles": ["别的组"]},
        {"roles": None},
        {"roles": {"客服": True}},
    ],
)
async def test_a_token_that_is_not_for_us_now_signs_nobody_in(gateway, provider, spoil):
    provider.spoil = spoil
    response = await come_back(gateway, *await go_there(gateway))

    assert response.status == 403
    assert COOKIE not in response.cookies


@pytest.mark.parametrize("kind", ["another key", "none", "client secret", "unknown key"])
async def test_a_token_that_is_not_signed_by_the_provider_signs_nobody_in(gateway, provider, kind):
    ways = {
        "another key": lambda claims: jwt.encode(claims, new_key(), "RS256", headers={"kid": "one"}),
        "none": lambda claims: jwt.encode(claims, None, "none", headers={"kid": "one"}),
        "client secret": lambda claims: jwt.encode(claims, provider.secret * 3, "HS256", headers={"kid": "one"}),
        "unknown key": lambda claims: jwt.encode(claims, provider.key, "RS256", headers={"kid": "two"}),
    }
    provider.sign = ways[kind]

    assert (await come_back(gateway, *await go_there(gateway))).status == 403


async def test_a_changed_key_is_fetched(gateway, provider, clock):
    assert (await come_back(gateway, *await go_there(gateway))).status == 303
    provider.key = new_key()
    clock.now += 3_700

    assert (await come_back(gateway, *await go_there(gateway))).status == 303


async def test_a_provider_that_is_down_is_said_to_be(gateway, provider):
    provider.issuer += "/elsewhere"

    assert (await gateway.get("/staff/oidc/start", allow_redirects=False)).status == 503
