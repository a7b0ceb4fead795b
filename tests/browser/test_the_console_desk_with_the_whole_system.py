"""A hand-over through the real system: real answers before, beside and after what the clerk says."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import clean, say, screenshot
from tests.browser.console_desk import Desk
from tests.system import RunningSystem

pytestmark = pytest.mark.system


async def test_the_clerk_answers_with_the_rule_and_the_assistant_goes_on(
    browser: Browser, running_system: RunningSystem
) -> None:
    expect.set_options(timeout=30_000)
    desk = Desk(running_system.url)
    clerk = await desk.sign_in(browser, "clerk", "handoffs")
    customer = await desk.customer(browser)
    await say(customer.page, "单位的号要销户带什么？我的号码是18600010102")
    await expect(customer.page.locator(".entry.assistant")).to_contain_text("单位介绍信")
    await customer.page.get_by_role("button", name="人工").first.click()

    await expect(clerk.page.locator(".waiting")).to_contain_text("销户")
    await clerk.page.keyboard.press("n")
    await expect(clerk.page.locator(".talk .entry.assistant")).to_contain_text("单位介绍信")
    assert "18600010102" not in await clerk.page.content()
    await say(customer.page, "补卡要多少钱")
    await expect(clerk.page.locator(".talk .entry.user").last).to_contain_text("补卡要多少钱")
    await clerk.page.get_by_role("button", name="查客户最后一句").click()
    await clerk.page.get_by_role("button", name="放进回复").click()
    await expect(clerk.page.locator("#reply")).to_have_value(re.compile("《.+》"))
    await clean(clerk.page)
    await screenshot(clerk.page, "desk-whole-talk")
    await clerk.page.keyboard.press("Enter")
    await expect(customer.page.locator(".entry.staff")).to_contain_text("《")
    await screenshot(customer.page, "desk-whole-customer")
    await expect(customer.page.locator(".entry.assistant")).to_have_count(1)
    await clerk.page.get_by_role("button", name="交还给助手").click()
    await say(customer.page, "停机保号什么条件")
    await expect(customer.page.locator(".entry.assistant").last).to_contain_text("停机保号")
    assert clerk.complaints == []
    assert customer.complaints == []


async def test_the_figures_count_what_was_asked(browser: Browser, running_system: RunningSystem) -> None:
    expect.set_options(timeout=30_000)
    desk = Desk(running_system.url)
    customer = await desk.customer(browser)
    await say(customer.page, "明天天气怎么样")
    await customer.page.locator(".entry.assistant").wait_for()
    owner = await desk.sign_in(browser, "rule_owner", "review")
    await expect(owner.page.locator(".groups")).to_contain_text("明天天气怎么样")
    await owner.page.get_by_role("link", name="运行看板").click()
    await owner.page.locator(".plot svg").first.wait_for()
    await expect(owner.page.locator(".tile").first).to_contain_text("条")
    await clean(owner.page)
    await screenshot(owner.page, "desk-whole-dashboard")
    assert owner.complaints == []


async def test_an_answer_comes_with_why_it_is_what_it_is(browser: Browser, running_system: RunningSystem) -> None:
    expect.set_options(timeout=30_000)
    supervisor = await Desk(running_system.url).sign_in(browser, "supervisor", "ask")
    page = supervisor.page
    await page.fill("#question", "单位的号销户要带什么")
    await page.press("#question", "Enter")
    await expect(page.locator(".latest .answer")).to_contain_text("单位介绍信")
    await expect(page.locator(".trace")).to_contain_text("答复规则 销户 · 所需材料")
    await expect(page.locator(".trace")).to_contain_text("用到的规则")
    await expect(page.locator(".trace")).to_contain_text("版本")
    await expect(page.locator(".passages")).to_contain_text("《集团客户标准服务内容》五(二)")
    await clean(page)
    await screenshot(page, "desk-whole-ask")
    await page.fill("#question", "18600010102 现在能销户吗")
    await page.press("#question", "Enter")
    await expect(page.locator(".latest .verdict")).to_contain_text("186****0102")
    await expect(page.locator(".latest h2")).to_have_text("186****0102 现在能销户吗")
    assert "18600010102" not in await page.content()
    await expect(page.locator(".latest .conditions")).to_contain_text("欠费")
    await clean(page)
    await screenshot(page, "desk-whole-verdict")
    assert supervisor.complaints == []
