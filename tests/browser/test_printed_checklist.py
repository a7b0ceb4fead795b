"""The checklist in the browser and on paper."""

import pytest
from playwright.async_api import Browser, expect

from actions.rule_base import rules
from tests.browser.conftest import DESKTOP, PHONE, SCREENSHOTS, screenshot
from tests.browser.paper import A4, low_contrast, overflow, print_out, words_on_paper


async def open_checklist(browser: Browser, url: str, path: str, viewport=DESKTOP, scheme="light"):
    """The page, and everything that was asked for or complained about."""
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale="zh-CN")
    page = await context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(f"{url}checklists/{path}")
    return page, asked, complaints


@pytest.mark.parametrize("ownership", ["organization", "individual"])
async def test_every_checklist_fits_one_page_of_a4(browser: Browser, url, ownership):
    page, _, _ = await open_checklist(browser, url, "cancel_service")
    for operation in rules().operations:
        await page.goto(f"{url}checklists/{operation}?ownership={ownership}")
        assert await print_out(page) == [A4], operation


async def test_both_sheets_of_an_operation_are_a_page_each(browser: Browser, url):
    page, _, _ = await open_checklist(browser, url, "cancel_service")

    assert await print_out(page) == [A4, A4]
    words = await words_on_paper(page)
    assert words.count("办理清单") == 2
    assert words.count(f"规则库版本 {rules().version}") == 2


async def test_paper_has_the_checklist_and_not_the_buttons(browser: Browser, url):
    page, _, _ = await open_checklist(browser, url, "cancel_service")
    words = await words_on_paper(page)

    for said in ("单位介绍信（加盖公章）", "原文缺失", "备注", "单位名称开户", "个人名称开户"):
        assert said in words
    for button in ("打印", "只要"):
        assert button in await page.inner_text("body")
        assert button not in words
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.pdf(path=SCREENSHOTS / "checklist.pdf", prefer_css_page_size=True)


async def test_the_print_button_prints(browser: Browser, url):
    page, _, _ = await open_checklist(browser, url, "cancel_service?ownership=organization")
    await page.evaluate("() => { window.print = () => { document.title = '正在打印'; }; }")

    await page.get_by_role("button", name="打印").click()
    await expect(page).to_have_title("正在打印")


async def test_one_of_two_sheets_can_be_chosen(browser: Browser, url):
    page, _, _ = await open_checklist(browser, url, "cancel_service")
    await expect(page.locator(".sheet")).to_have_count(2)

    await page.get_by_role("link", name="个人名称开户").click()
    await expect(page.locator(".sheet")).to_have_count(1)
    await expect(page.locator(".who")).to_have_text("个人名称开户")


@pytest.mark.parametrize(("viewport", "scheme", "name"), [(DESKTOP, "light", "wide"), (PHONE, "dark", "phone")])
async def test_it_is_readable_on_a_screen_and_asks_nobody_else(browser: Browser, url, viewport, scheme, name):
    path = "cancel_service?ownership=organization"
    page, asked, complaints = await open_checklist(browser, url, path, viewport, scheme)

    assert await overflow(page) <= 0
    assert await low_contrast(page) == []
    assert all(address.startswith(url) for address in asked)
    assert complaints == []
    await screenshot(page, f"checklist-{name}")


async def test_papers_can_be_ticked_with_a_pen(browser: Browser, url):
    page, _, _ = await open_checklist(browser, url, "cancel_service?ownership=organization")
    await page.emulate_media(media="print")
    boxes = page.locator(".papers .box")

    await expect(boxes).to_have_count(2)
    box = await boxes.first.bounding_box()
    assert box is not None
    assert box["width"] >= 12
    assert await boxes.first.evaluate("box => getComputedStyle(box).borderTopStyle") == "solid"


async def test_an_address_without_a_checklist_leads_back_to_one(browser: Browser, url):
    page, _, _ = await open_checklist(browser, url, "fly")

    await page.get_by_role("link", name="补换卡").click()
    await expect(page.locator("h1").first).to_contain_text("补换卡")
