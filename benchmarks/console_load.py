"""How long the staff console takes to open: the sign-in page, and for somebody signed in the page to ask.

    make benchmark-console

Each time in a new profile with nothing kept, from the start of the navigation until the first field can be typed in. The
gateway is the real one; what answers questions is not asked.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, StorageState, async_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.console_desk import serving


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", type=int, default=9, help="how often each page is opened")
    loads: int = parser.parse_args().loads
    sys.stdout.write(asyncio.run(_measured(loads)))


async def _measured(loads: int) -> str:
    door: list[float] = []
    ask: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        async with serving(Path(folder)) as served, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
            # The first load of all also warms the gateway.
            await _opened(await browser.new_context(locale="zh-CN"), served.url, "input")
            state = await _signed_in(browser, served.url)
            for _ in range(loads):
                door.append(await _opened(await browser.new_context(locale="zh-CN"), served.url, "input"))
                context = await browser.new_context(locale="zh-CN", storage_state=state)
                ask.append(await _opened(context, served.url, "#question"))
            await browser.close()
    lines = ["| page | loads | median ms | fastest | slowest |", "|---|---|---|---|---|"]
    for name, times in (("sign-in", door), ("ask, signed in", ask)):
        figures = (statistics.median(times), min(times), max(times))
        lines.append(f"| {name} | {loads} | " + " | ".join(f"{one * 1000:.0f}" for one in figures) + " |")
    return "\n".join(lines) + "\n"


async def _opened(context: BrowserContext, url: str, field: str) -> float:
    page = await context.new_page()
    begun = time.perf_counter()
    await page.goto(f"{url}/console/", wait_until="commit")
    await page.locator(field).first.wait_for()
    taken = time.perf_counter() - begun
    await context.close()
    return taken


async def _signed_in(browser: Browser, url: str) -> StorageState:
    context = await browser.new_context(locale="zh-CN")
    page = await context.new_page()
    await page.goto(f"{url}/console/")
    await page.get_by_role("button", name="demo.clerk").click()
    await page.locator("#question").wait_for()
    state = await context.storage_state()
    await context.close()
    return state


if __name__ == "__main__":
    main()
