"""A real browser (Debian's Chromium), and a chat page in front of a fake assistant."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

from actions.settings import ROOT
from bot.gateway.app import Parts, create_app
from bot.gateway.sessions import SessionStore
from tests.bot.gateway.fakes import DEMO_ACCOUNTS, FakeAssistant

SCREENSHOTS = ROOT / "var" / "screenshots"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Without these Chromium looks for its maker's servers at every start.
_ARGUMENTS = [
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
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_ARGUMENTS)
        yield browser
        await browser.close()


@dataclass
class Watched:
    """A page, with everything it complained about and every address it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


async def open_page(browser: Browser, url: str, viewport: dict[str, int] = DESKTOP, scheme: str = "light") -> Watched:
    """Opens the chat page and waits until its demo sign-in is there."""
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale="zh-CN")
    watched = Watched(await context.new_page())
    watched.page.on("console", lambda message: watched.complaints.append(message.text))
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.on("request", lambda request: watched.addresses.append(request.url))
    await watched.page.goto(url)
    await watched.page.locator(".identity").first.wait_for(state="attached")
    return watched


async def ask(page: Page, text: str) -> None:
    """Types a question and waits until the page waits no longer."""
    await page.fill("#question", text)
    await page.press("#question", "Enter")
    await answered(page)


async def answered(page: Page) -> None:
    """Waits until the page waits no longer; it shows that it waits as soon as something is sent."""
    await page.locator("#typing").wait_for(state="hidden")


async def screenshot(page: Page, name: str) -> None:
    """Keeps a picture for people to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
async def url(assistant: FakeAssistant, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a gateway in front of the fake assistant."""
    sessions = SessionStore(f"sqlite:///{tmp_path / 'sessions.db'}", idle_seconds=1800, demo=True)
    async with TestServer(create_app(Parts(assistant, sessions, 1.0, DEMO_ACCOUNTS))) as server:
        yield str(server.make_url("/"))
