"""The staff console in front of a whole gateway with a fake assistant: people of each role sign in, customers ask beside them."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from actions.accounts.demo import prepare_demo_accounts
from actions.accounts.importer import import_accounts
from actions.blocks import Block
from actions.privacy.masking import mask
from actions.reply import Reply
from actions.settings import settings
from bot.conversations.opening import open_conversations
from bot.conversations.service import Conversations
from bot.gateway.app import Parts, create_app
from bot.identity.parts import IdentityParts
from bot.identity.sessions import SessionStore
from knowledge.facts import load_facts
from tests.bot.gateway.fakes import DEMO_ACCOUNTS, FakeAssistant
from tests.bot.identity_parts import KEYS, identity_parts
from tests.browser.conftest import DESKTOP, Scheme, Watched, watch

ROLES = {"clerk": "demo.clerk", "supervisor": "demo.supervisor", "rule_owner": "demo.rules"}
_SIGN_IN = """async (name) => {
  const { staff } = await (await fetch("/demo/staff")).json();
  const { password, code } = staff.find((one) => one.name === name);
  const answer = await fetch("/api/v1/staff/sign-in", {method: "POST", headers: {"Content-Type": "application/json"},
    body: JSON.stringify({name, password, code})});
  return answer.status;
}"""


def rule(text: str) -> Reply:
    """An answer out of the rules, whatever was asked."""
    blocks: list[Block] = [
        {"type": "text", "text": f"关于“{mask(text).text}”：请带单位介绍信和经办人身份证。", "tone": "plain"},
        {
            "type": "citations",
            "items": [{"document": "集团客户标准服务内容", "section": "五(二)", "passage": "凭介绍信办理"}],
        },
    ]
    said = "请带单位介绍信和经办人身份证。（依据：《集团客户标准服务内容》五(二)）"
    return Reply(decision="answer", blocks=blocks, operations=["cancel_service"], aspect="documents", copy=said)


@dataclass
class Desk:
    """The pages of a gateway in demo mode, as people have them open."""

    url: str

    async def sign_in(
        self,
        browser: Browser,
        role: str,
        path: str = "",
        viewport: dict[str, int] = DESKTOP,
        scheme: Scheme = "light",
        scale: float = 1.0,
    ) -> Watched:
        """The console as somebody of this role has it open, in a browser of their own."""
        context = await browser.new_context(
            viewport=viewport, color_scheme=scheme, locale="zh-CN", device_scale_factor=scale, accept_downloads=True
        )
        page = await context.new_page()
        await page.goto(f"{self.url}/console/")
        assert await page.evaluate(_SIGN_IN, ROLES[role]) == 200
        watched = watch(page)
        await watched.page.goto(f"{self.url}/console/#/{path}")
        # The address has only its end changed: the page is loaded anew so that it learns who is signed in.
        await watched.page.reload()
        await watched.page.locator(".view h1").wait_for()
        return watched

    async def another_page(self, person: Watched, path: str) -> Watched:
        """A second page of the same person."""
        watched = watch(await person.page.context.new_page())
        await watched.page.goto(f"{self.url}/console/#/{path}")
        await watched.page.locator(".view h1").wait_for()
        return watched

    async def customer(self, browser: Browser, viewport: dict[str, int] = DESKTOP) -> Watched:
        """A customer on the page of the web hall, with the widget open."""
        context = await browser.new_context(viewport=viewport, locale="zh-CN")
        watched = watch(await context.new_page())
        await watched.page.goto(f"{self.url}/")
        await watched.page.locator(".launcher").click()
        return watched


@dataclass
class Served(Desk):
    """The same, with what stands behind the pages at hand."""

    room: Conversations
    assistant: FakeAssistant
    identity: IdentityParts
    clock: "Clock"

    def refused(self, path: str) -> str:
        """What the browser writes down where the staff API says that nobody is signed in."""
        return f"Failed to load resource: the server responded with a status of 401 (Unauthorized) {self.url}/api/v1/staff/{path}"


@dataclass
class Clock:
    """The time by which staff is signed in; it can be put forward."""

    ahead: float = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


@asynccontextmanager
async def serving(folder: Path, port: int | None = None) -> AsyncIterator[Served]:
    """A gateway on a folder; another one on the same folder goes on where it stopped."""
    assistant = FakeAssistant(answer=rule)
    sessions = SessionStore(f"sqlite:///{folder / 'sessions.db'}", idle_seconds=1800, demo=True, keys=KEYS)
    room = open_conversations(f"sqlite:///{folder / 'conversations.db'}", assistant)
    clock = Clock()
    identity = identity_parts(sessions, folder, clock)
    parts = Parts(
        assistant,
        sessions,
        2.0,
        DEMO_ACCOUNTS,
        identity=identity,
        conversations=room,
    )
    async with TestServer(create_app(parts), port=port) as server:
        yield Served(str(server.make_url("")).rstrip("/"), room, assistant, identity, clock)


@asynccontextmanager
async def serving_accounts(folder: Path, environment: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    """A gateway that knows the demo accounts."""
    environment.setenv("BOT_VAR", str(folder))
    environment.setenv("RULES_TODAY", "2026-11-27")
    settings.cache_clear()
    prepare_demo_accounts(settings().accounts_url)
    async with serving(folder) as served:
        yield served
    settings.cache_clear()


def add_company(folder: Path, name: str, many: int, arrears: int) -> None:
    """A company with so many numbers, so many of them in arrears."""
    with (settings().demo_data / "accounts.jsonl").open(encoding="utf-8") as lines:
        account = json.loads(next(lines))
    made = [
        {
            **account,
            "number": f"1860009{n:04d}",
            "customer": {**account["customer"], "id": "G7001", "name": name},
            "arrears": "12.00" if n < arrears else "0.00",
        }
        for n in range(many)
    ]
    file = folder / "company.jsonl"
    file.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in made), encoding="utf-8")
    import_accounts(file, settings().accounts_url, load_facts(settings().rules / "facts.yml"))


NARROW = {"width": 360, "height": 740}
# 1280 by 800 at 200 %.
ZOOMED = {"width": 640, "height": 400}


async def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def waiting_customer(
    served: Served, conversation: str = "customer-conversation-1", text: str = "销户要带什么"
) -> str:
    """A customer who has asked something and then for a person; returns the conversation."""
    ticket = await served.room.submit(conversation, None, text, f"first-{conversation}", "web")
    await served.room.outcome(ticket)
    assert (await served.room.request_handoff(conversation, None, "web")).state == "queued"
    return conversation


async def says(served: Served, conversation: str, text: str, key: str) -> None:
    """Something that this customer says."""
    await served.room.submit(conversation, None, text, key, "web")
