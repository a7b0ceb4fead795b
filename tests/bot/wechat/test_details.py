"""The pages with whole answers: who gets in, how long, and what stands on them; on both databases."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from actions.blocks import VerdictBlock
from actions.identity import Identity
from actions.reply import Reply
from bot.conversations.entries import Entry
from bot.conversations.service import Conversations
from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from bot.messaging.detail_page import DetailPages
from bot.messaging.details import DETAIL_HOURS, Details
from bot.messaging.migrations import upgrade
from bot.messaging.store import MessagingStore
from bot.wechat.telling import entry_teller, teller
from tests.bot.conversations.parts import Clock, make_room
from tests.bot.gateway.fakes import ALLOWED, ARREARS, FakeAssistant
from tests.bot.wechat.account import KEYS, world
from tests.wechat.platform import serving

ANNA, BERT = "o-anna", "o-bert"
KNOWN = Identity("customer", (ALLOWED,), "G1001")
PUBLIC = "https://bot.example"
LINK = re.compile(r"https://bot\.example(/detail/[0-9]+-[0-9a-f]{40})")


def verdict(number: str = "186****0101") -> VerdictBlock:
    return {
        "type": "verdict",
        "status": "blocked",
        "status_text": "暂不能办理",
        "title": "186****0101 现在还不能办理改号",
        "number": number,
        "reasons": ["有欠费 12.50 元"],
        "unknowns": [],
        "steps": ["交清欠费", "再来办理"],
        "notices": [],
        "earliest": "2026-12-01",
        "earliest_certain": True,
        "moments": [
            {"date": "2026-11-25", "day": "11月25日", "state": "barred", "text": "暂不能办理", "notes": ["交清欠费"]},
            {"date": "2026-12-01", "day": "12月1日", "state": "possible", "text": "可以办理", "notes": []},
        ],
    }


def long_answer(_text: str = "") -> Reply:
    items = [f"材料之{place}：" + "单位介绍信，加盖公章；" * 12 for place in range(12)]
    items[3] = f"<img src=x onerror=alert(1)> 电话 {ARREARS}"
    return Reply(
        decision="answer",
        blocks=[
            {"type": "text", "text": "单位客户：要带这些", "heading": "单位客户"},
            {"type": "checklist", "title": "过户要带", "items": items, "print": "/checklists/transfer"},
            {"type": "citations", "items": [{"document": "某办法", "section": "五(二)"}]},
        ],
    )


@dataclass
class Place:
    """A gateway with the pages alone, and who its people are."""

    url: str
    room: Conversations
    store: MessagingStore
    details: Details
    clock: Clock
    who: dict[str, Identity | None] = field(default_factory=dict)

    async def answered(self, account: str, key: str = "m1", identity: Identity | None = None) -> int:
        """The entry of a message that this person sent, now answered."""
        taken = await asyncio.to_thread(self.store.take, account, key, None)
        taken = await asyncio.to_thread(self.store.conversation_of, taken, identity)
        ticket = await self.room.submit(taken.conversation, identity, "问题", taken.key, "wechat")
        await self.room.outcome(ticket)
        return ticket.entry

    def address(self, message: int) -> str:
        return self.url + (self.details.link(message) or "").removeprefix(PUBLIC)


@asynccontextmanager
async def place(url: str, sessions: str, answer: Any = long_answer) -> AsyncIterator[Place]:
    clock = Clock()
    assistant = FakeAssistant(answer=answer)
    room = make_room(url, assistant, clock=clock)
    upgrade(room.store.engine)
    store = MessagingStore(
        room.store.engine, KEYS, "wechat", "wx1", idle_seconds=1800, clock=lambda: clock.now.timestamp()
    )
    details = Details(store, KEYS, PUBLIC)
    who: dict[str, Identity | None] = {}

    async def known(account: str) -> Identity | None:
        return who.get(account)

    parts = Parts(
        assistant=assistant,
        sessions=SessionStore(sessions, idle_seconds=1800, demo=True),
        reply_timeout_seconds=2.0,
        conversations=room,
        messengers=lambda _: [DetailPages(details, known)],
    )
    async with serving(create_app(parts)) as served:
        yield Place(served, room, store, details, clock, who)


def device() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def looked(http: aiohttp.ClientSession, address: str) -> tuple[int, str]:
    async with http.get(address) as response:
        return response.status, await response.text()


async def pressed(http: aiohttp.ClientSession, address: str) -> tuple[int, str]:
    async with http.post(address) as response:
        return response.status, await response.text()


async def test_only_the_device_that_opened_a_page_first_sees_it_and_sees_it_again(database_url, sessions):
    async with place(database_url, sessions) as here, device() as first, device() as second:
        address = here.address(await here.answered(ANNA))
        # Looking uses nothing up, whoever looks.
        for http in (second, first):
            status, page = await looked(http, address)
            assert (status, "材料之" in page) == (200, False)
        status, page = await pressed(first, address)
        assert (status, "材料之0" in page) == (200, True)
        status, page = await pressed(second, address)
        assert (status, "材料之" in page) == (403, False)
        assert "材料之" not in (await looked(second, address))[1]
        assert "材料之0" in (await looked(first, address))[1]


async def test_of_two_devices_at_the_same_moment_one_gets_in(database_url, sessions):
    async with place(database_url, sessions) as here:
        address = here.address(await here.answered(ANNA))
        devices = [device() for _ in range(8)]
        results = await asyncio.gather(*(pressed(http, address) for http in devices))
        await asyncio.gather(*(http.close() for http in devices))
        assert sorted(status for status, _ in results) == [200] + [403] * 7


async def test_a_page_ends_after_its_time_even_for_the_device_that_has_it(database_url, sessions):
    async with place(database_url, sessions) as here, device() as http:
        address = here.address(await here.answered(ANNA))
        await pressed(http, address)
        here.clock.pass_(hours=DETAIL_HOURS, seconds=-1)
        assert (await looked(http, address))[0] == 200
        here.clock.pass_(seconds=1)
        status, page = await looked(http, address)
        assert (status, "材料之" in page, "再问一次" in page) == (410, False, True)


async def test_a_link_that_was_not_made_here_opens_nothing(database_url, sessions):
    async with place(database_url, sessions) as here, device() as http:
        message = await here.answered(ANNA)
        address = here.address(message)
        other = Details(
            MessagingStore(here.store.engine, KEYS, "wechat", "wx2", idle_seconds=1800, clock=here.store.clock),
            KEYS,
            here.url,
        )
        last = "0" if address[-1] != "0" else "1"
        wrong = [
            address[:-1] + last,
            address.replace(f"/{message}-", f"/{message + 1}-"),
            address.upper().replace("HTTP", "http").replace("/DETAIL/", "/detail/"),
            f"{here.url}/detail/{message}",
            f"{here.url}/detail/{'9' * 400}-{'0' * 40}",
            other.link(message) or "",
        ]
        for one in wrong:
            assert (await pressed(http, one))[0] == 410, one
        assert (await pressed(http, address))[0] == 200


async def test_a_page_ends_with_the_conversation_it_belongs_to(database_url, sessions):
    async with place(database_url, sessions) as here, device() as http:
        address = here.address(await here.answered(ANNA))
        await here.answered(BERT, "m2")
        assert (await pressed(http, address))[0] == 200
        here.clock.pass_(minutes=31)
        await asyncio.to_thread(here.store.settle, here.store.take(ANNA, "m1", None), "gone")
        # Another identity is another conversation.
        here.store.conversation_of(here.store.take(ANNA, "another", None), KNOWN)
        with here.store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE messaging_person SET open = false")
        await here.answered(ANNA, "m3")
        assert (await looked(http, address))[0] == 410


@pytest.mark.parametrize(
    "now",
    [None, Identity("customer", (ARREARS,), "G1001"), Identity("customer", (), "G1001")],
    ids=["unbound", "another number", "transferred or cancelled"],
)
async def test_a_verdict_is_shown_only_as_long_as_its_number_is_the_persons(database_url, sessions, now):
    answer = Reply(decision="answer", blocks=[verdict()])
    async with place(database_url, sessions, lambda _: answer) as here, device() as http:
        here.who[ANNA] = KNOWN
        address = here.address(await here.answered(ANNA, identity=KNOWN))
        status, page = await pressed(http, address)
        assert (status, "暂不能办理" in page) == (200, True)
        here.who[ANNA] = now
        status, page = await looked(http, address)
        assert (status, "暂不能办理" in page) == (410, False)
        assert (await pressed(http, address))[0] == 410


@pytest.mark.parametrize(
    "now",
    [
        Identity("customer", (ALLOWED,), "G1001"),
        Identity("customer", (ARREARS,), "G1001"),
        Identity("customer", (ALLOWED, ARREARS), "G2002"),
    ],
    ids=["one unbound", "the other one unbound, cancelled or transferred", "both another customer's"],
)
async def test_words_about_one_of_several_numbers_end_as_soon_as_one_is_not_the_persons(database_url, sessions, now):
    both = Identity("customer", (ARREARS, ALLOWED), "G1001")
    answer = Reply(decision="answer", blocks=[{"type": "text", "text": "尾号 0102 的号码有欠费"}])
    async with place(database_url, sessions, lambda _: answer) as here, device() as http:
        here.who[ANNA] = both
        address = here.address(await here.answered(ANNA, identity=both))
        assert "欠费" in (await pressed(http, address))[1]
        # In whatever order they were bound.
        here.who[ANNA] = Identity("customer", (ALLOWED, ARREARS), "G1001")
        assert "欠费" in (await looked(http, address))[1]
        here.who[ANNA] = now
        status, page = await looked(http, address)
        assert (status, "欠费" in page) == (410, False)
        assert (await pressed(http, address))[0] == 410


async def test_what_was_said_to_somebody_nobody_knew_stays_when_they_have_bound_a_number(database_url, sessions):
    async with place(database_url, sessions) as here, device() as http:
        address = here.address(await here.answered(ANNA))
        here.who[ANNA] = KNOWN
        assert "材料之0" in (await pressed(http, address))[1]


async def test_what_was_said_to_somebody_known_is_not_shown_to_somebody_nobody_knows(database_url, sessions):
    answer = Reply(decision="answer", blocks=[{"type": "text", "text": "您的号码有欠费"}])
    async with place(database_url, sessions, lambda _: answer) as here, device() as http:
        here.who[ANNA] = KNOWN
        address = here.address(await here.answered(ANNA, identity=KNOWN))
        assert "欠费" in (await pressed(http, address))[1]
        here.who[ANNA] = None
        assert "欠费" not in (await looked(http, address))[1]


async def test_a_page_shows_no_number_in_clear_and_runs_nothing(database_url, sessions):
    async with place(database_url, sessions) as here, device() as http:
        address = here.address(await here.answered(ANNA))
        async with http.post(address) as response:
            page = await response.text()
            policy, kept = response.headers["Content-Security-Policy"], response.headers["Cache-Control"]
            cookie = response.history[0].headers["Set-Cookie"]
    assert ARREARS not in page
    assert "<img" not in page
    assert "&lt;img src=x" in page
    assert "<script" not in page
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert kept == "no-store"
    assert "HttpOnly" in cookie
    assert "Path=/detail/" in cookie


async def test_a_page_elsewhere_cannot_press_the_button(database_url, sessions):
    async with place(database_url, sessions) as here, device() as http:
        address = here.address(await here.answered(ANNA))
        async with http.post(address, headers={"Origin": "https://evil.example"}) as response:
            assert response.status == 403
        assert (await pressed(http, address))[0] == 200


async def test_a_long_answer_comes_with_its_page_in_the_first_text_and_a_short_one_without(database_url, sessions):
    assistant = FakeAssistant(answer=lambda text: long_answer() if "材料" in text else Reply("answer", [{"type": "text", "text": "好"}]))  # fmt: skip
    async with world(database_url, sessions, assistant=assistant) as here, device() as http:
        await here.says(ANNA, "材料")
        texts = await here.until_shown(ANNA, 3)
        found = [LINK.findall(text) for text in texts]
        assert len(found[0]) == 1
        assert not any(found[1:])
        gateway = here.platform.callback.removesuffix("/wechat/callback")
        assert "材料之11" in (await pressed(http, gateway + found[0][0]))[1]
        await here.says(BERT, "短的")
        assert here.shown(BERT) == ["好"]


def test_the_reply_and_the_outbox_tell_the_same_texts():
    stored = {**long_answer().to_json(), "message": 7}
    link = lambda message: f"{PUBLIC}/detail/{message}-{'0' * 40}"  # noqa: E731
    told = teller(PUBLIC, link)([stored])
    assert LINK.findall(told[0]) == [f"/detail/7-{'0' * 40}"]
    assert all(len(text.encode()) <= 2048 for text in told)
    assert teller(PUBLIC, lambda _: None)([stored]) != told
    entry = Entry(8, "c", Clock().now, "assistant", "", reply_to=7, reply=long_answer().to_json())
    assert entry_teller(PUBLIC, link)(entry) == told


def test_a_verdict_with_days_comes_with_its_page():
    stored = {**Reply(decision="answer", blocks=[verdict()]).to_json(), "message": 7}
    (text,) = teller(PUBLIC, lambda message: f"{PUBLIC}/detail/{message}-{'0' * 40}")([stored])
    assert LINK.search(text)
