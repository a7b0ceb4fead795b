"""The page with a whole answer in a real browser, as wide as a telephone: opened, ticked off, refused, with axe."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from actions.reply import Reply
from actions.settings import settings
from tests.bot.gateway.fakes import ALLOWED
from tests.bot.wechat.test_details import ANNA, KNOWN, Place, long_answer, place, verdict
from tests.browser.conftest import Scheme, screenshot

NARROW = {"width": 360, "height": 740}


def whole(_text: str) -> Reply:
    blocks = [
        {"type": "text", "text": "规则里没有写明办理时限。", "tone": "gap"},
        *long_answer().blocks[:1],
        verdict(),
        {"type": "checklist", "title": "过户要带", "items": ["有效身份证件原件", "单位介绍信，加盖公章"], "print": "/checklists/x"},
        {"type": "citations", "items": [{"document": "某办法", "section": "五(二)"}]},
    ]  # fmt: skip
    return Reply(decision="answer", blocks=blocks)


@pytest.fixture
async def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))
    settings.cache_clear()
    async with place(f"sqlite:///{tmp_path / 'c.db'}", f"sqlite:///{tmp_path / 's.db'}", whole) as made:
        made.who[ANNA] = KNOWN
        yield made
    settings.cache_clear()


async def opened(browser: Browser, address: str, scheme: Scheme = "light") -> tuple[Page, list[str]]:
    """The link on another device, with everything its page complains about."""
    context = await browser.new_context(viewport=NARROW, color_scheme=scheme, locale="zh-CN")
    page, complaints = await context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(address)
    return page, complaints


async def clean(page: Page) -> None:
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_page_is_opened_ticked_off_and_there_again_after_a_reload(browser, here, scheme):
    address = here.address(await here.answered(ANNA, identity=KNOWN))
    page, complaints = await opened(browser, address, scheme)
    await clean(page)
    await screenshot(page, f"detail-360-closed-{scheme}")
    assert "过户要带" not in await page.content()
    await page.get_by_role("button", name="打开").click()
    await page.get_by_role("heading", name="过户要带").wait_for()
    await page.get_by_label("有效身份证件原件").check()
    await clean(page)
    await page.set_viewport_size({**NARROW, "height": 1500})
    await screenshot(page, f"detail-360-{scheme}")
    assert ALLOWED not in await page.content()
    await page.reload()
    assert await page.get_by_role("heading", name="过户要带").count() == 1
    assert await page.evaluate("document.cookie") == ""
    assert complaints == []


async def test_another_device_and_a_page_that_is_gone_say_what_to_do(browser, here):
    address = here.address(await here.answered(ANNA, identity=KNOWN))
    first, _ = await opened(browser, address)
    await first.get_by_role("button", name="打开").click()
    second, _ = await opened(browser, address)
    await second.get_by_role("button", name="打开").click()
    await clean(second)
    await screenshot(second, "detail-360-elsewhere")
    assert "再问一次" in await second.locator("main").inner_text()
    here.who[ANNA] = None
    await first.reload()
    await clean(first)
    await screenshot(first, "detail-360-gone")
    assert "暂不能办理" not in await first.content()
