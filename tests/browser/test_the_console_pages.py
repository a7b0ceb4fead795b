"""The pages that a clerk works with all day: sign-in, asking, looking a number up, a company's numbers, search."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.bot.gateway.fakes import ALLOWED, ARREARS
from tests.browser.conftest import DESKTOP, PHONE, clean, screenshot, watch
from tests.browser.console_desk import Served, fits, says, serving_accounts

expect.set_options(timeout=10_000)


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    async with serving_accounts(tmp_path, monkeypatch) as one:
        yield one


@pytest.mark.parametrize(("device", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
async def test_somebody_signs_in_asks_and_copies(
    browser: Browser, served: Served, device: str, viewport: dict[str, int]
) -> None:
    context = await browser.new_context(viewport=viewport, locale="zh-CN")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched = watch(await context.new_page())
    page = watched.page
    await page.goto(f"{served.url}/console/")
    await page.get_by_role("button", name="demo.clerk").wait_for()
    await clean(page)
    await screenshot(page, f"console-{device}-door")
    await page.get_by_role("button", name="demo.clerk").click()
    await page.locator("#question").fill("单位的号要销户带什么")
    await page.locator("#question").press("Enter")
    await expect(page.locator(".latest .answer")).to_contain_text("单位介绍信")
    await page.keyboard.press("Escape")
    await page.keyboard.press("c")
    await expect(page.locator("#toasts")).to_contain_text("已复制")
    assert "《集团客户标准服务内容》" in await page.evaluate("navigator.clipboard.readText()")
    await clean(page)
    assert await fits(page)
    await screenshot(page, f"console-{device}-ask")
    await page.keyboard.press("Control+k")
    await page.keyboard.type("补卡")
    await expect(page.get_by_role("dialog")).to_contain_text("补换卡")
    await clean(page)
    await screenshot(page, f"console-{device}-palette")
    await page.keyboard.press("Escape")
    # The browser itself writes down that nobody was signed in at first, once.
    assert watched.complaints == [served.refused("me")]


@pytest.mark.parametrize(("device", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
async def test_a_number_is_looked_up_for_a_purpose(
    browser: Browser, served: Served, device: str, viewport: dict[str, int]
) -> None:
    clerk = await served.sign_in(browser, "clerk", "lookup", viewport)
    page = clerk.page
    await page.get_by_label("号码", exact=True).fill(ARREARS)
    await page.get_by_role("button", name="客户来电咨询").click()
    await page.get_by_role("button", name="查询").click()
    await expect(page.locator(".looked")).to_contain_text("186****0102")
    await clean(page)
    await page.get_by_label("想办的业务").select_option("change_number")
    await expect(page.locator(".verdict")).to_contain_text("暂时不能办理")
    await expect(page.locator(".conditions")).to_contain_text("欠费")
    assert ARREARS not in page.url
    await clean(page)
    assert await fits(page)
    await screenshot(page, f"console-{device}-lookup")
    assert clerk.complaints == []


@pytest.mark.parametrize(("device", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
async def test_a_companys_numbers_stand_in_one_table_and_in_a_file(
    browser: Browser, served: Served, device: str, viewport: dict[str, int]
) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "companies", viewport)
    page = supervisor.page
    await page.get_by_label("找单位").fill("源创")
    await page.get_by_role("button", name="查找").click()
    await page.get_by_role("button", name="客户来电咨询").click()
    await page.get_by_role("button", name="查看号码").click()
    await expect(page.locator(".company table")).to_contain_text("186****")
    assert ALLOWED not in await page.content()
    await clean(page)
    assert await fits(page)
    await screenshot(page, f"console-{device}-company")
    await page.get_by_role("button", name="导出").click()
    async with page.expect_download() as started:
        await page.get_by_role("dialog").get_by_role("button", name="导出").click()
    assert Path(await (await started.value).path()).read_bytes()[:2] == b"PK"
    assert supervisor.complaints == []


async def test_rules_and_conversations_are_searched(browser: Browser, served: Served) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "search")
    page = supervisor.page
    await page.get_by_label("找什么").fill("介绍信")
    await page.keyboard.press("Enter")
    await expect(page.locator(".hits mark").first).to_have_text("介绍信")
    await clean(page)
    await screenshot(page, "console-search-rules")
    await says(served, "customer-conversation-9", "介绍信要盖什么章 <b>x</b>", "m1")
    await page.get_by_role("link", name="对话").click()
    await page.get_by_label("找什么").fill("盖章 介绍信")
    await page.get_by_label("找什么").fill("介绍信")
    await page.keyboard.press("Enter")
    await expect(page.locator(".hits mark").first).to_have_text("介绍信")
    await clean(page)
    await screenshot(page, "console-search-conversations")
    await page.locator(".hits a").first.click()
    await expect(page.locator(".transcript")).to_contain_text("<b>x</b>")
    await clean(page)
    await screenshot(page, "console-conversation")
    assert supervisor.complaints == []


async def test_a_clerk_searches_rules_only(browser: Browser, served: Served) -> None:
    clerk = await served.sign_in(browser, "clerk", "search?tab=conversations&q=介绍信")
    await expect(clerk.page.locator(".hits")).to_contain_text("所需材料")
    await expect(clerk.page.locator(".tabs")).to_have_count(0)
    assert clerk.complaints == []
