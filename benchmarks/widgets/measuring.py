"""What a browser says of a widget: when it can be used, what axe finds, what the policy refused, and who was asked."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page
from playwright.async_api import TimeoutError as TooLate

from benchmarks.widgets.pages import Widget

_QUESTION: Final = "销户要带什么"
_LONGEST_MS: Final = 8_000
# A telephone network: 1.6 Mbit/s and 150 ms there and back.
SLOW: Final = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
_VIEWPORT: Final = {"width": 1280, "height": 800}

# Runs before anything of the page: notes what the policy refuses, and when the field can first be seen and typed into.
_WATCH: Final = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.refused.push(`${event.effectiveDirective} ${event.blockedURI || "inline"}`);
});
window.usable = new Promise((resolve) => {
  const find = (root) => {
    const found = root.querySelector(%r);
    if (found) return found;
    for (const node of root.querySelectorAll("*")) {
      const inner = node.shadowRoot && find(node.shadowRoot);
      if (inner) return inner;
    }
    return null;
  };
  const look = () => {
    const field = document.body && find(document);
    if (field?.getBoundingClientRect().height && !field.disabled) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
"""


@dataclass
class Seen:
    """One page with a widget.

    Attributes:
        hosts: origins that were asked, but for the page's own and the gateway's.
    """

    page: Page
    hosts: set[str] = field(default_factory=set)


Opened = AbstractAsyncContextManager[Seen]


@asynccontextmanager
async def opened(
    browser: Browser, widget: Widget, address: str, gateway: str, *, slow: bool = False
) -> AsyncIterator[Seen]:
    """The page in a new profile, nothing of it cached; `slow`: over a telephone network."""
    context = await browser.new_context(viewport=_VIEWPORT, locale="zh-CN")
    await context.add_init_script(_WATCH % widget.field)
    page = await context.new_page()
    seen = Seen(page)
    ours = (address.rsplit("/", 2)[0], gateway)
    page.on("request", lambda request: seen.hosts.update(_other(request.url, ours)))
    if slow:
        session = await context.new_cdp_session(page)
        await session.send("Network.enable")
        await session.send("Network.emulateNetworkConditions", SLOW)
    await page.goto(address)
    yield seen
    await context.close()


def _other(url: str, ours: tuple[str, ...]) -> list[str]:
    if url.startswith((*ours, "data:", "blob:")):
        return []
    return ["/".join(url.split("/")[:3])]


async def usable_after(seen: Seen) -> float | None:
    """Milliseconds from the start of the navigation until the field can be typed into; None where it never can."""
    try:
        async with asyncio.timeout(_LONGEST_MS / 1000):
            return float(await seen.page.evaluate("window.usable"))
    except TimeoutError:
        return None


async def ask(seen: Seen, widget: Widget) -> None:
    """Types the question and sends it."""
    await seen.page.locator(widget.field).click()
    await seen.page.keyboard.type(_QUESTION)
    await seen.page.keyboard.press("Enter")


async def answered(seen: Seen, widget: Widget) -> bool:
    """Whether the answer comes to be seen."""
    return await _appears(seen, widget.answer)


async def failed(seen: Seen, widget: Widget) -> bool:
    """Whether it comes to be seen that the question was not sent."""
    return await _appears(seen, widget.failed)


async def _appears(seen: Seen, selector: str) -> bool:
    try:
        await seen.page.locator(selector).first.wait_for(timeout=_LONGEST_MS)
    except TooLate:
        return False
    return True


async def refusals(seen: Seen) -> Counter[str]:
    """What the policy has refused until now."""
    return Counter(await seen.page.evaluate("window.refused"))


async def findings(seen: Seen) -> list[str]:
    """The rules of axe that the page breaks as it is now, with their impact."""
    found = await Axe().run(seen.page)
    return [f"{one['id']} ({one['impact']})" for one in found.response["violations"]]
