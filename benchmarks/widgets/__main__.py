"""The help widget beside deep-chat: size, time to first usable, axe, strict policies, and who else is asked.

    make benchmark-widgets

Both stand alone in the same page and ask the same gateway, behind which an assistant answers at once. Loads alternate, each
in a new profile.
"""

import argparse
import asyncio
import gzip
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from aiohttp.test_utils import TestServer, unused_port
from playwright.async_api import Browser, async_playwright

from actions.settings import DoorSettings, settings
from benchmarks.widgets import measuring
from benchmarks.widgets.pages import DEEP_CHAT, POLICIES, WIDGETS, Widget, host
from bot.gateway.origins import WIDGETS as MODULES
from bot.gateway.pages import widget as module
from tests.bot.gateway.fakes import FakeAssistant
from tests.browser.conftest import ARGUMENTS, gateway

_BUNDLE: Final = Path("widgets") / "node_modules" / "deep-chat" / "dist" / "deepChat.bundle.js"


def main() -> None:
    """Measures, prints the tables and writes them to a file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", type=int, default=9, help="loads of each widget on each network")
    parser.add_argument("--out", type=Path, default=settings().var / "widgets" / "result.md")
    args = parser.parse_args()

    deep_chat = settings().var / _BUNDLE
    if not deep_chat.exists():
        sys.exit(f"{deep_chat} is not there: make benchmark-widgets installs it with npm")
    text = asyncio.run(_compare(deep_chat, args.loads))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


async def _compare(deep_chat: Path, loads: int) -> str:
    port = unused_port()
    assistant = FakeAssistant()
    door = DoorSettings(origins=frozenset({f"http://127.0.0.1:{port}"}))
    with tempfile.TemporaryDirectory() as folder:
        async with TestServer(gateway(assistant, Path(folder), door)) as server, async_playwright() as playwright:
            address = str(server.make_url("/")).rstrip("/")
            async with TestServer(host(address, deep_chat), port=port) as site:
                browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
                run = _Run(browser, str(site.make_url("/")).rstrip("/"), address, assistant)
                tables = [
                    _sizes(deep_chat),
                    await run.times(loads),
                    await run.accessibility(),
                    await run.policies(),
                ]
                await browser.close()
    return "\n".join(tables)


def _sizes(deep_chat: Path) -> str:
    files = {f"ours ({language})": module(language)[0] for language in MODULES.values()}
    files[DEEP_CHAT.name] = deep_chat.read_bytes()
    rows = [[name, f"{len(body):,}", f"{len(gzip.compress(body, 9)):,}"] for name, body in files.items()]
    return _table(["one module", "bytes minified", "bytes minified and packed (gzip -9)"], rows)


class _Run:
    def __init__(self, browser: Browser, site: str, gateway: str, assistant: FakeAssistant) -> None:
        self._browser = browser
        self._site = site
        self._gateway = gateway
        self._assistant = assistant

    def _opened(self, widget: Widget, policy: str, *, slow: bool = False) -> measuring.Opened:
        address = f"{self._site}/{WIDGETS.index(widget)}/{list(POLICIES).index(policy)}"
        return measuring.opened(self._browser, widget, address, self._gateway, slow=slow)

    async def times(self, loads: int) -> str:
        rows = []
        for network, slow in (("loopback", False), ("1.6 Mbit/s, 150 ms", True)):
            taken: dict[str, list[float]] = {widget.name: [] for widget in WIDGETS}
            # The first load of each is not counted; then each is the first of its pair as often as the other.
            for load in range(loads + 1):
                for widget in WIDGETS[:: 1 if load % 2 else -1]:
                    async with self._opened(widget, "none", slow=slow) as seen:
                        after = await measuring.usable_after(seen)
                    assert after is not None, f"{widget.name} cannot be used"
                    if load:
                        taken[widget.name].append(after)
            rows += [[network, name, str(len(each)), *map(_ms, _spread(each))] for name, each in taken.items()]
        return _table(["network", "widget", "loads", "median ms to first usable", "fastest", "slowest"], rows)

    async def accessibility(self) -> str:
        rows = []
        for widget in WIDGETS:
            async with self._opened(widget, "none") as seen:
                await measuring.usable_after(seen)
                found = {"at the start": await measuring.findings(seen)}
                self._assistant.seconds = 2.0
                await measuring.ask(seen, widget)
                await asyncio.sleep(0.7)
                found["while it waits"] = await measuring.findings(seen)
                assert await measuring.answered(seen, widget)
                self._assistant.seconds = 0.0
                found["after an answer"] = await measuring.findings(seen)
                await seen.page.context.set_offline(True)
                await measuring.ask(seen, widget)
                assert await measuring.failed(seen, widget)
                found["without a network"] = await measuring.findings(seen)
            rows += [[widget.name, state, str(len(each)), ", ".join(each) or "–"] for state, each in found.items()]
        return _table(["widget", "state", "findings of axe", "which"], rows)

    async def policies(self) -> str:
        rows = []
        for policy in POLICIES:
            for widget in WIDGETS:
                async with self._opened(widget, policy) as seen:
                    usable = await measuring.usable_after(seen) is not None
                    if usable:
                        await measuring.ask(seen, widget)
                    answers = usable and await measuring.answered(seen, widget)
                    refused = await measuring.refusals(seen)
                    kinds = ", ".join(f"{kind} ({times})" for kind, times in sorted(refused.items())) or "–"
                    others = ", ".join(sorted(seen.hosts)) or "–"
                rows.append(
                    [policy, widget.name, "yes" if answers else "no", str(refused.total()), kinds, others],
                )
        return _table(["policy", "widget", "answers", "refused by the policy", "which", "other origins asked"], rows)


def _spread(values: list[float]) -> tuple[float, float, float]:
    return statistics.median(values), min(values), max(values)


def _ms(value: float) -> str:
    return f"{value:.0f}"


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    main()
