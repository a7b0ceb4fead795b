"""A customer's way through the real system, in a real browser."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import DESKTOP, PHONE, ask, open_page, screenshot
from tests.system import RunningSystem

pytestmark = pytest.mark.system


@pytest.mark.parametrize(("device", "viewport"), [("desktop", DESKTOP), ("phone", PHONE)])
async def test_from_a_rule_to_a_verdict(
    browser: Browser, running_system: RunningSystem, device: str, viewport: dict[str, int]
) -> None:
    watched = await open_page(browser, running_system.url, viewport)
    page = watched.page
    await screenshot(page, f"{device}-welcome")

    await page.get_by_role("button", name="销户要带什么").click()
    answer = page.locator(".entry.assistant").last
    await expect(answer.locator(".checklist")).to_contain_text("单位介绍信")
    await expect(answer.locator(".citations")).to_contain_text("《集团客户标准服务内容》五(二)")
    await screenshot(page, f"{device}-rule")

    await ask(page, "个人的号呢？")
    await expect(page.locator(".entry.assistant").last).to_contain_text("公众业务规则")

    for title, label in (("一切正常", "可以办理"), ("欠费 32.50", "暂时不能办理"), ("资料不全", "需要人工核实")):
        if viewport is PHONE:
            await page.click("#account")
        await page.locator(".identity", has_text=title).click()
        await expect(page.locator(".entry.note")).to_contain_text(title)
        await ask(page, "我现在能换号吗？")
        await expect(page.locator(".verdict")).to_contain_text(label)
        await screenshot(page, f"{device}-verdict-{label}")

    await page.reload()
    await expect(page.locator(".verdict")).to_contain_text("需要人工核实")
    assert watched.complaints == []


async def test_the_dark_page(browser: Browser, running_system: RunningSystem) -> None:
    watched = await open_page(browser, running_system.url, scheme="dark")
    await ask(watched.page, "停机保号什么条件")

    await expect(watched.page.locator(".citations")).to_contain_text("六")
    await screenshot(watched.page, "dark")


async def test_staff_see_every_condition_with_the_source_of_its_facts(
    browser: Browser, running_system: RunningSystem
) -> None:
    watched = await open_page(browser, running_system.url, DESKTOP)
    page = watched.page
    await page.locator(".identity", has_text="员工").click()
    await ask(page, "18600010102 现在能换号吗")

    verdict = page.locator(".verdict")
    # The six conditions, and that the operation applies to the number.
    await expect(verdict.locator(".conditions tbody tr")).to_have_count(7)
    await expect(verdict.locator(".conditions .unmet")).to_have_count(1)
    await expect(verdict.locator(".conditions")).to_contain_text("读取")
    await expect(verdict).to_contain_text("欠费 32.50 元")
    await expect(verdict).not_to_contain_text("18600010102")
    await screenshot(page, "desktop-staff")
