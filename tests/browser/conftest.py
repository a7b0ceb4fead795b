"""A real browser (Debian's Chromium), and the help widget in front of a fake assistant."""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from actions.settings import ROOT, DoorSettings
from bot.conversations.opening import open_conversations
from bot.conversations.service import Conversations
from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from tests.bot.gateway.fakes import DEMO_ACCOUNTS, FakeAssistant
from tests.bot.identity_parts import KEYS, identity_parts

SCREENSHOTS = ROOT / "var" / "screenshots"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
Scheme = Literal["light", "dark"]
# Without these Chromium looks for its maker's servers at every start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class Watched:
    """A page, with everything it complained about and every address it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def watch(page: Page) -> Watched:
    """Writes down from now on what a page complains about and asks for; a request that failed comes with its address."""
    watched = Watched(page)

    def complain(message: ConsoleMessage) -> None:
        failed = message.location["url"] if message.text.startswith("Failed to load resource") else ""
        watched.complaints.append(f"{message.text} {failed}".strip())

    page.on("console", complain)
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("request", lambda request: watched.addresses.append(request.url))
    return watched


async def open_page(
    browser: Browser, url: str, viewport: dict[str, int] = DESKTOP, scheme: Scheme = "light", path: str = "chat"
) -> Watched:
    """Opens a page with the widget, by default the one that holds nothing else, and waits until it can be used."""
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale="zh-CN")
    watched = watch(await context.new_page())
    await watched.page.goto(f"{url}{path}")
    await watched.page.locator("#question" if path == "chat" else ".launcher").wait_for()
    return watched


async def say(page: Page, text: str) -> None:
    """Types something and sends it."""
    await page.fill("#question", text)
    await page.press("#question", "Enter")


async def clean(page: Page) -> None:
    """Finds nothing that axe objects to in the page as it is now."""
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


async def ask(page: Page, text: str) -> None:
    """Types a question and waits until the page waits no longer."""
    await say(page, text)
    await answered(page, text)


async def answered(page: Page, text: str) -> None:
    """Waits until the server has taken what was said last, and the answer is there."""
    said = page.locator(".entry.user:not(.unsent)", has_text=text.strip()).last
    await said.wait_for()
    await page.locator(".log > .entry.assistant:last-child").wait_for()
    await page.locator(".typing[data-state=idle]").wait_for(state="attached")


async def screenshot(page: Page, name: str, *, whole: bool = False) -> None:
    """Keeps a picture for people to look at; `whole`: also of what one has to scroll to."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=whole)


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
async def url(assistant: FakeAssistant, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a gateway in front of the fake assistant."""
    async with TestServer(gateway(assistant, tmp_path)) as server:
        yield str(server.make_url("/"))


def gateway(
    assistant: FakeAssistant,
    folder: Path,
    door: DoorSettings | None = None,
    *,
    conversations: Conversations | None = None,
    identity: bool = False,
) -> web.Application:
    """A gateway with its databases in a folder; another one on the same folder goes on where it stopped.

    `identity`: whether people can sign in by other ways than the demo accounts.
    """
    sessions = SessionStore(f"sqlite:///{folder / 'sessions.db'}", idle_seconds=1800, demo=True, keys=KEYS)
    door = door or DoorSettings()
    parts = Parts(
        assistant,
        sessions,
        1.0,
        DEMO_ACCOUNTS,
        conversations=conversations or open_conversations(f"sqlite:///{folder / 'conversations.db'}", assistant),
        door=door,
        identity=identity_parts(sessions, folder, time.time, allowed_origin=door.origins.__contains__)
        if identity
        else None,
    )
    return create_app(parts)
