"""Hand-overs in a real browser: customer and clerk side by side, two clerks, broken lines, narrow and dark pages."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port
from playwright.async_api import Browser, Page, Route, expect

from tests.browser.conftest import DESKTOP, PHONE, Watched, clean, say, screenshot
from tests.browser.console_desk import Served, fits, says, serving, waiting_customer
from tests.browser.test_the_widget_in_any_page import HOSTILE

NARROW = {"width": 360, "height": 740}
# 1280 by 800 at 200 %.
ZOOMED = {"width": 640, "height": 400}
expect.set_options(timeout=10_000)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as one:
        yield one


async def take(page: Page) -> None:
    """Takes the one who waits longest over."""
    button = page.get_by_role("button", name="接入等得最久的一位")
    await expect(button).to_be_enabled()
    await button.click()
    await page.locator(".talk .entry").first.wait_for()


async def taken(browser: Browser, served: Served, **more: object) -> tuple[Watched, str]:
    """A clerk with the conversation of a customer open."""
    clerk = await served.sign_in(browser, "clerk", "handoffs", **more)  # type: ignore[arg-type]
    conversation = await waiting_customer(served)
    await take(clerk.page)
    return clerk, conversation


async def reply(page: Page, text: str) -> None:
    await page.fill("#reply", text)
    await page.press("#reply", "Enter")


async def test_a_customer_asks_for_a_person_and_gets_one_until_the_assistant_goes_on(
    browser: Browser, served: Served
) -> None:
    clerk = await served.sign_in(browser, "clerk", "handoffs")
    await expect(clerk.page.locator(".queue")).to_contain_text("现在没有人在等")
    await clean(clerk.page)
    await screenshot(clerk.page, "desk-handoffs-nobody")
    customer = await served.customer(browser)
    await say(customer.page, "单位的号要销户，我的号码是 18600010102")
    await customer.page.locator(".entry.assistant").wait_for()
    await customer.page.get_by_role("button", name="人工").first.click()

    await expect(clerk.page.locator(".waiting")).to_contain_text("销户")
    await expect(clerk.page.locator("#toasts")).to_contain_text("有客户在等人工，共 1 位")
    assert (await clerk.page.title()).startswith("(1) ")
    await clean(clerk.page)
    await screenshot(clerk.page, "desk-handoffs-queued")
    await clerk.page.keyboard.press("n")
    await expect(clerk.page.locator(".talk .entry.user")).to_contain_text("186****0102")
    assert "18600010102" not in await clerk.page.content()
    await expect(clerk.page.locator("#reply")).to_be_focused()
    assert not (await clerk.page.title()).startswith("(")
    asked = len(served.assistant.asked)
    await clerk.page.keyboard.type("您好，我是人工客服。")
    await clerk.page.keyboard.press("Enter")
    await expect(customer.page.locator(".entry.staff")).to_contain_text("您好，我是人工客服。")
    await say(customer.page, "欠着费还能销吗？")
    await expect(clerk.page.locator(".talk .entry.user").last).to_contain_text("欠着费还能销吗？")
    assert len(served.assistant.asked) == asked

    await clerk.page.get_by_role("button", name="查客户最后一句").click()
    await clerk.page.get_by_role("button", name="放进回复").click()
    await expect(clerk.page.locator("#reply")).to_have_value(re.compile("集团客户标准服务内容"))
    await clean(clerk.page)
    await screenshot(clerk.page, "desk-handoffs-talk")
    await clerk.page.keyboard.press("Enter")
    await expect(customer.page.locator(".entry.staff").last).to_contain_text("请带单位介绍信")
    await screenshot(customer.page, "desk-handoffs-customer")
    await expect(clerk.page.locator(".talk .entry.staff")).to_have_count(2)

    await clerk.page.get_by_role("button", name="交还给助手").click()
    await expect(clerk.page.locator("#toasts")).to_contain_text("已交还")
    await say(customer.page, "补卡呢")
    await expect(customer.page.locator(".entry.assistant").last).to_contain_text("补卡呢")
    await expect(clerk.page.locator(".queue")).to_contain_text("您手上没有对话")
    assert clerk.complaints == []
    assert customer.complaints == []


async def test_of_two_who_want_the_same_customer_the_later_is_told_politely(browser: Browser, served: Served) -> None:
    slow = await served.sign_in(browser, "clerk", "handoffs")
    quick = await served.sign_in(browser, "supervisor", "handoffs")
    await waiting_customer(served)
    await slow.page.locator(".waiting button").wait_for()
    held: list[object] = []
    await slow.page.route("**/handoffs/*/claim", lambda route: held.append(route))
    await slow.page.locator(".waiting button").click()
    await take(quick.page)
    await held[0].continue_()  # type: ignore[attr-defined]

    await expect(slow.page.locator("#toasts")).to_contain_text("慢了一步")
    await expect(slow.page.locator(".queue")).to_contain_text("同事接手的")
    await expect(slow.page.locator(".queue")).to_contain_text("demo.supervisor")
    await expect(slow.page.get_by_role("button", name="接入等得最久的一位")).to_be_disabled()
    await clean(slow.page)
    await screenshot(slow.page, "desk-handoffs-too-late")
    # The browser itself writes down the refusal.
    assert [one for one in slow.complaints if "409" not in one] == []
    assert quick.complaints == []


async def test_two_pages_of_one_person_show_everything_once(browser: Browser, served: Served) -> None:
    first, conversation = await taken(browser, served)
    second = await served.another_page(first, "handoffs")
    await second.page.locator(".held").click()
    await second.page.locator(".talk .entry").first.wait_for()
    await reply(first.page, "第一页写的")
    await reply(second.page, "第二页写的")
    await says(served, conversation, "收到", "m2")
    for page in (first.page, second.page):
        await expect(page.locator(".talk .entry.user").last).to_contain_text("收到")
        await expect(page.locator(".talk .entry.staff")).to_have_count(2)
    assert first.complaints == second.complaints == []


async def test_nothing_is_lost_or_doubled_while_the_gateway_is_started_anew(browser: Browser, tmp_path: Path) -> None:
    port = unused_port()
    async with serving(tmp_path, port) as served:
        clerk, conversation = await taken(browser, served)
        await says(served, conversation, "断线前", "m2")
        await expect(clerk.page.locator(".talk .entry.user").last).to_contain_text("断线前")
        await clerk.page.fill("#reply", "断线时写的")
    await expect(clerk.page.locator(".line-notice")).to_be_visible()
    await clean(clerk.page)
    await screenshot(clerk.page, "desk-handoffs-broken-line")
    await clerk.page.press("#reply", "Enter")
    await expect(clerk.page.locator(".reply .problem")).to_contain_text("没有发出去")
    await expect(clerk.page.locator("#reply")).to_have_value("断线时写的")
    async with serving(tmp_path, port) as served:
        await says(served, conversation, "断线后", "m3")
        await expect(clerk.page.locator(".line-notice")).to_be_hidden()
        await expect(clerk.page.locator(".talk .entry.user").last).to_contain_text("断线后")
        await clerk.page.press("#reply", "Enter")
        await expect(clerk.page.locator(".talk .entry.staff")).to_have_count(1)
        texts = await clerk.page.locator(".talk .entry.user .said").all_inner_texts()
        assert texts == ["销户要带什么", "断线前", "断线后"]


async def test_a_customer_who_cancels_leaves_the_clerk_with_what_was_typed(browser: Browser, served: Served) -> None:
    clerk, conversation = await taken(browser, served)
    await clerk.page.fill("#reply", "还没发的话")
    assert await served.room.cancel_handoff(conversation)

    await expect(clerk.page.locator(".talk .notice")).to_contain_text("已经结束人工服务")
    await expect(clerk.page.get_by_role("button", name="发送")).to_be_disabled()
    await expect(clerk.page.locator("#reply")).to_have_value("还没发的话")
    await clean(clerk.page)
    await screenshot(clerk.page, "desk-handoffs-over")
    assert clerk.complaints == []


async def test_a_draft_outlives_other_pages_and_is_not_thrown_away_unasked(browser: Browser, served: Served) -> None:
    clerk, conversation = await taken(browser, served)
    await clerk.page.get_by_role("button", name="请稍等").click()
    draft = await clerk.page.locator("#reply").input_value()
    assert "请稍等" in draft
    await clerk.page.get_by_role("link", name="答问").click()
    await clerk.page.locator("#question").wait_for()
    await says(served, conversation, "人呢？", "m2")
    await expect(clerk.page.locator("#toasts")).to_contain_text("又说话了")
    assert (await clerk.page.title()).startswith("(1) ")
    await screenshot(clerk.page, "desk-handoffs-unread")
    await clerk.page.get_by_role("link", name="人工接管").click()
    await expect(clerk.page.locator(".held")).to_contain_text("有没发的话")
    await clean(clerk.page)
    await clerk.page.locator(".held").click()
    await expect(clerk.page.locator("#reply")).to_have_value(draft)
    assert not (await clerk.page.title()).startswith("(")

    await clerk.page.get_by_role("button", name="交还给助手").click()
    await expect(clerk.page.get_by_role("dialog")).to_contain_text("还有话没有发出去")
    await clean(clerk.page)
    await screenshot(clerk.page, "desk-handoffs-draft-asked")
    await clerk.page.keyboard.press("Escape")
    assert (await served.room.look(conversation, None))[0].handoff.state == "claimed"
    await clerk.page.get_by_role("button", name="交还给助手").click()
    await clerk.page.get_by_role("button", name="不发了，交还").click()
    await expect(clerk.page.locator(".queue")).to_contain_text("您手上没有对话")
    assert clerk.complaints == []


async def test_hostile_words_of_a_customer_are_words(browser: Browser, served: Served) -> None:
    alerts: list[str] = []
    clerk, conversation = await taken(browser, served)
    clerk.page.on("dialog", lambda dialog: alerts.append(dialog.message))
    before = await clerk.page.locator("script, iframe, img, form").count()
    for place, text in enumerate(HOSTILE):
        await says(served, conversation, text, f"hostile-{place}")
    await expect(clerk.page.locator(".talk .entry.user")).to_have_count(1 + len(HOSTILE))
    links = await clerk.page.locator(".talk a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")

    assert links == []
    assert await clerk.page.locator("script, iframe, img, form").count() == before
    assert alerts == []
    assert clerk.complaints == []
    assert {address for address in clerk.addresses if "example.invalid" in address} == set()


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [("360", NARROW, "light"), ("phone-dark", PHONE, "dark"), ("zoomed", ZOOMED, "light"), ("dark", DESKTOP, "dark")],
)
async def test_every_size_and_colour(
    browser: Browser, served: Served, name: str, viewport: dict[str, int], scheme: str
) -> None:
    clerk = await served.sign_in(browser, "clerk", "handoffs", viewport, scheme)  # type: ignore[arg-type]
    await waiting_customer(served)
    await clerk.page.locator(".waiting").wait_for()
    await clean(clerk.page)
    assert await fits(clerk.page)
    await screenshot(clerk.page, f"desk-handoffs-{name}-queue")
    await take(clerk.page)
    await reply(clerk.page, "您好，我来看一下。")
    await expect(clerk.page.locator(".talk .entry.staff")).to_have_count(1)
    await clerk.page.locator(".toast").first.wait_for(state="hidden")
    await clean(clerk.page)
    assert await fits(clerk.page)
    await screenshot(clerk.page, f"desk-handoffs-{name}-talk")
    assert clerk.complaints == []


async def test_by_keyboard_alone(browser: Browser, served: Served) -> None:
    clerk = await served.sign_in(browser, "clerk", "handoffs")
    conversation = await waiting_customer(served)
    await clerk.page.locator(".waiting").wait_for()
    keyboard = clerk.page.keyboard
    await keyboard.press("n")
    await expect(clerk.page.locator("#reply")).to_be_focused()
    await keyboard.type("好的")
    await keyboard.press("Shift+Enter")
    await keyboard.type("请稍等")
    await keyboard.press("Enter")
    await expect(clerk.page.locator(".talk .entry.staff")).to_have_count(1)
    await keyboard.press("Escape")
    await keyboard.press("Escape")
    await expect(clerk.page.locator(".talk")).to_have_count(0)
    for _ in range(20):
        await keyboard.press("Tab")
        if await clerk.page.evaluate("document.activeElement.classList.contains('held')"):
            break
    await keyboard.press("Enter")
    await expect(clerk.page.locator("#reply")).to_be_focused()
    for _ in range(30):
        await keyboard.press("Shift+Tab")
        if await clerk.page.evaluate("document.activeElement.textContent === '交还给助手'"):
            break
    await keyboard.press("Enter")
    await expect(clerk.page.locator("#toasts")).to_contain_text("已交还")
    assert (await served.room.look(conversation, None))[0].handoff.state == "none"


async def test_a_rule_owner_has_no_queue(browser: Browser, served: Served) -> None:
    owner = await served.sign_in(browser, "rule_owner", "handoffs")
    await expect(owner.page.locator("main")).to_contain_text("没有这项权限")
    await expect(owner.page.get_by_role("link", name="人工接管")).to_have_count(0)
    assert [address for address in owner.addresses if "/staff/events" in address or "/staff/handoffs" in address] == []
    await clean(owner.page)


async def test_a_clerk_is_warned_before_a_silent_conversation_is_given_back(browser: Browser, served: Served) -> None:
    served.room.limits = replace(served.room.limits, handoff_idle=timedelta(seconds=110))
    clerk, _ = await taken(browser, served)
    await expect(clerk.page.locator(".talk .notice")).to_contain_text("再过 2 分钟没有回复")
    await clean(clerk.page)
    served.room.limits = replace(served.room.limits, handoff_idle=timedelta(minutes=10))
    await reply(clerk.page, "还在的")
    await expect(clerk.page.locator(".talk .notice")).to_be_hidden()
    assert clerk.complaints == []


async def test_what_is_said_before_the_stream_stands_is_not_lost(browser: Browser, served: Served) -> None:
    clerk, conversation = await taken(browser, served)
    held: list[Route] = []
    await clerk.page.route("**/staff/events*", lambda route: held.append(route))
    await clerk.page.reload()
    await clerk.page.locator(".talk .entry").first.wait_for()
    await says(served, conversation, "刷新时说的", "m2")
    while not held:
        await clerk.page.wait_for_timeout(50)
    await held[0].continue_()

    await expect(clerk.page.locator(".talk .entry.user").last).to_contain_text("刷新时说的")
    await expect(clerk.page.locator(".talk .entry.user")).to_have_count(2)


async def test_who_has_signed_out_elsewhere_is_shown_nothing_any_more(browser: Browser, served: Served) -> None:
    clerk, _ = await taken(browser, served)
    other = await served.another_page(clerk, "ask")
    await other.page.get_by_role("button", name="退出").click()
    await other.page.get_by_label("密码").wait_for()
    await clean(other.page)
    await clerk.page.fill("#reply", "还能发吗")
    await clerk.page.press("#reply", "Enter")

    await expect(clerk.page.locator(".door .notice")).to_contain_text("登录已过期")
    assert "销户要带什么" not in await clerk.page.locator("body").inner_text()
    await clean(clerk.page)
    # Whatever asked first learns it: the reply, or what asks anew after the stream of news broke off.
    asked = ["handoffs", "handoffs/1/messages", "events?after=", "me"]
    refused = [served.refused(path) for path in asked]
    assert [one for one in clerk.complaints if not one.startswith(tuple(refused))] == []
