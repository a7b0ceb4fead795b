"""A customer's way through the real system, in a real browser."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, ask, open_page, screenshot
from tests.system import RunningSystem

pytestmark = pytest.mark.system
# The whole system answers, on a machine that may be busy.
expect.set_options(timeout=30_000)


@pytest.mark.parametrize(("device", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
async def test_from_a_rule_to_a_verdict(
    browser: Browser, running_system: RunningSystem, device: str, viewport: dict[str, int]
) -> None:
    watched = await open_page(browser, f"{running_system.url}/", viewport, path="")
    page = watched.page
    await page.locator(".launcher").click()
    await screenshot(page, f"{device}-welcome")

    await page.get_by_role("button", name="销户要带什么").click()
    answer = page.locator(".entry.assistant").last
    await expect(answer.locator(".checklist")).to_contain_text("单位介绍信")
    await expect(answer.locator(".citations")).to_contain_text("《集团客户标准服务内容》五(二)")
    await screenshot(page, f"{device}-rule")

    await ask(page, "个人的号呢？")
    await expect(page.locator(".entry.assistant").last).to_contain_text("公众业务规则")

    for title, number, label in (
        ("一切正常", "186****0101", "可以办理"),
        ("欠费 32.50", "186****0102", "暂时不能办理"),
        ("资料不全", "186****0107", "需要人工核实"),
    ):
        await page.keyboard.press("Escape")
        await page.locator(".accounts button", has_text=title).click()
        await page.locator(".launcher").click()
        await expect(page.locator(".badge")).to_contain_text(number)
        await ask(page, "我现在能换号吗？")
        await expect(page.locator(".verdict")).to_contain_text(label)
        await screenshot(page, f"{device}-verdict-{label}")

    await page.reload()
    await expect(page.locator(".verdict")).to_contain_text("需要人工核实")
    assert watched.complaints == []


async def test_the_dark_page(browser: Browser, running_system: RunningSystem) -> None:
    watched = await open_page(browser, f"{running_system.url}/", scheme="dark")
    await ask(watched.page, "停机保号什么条件")

    await expect(watched.page.locator(".citations")).to_contain_text("六")
    await screenshot(watched.page, "dark")
