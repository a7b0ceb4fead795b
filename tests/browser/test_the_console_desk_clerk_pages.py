"""The pages that a clerk works with, by keyboard alone, in every size and colour, and full of hostile texts."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, Route, expect

from actions.understanding import Understanding
from bot.identity.demo import STAFF_PASSWORD
from tests.bot.desk.test_asking import RealReply
from tests.bot.gateway.fakes import ARREARS, echo
from tests.browser.conftest import DESKTOP, Scheme, clean, screenshot, watch
from tests.browser.console_desk import (
    NARROW,
    ROLES,
    ZOOMED,
    Served,
    add_company,
    fits,
    serving_accounts,
)
from tests.browser.test_the_widget_in_any_page import HOSTILE, Raw, answer_full_of

expect.set_options(timeout=10_000)
_FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
  return {
    name: one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.textContent.trim(),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    async with serving_accounts(tmp_path, monkeypatch) as one:
        yield one


async def tab_to(page: Page, name: str) -> list[str]:
    """Presses Tab until something of this name has the focus, which is to be seen at every stop; returns the stops."""
    stops: list[str] = []
    while len(stops) < 40:
        await page.keyboard.press("Tab")
        at = await page.evaluate(_FOCUSED)
        assert (at["marked"], at["inside"]) == (True, True), at
        if not stops or stops[-1] != at["name"]:
            stops.append(at["name"])
        if at["name"].startswith(name):
            return stops
    raise AssertionError(f"{name} is not reached: {stops}")


async def go_to(page: Page, view: str) -> None:
    """By the palette."""
    await page.keyboard.press("Control+k")
    await page.keyboard.type(view)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name=view, exact=True)).to_be_visible()


async def test_a_clerks_whole_work_is_done_by_keyboard_alone(browser: Browser, served: Served) -> None:
    context = await browser.new_context(viewport=DESKTOP, locale="zh-CN")
    await context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched = watch(await context.new_page())
    page, keyboard = watched.page, watched.page.keyboard
    await page.goto(f"{served.url}/console/")
    await page.get_by_role("button", name="demo.clerk").wait_for()
    for typed, stop in ((ROLES["clerk"], "密码"), (STAFF_PASSWORD, "动态验证码")):
        await keyboard.type(typed)
        assert await tab_to(page, stop) == [stop]
    await keyboard.type(served.identity.staff.accounts.demo_code(ROLES["clerk"]) or "")
    await keyboard.press("Enter")

    await expect(page.locator("#question")).to_be_focused()
    await keyboard.type("单位的号要销户带什么")
    await keyboard.press("Enter")
    await expect(page.locator(".latest .answer")).to_contain_text("单位介绍信")
    assert await tab_to(page, "复制回复") == ["问", "复制回复"]
    await keyboard.press("Enter")
    await expect(page.locator("#toasts")).to_contain_text("已复制")
    assert "《集团客户标准服务内容》" in await page.evaluate("navigator.clipboard.readText()")
    assert (await tab_to(page, "《集团客户标准服务内容》五(二)原文"))[0].startswith("给客户的回复")

    await go_to(page, "查号码")
    await expect(page.get_by_label("号码", exact=True)).to_be_focused()
    await keyboard.type(ARREARS)
    assert await tab_to(page, "查询用途") == ["查询用途（会登记）"]
    await keyboard.type("客户来电问能不能换号")
    stops = await tab_to(page, "查询")
    assert stops == [
        "客户来电咨询", "客户到厅办理", "核对投诉", "单位客户经理委托", "想办的业务", "按哪一天看",
        "今天", "明天", "下周", "30 天后", "90 天后", "查询",
    ]  # fmt: skip
    await keyboard.press("Enter")
    await expect(page.locator(".looked")).to_contain_text("186****0102")
    await tab_to(page, "账户情况的各项")
    for _ in range(20):
        await keyboard.press("Shift+Tab")
        if (await page.evaluate(_FOCUSED))["name"] == "想办的业务":
            break
    operation = page.get_by_label("想办的业务")
    while await operation.input_value() != "change_number":
        await keyboard.press("ArrowDown")
    await expect(page.locator(".verdict")).to_contain_text("暂时不能办理")
    await expect(operation).to_be_focused()
    # What the keys passed by was not looked at.
    assert len([one for one in watched.addresses if one.endswith("/lookups")]) == 2

    await go_to(page, "单位号码")
    await expect(page.get_by_label("找单位")).to_be_focused()
    await keyboard.type("源创")
    await keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="源创三象科技有限公司")).to_be_visible()
    assert (await tab_to(page, "查询用途"))[:3] == ["查找", "源创三象科技有限公司G1001", "业务"]
    await keyboard.type("客户来电咨询")
    await keyboard.press("Enter")
    await expect(page.locator(".company table")).to_be_visible()
    await tab_to(page, "查看号码")
    stops = await tab_to(page, "可以办理")
    assert stops[0].startswith("全部")
    await keyboard.press("Enter")
    await expect(page.get_by_role("button", name="可以办理")).to_have_attribute("aria-pressed", "true")
    await expect(page.get_by_role("button", name="可以办理")).to_be_focused()
    await tab_to(page, "最早可办")
    await keyboard.press("Enter")
    await expect(page.get_by_role("columnheader", name="最早可办")).to_have_attribute("aria-sort", "ascending")

    await go_to(page, "检索")
    await expect(page.get_by_label("找什么")).to_be_focused()
    await keyboard.press("Enter")
    await expect(page.locator(".wrong")).to_have_text("请填写要找的词。")
    await keyboard.type("介绍信")
    await keyboard.press("Enter")
    await expect(page.locator(".hits mark").first).to_have_text("介绍信")
    assert watched.complaints == [served.refused("me")]


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [("360", NARROW, "light"), ("zoomed", ZOOMED, "light"), ("dark", DESKTOP, "dark")],
)
async def test_every_size_and_colour(
    browser: Browser, served: Served, tmp_path: Path, name: str, viewport: dict[str, int], scheme: Scheme
) -> None:
    add_company(tmp_path, "名字特别长的一家海量号码测试集团有限公司", many=52, arrears=26)
    clerk = await served.sign_in(browser, "clerk", "ask", viewport, scheme)
    page = clerk.page

    async def good(state: str) -> None:
        await clean(page)
        assert await fits(page), state
        await page.evaluate("scrollTo(0, 0)")
        await screenshot(page, f"clerk-{name}-{state}", whole=True)

    await good("ask-nothing")
    await page.fill("#question", "单位的号要销户带什么")
    await page.press("#question", "Enter")
    await expect(page.locator(".latest .answer")).to_contain_text("单位介绍信")
    wanted = Understanding("answer", ("change_number",), ("eligibility",), numbers=(ARREARS,), named=True)
    served.assistant.answer = lambda _: RealReply(wanted)  # type: ignore[assignment,return-value]
    await page.fill("#question", f"{ARREARS} 现在能换号吗")
    await page.press("#question", "Enter")
    await expect(page.locator(".latest .conditions")).to_contain_text("欠费")
    await good("ask")

    await page.goto(f"{served.url}/console/#/lookup?operation=change_number")
    await page.get_by_label("号码", exact=True).fill(ARREARS)
    await page.get_by_label("查询用途").fill("客户来电咨询")
    await page.get_by_label("查询用途").press("Enter")
    await expect(page.locator(".looked .conditions")).to_contain_text("欠费")
    await good("lookup")

    await page.goto(f"{served.url}/console/#/companies?name=海量号码")
    await page.get_by_label("查询用途").fill("客户来电咨询")
    await page.get_by_label("业务", exact=True).select_option("change_number")
    await page.get_by_label("查询用途").press("Enter")
    await page.get_by_role("button", name="下一页").click()
    await expect(page.locator(".company tbody tr")).to_have_count(2)
    await good("companies")

    await page.goto(f"{served.url}/console/#/search?q=介绍信 销户")
    await expect(page.locator(".hits mark").first).to_be_visible()
    await good("search")
    assert clerk.complaints == []


async def poisoned(route: Route) -> None:
    """The real answer, with a hostile text in place of every text in it."""
    answer = await route.fetch()
    texts = itertools.cycle(HOSTILE)

    def poison(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: poison(one) for key, one in value.items()}
        if isinstance(value, list):
            return [poison(one) for one in value]
        return next(texts) if isinstance(value, str) else value

    await route.fulfill(response=answer, json=poison(await answer.json()))


async def test_hostile_texts_are_inert_on_every_page(browser: Browser, served: Served, tmp_path: Path) -> None:
    add_company(tmp_path, "<img src=x onerror=alert(1)>测试集团", many=3, arrears=1)
    supervisor = await served.sign_in(browser, "supervisor", "ask")
    page = supervisor.page
    alerts: list[str] = []
    page.on("dialog", lambda dialog: alerts.append(dialog.message))

    async def inert(within: str, *own: str) -> None:
        """No element and no link that was not there, and nothing but `own` leads anywhere."""
        links = await page.locator(f"{within} a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
        assert [one for one in links if one and not one.startswith(own)] == []
        assert (
            await page.locator(within).locator("script, iframe, img, style, form form, object, embed, math").count()
            == 0
        )

    full = [answer_full_of(text) for text in HOSTILE]
    everything = {**full[0], "blocks": [block for one in full for block in one["blocks"]], "choices": HOSTILE[:9]}
    for text in HOSTILE[-4:]:
        served.assistant.answer = lambda _: Raw(everything)  # type: ignore[assignment,return-value]
        await page.fill("#question", text)
        await page.press("#question", "Enter")
        await expect(page.locator(".latest .verdict").first).to_be_attached()
        await page.locator(".latest .choices").wait_for()
    await inert(".stream", "/checklists/")

    await page.goto(f"{served.url}/console/#/lookup?operation=change_number")
    await page.route("**/staff/lookups", poisoned)
    await page.get_by_label("号码", exact=True).fill(ARREARS)
    await page.get_by_label("查询用途").fill(HOSTILE[-1])
    await page.get_by_label("查询用途").press("Enter")
    await page.locator(".looked .facts").wait_for()
    await inert(".view")

    await page.goto(f"{served.url}/console/#/companies?name=测试集团")
    await expect(page.locator(".candidate")).to_contain_text("<img src=x onerror=alert(1)>测试集团")
    await page.route("**/staff/companies/*/numbers", poisoned)
    await page.get_by_label("查询用途").fill("客户来电咨询")
    await page.get_by_label("查询用途").press("Enter")
    await expect(page.locator(".company tbody tr")).to_have_count(3)
    await inert(".view")
    await page.route("**/staff/companies?*", poisoned)
    await page.get_by_role("button", name="查找").click()
    await expect(page.locator(".candidate")).to_contain_text(HOSTILE[1])
    await inert(".view")

    served.assistant.answer = echo
    for place, text in enumerate(HOSTILE):
        ticket = await served.room.submit("hostile-conversation-1", None, text, f"hostile-{place}", "web")
        await served.room.outcome(ticket)
    await page.goto(f"{served.url}/console/#/search?tab=conversations&q=alert")
    await page.locator(".hits mark").first.wait_for()
    await inert(".view", "#/")
    await page.locator(".hits a").first.click()
    await expect(page.locator(".transcript .user")).to_have_count(len(HOSTILE))
    await inert(".view")
    await page.route("**/staff/search/*", poisoned)
    for tab in ("conversations", "rules"):
        await page.goto(f"{served.url}/console/#/search?tab={tab}&q=介绍信")
        await page.get_by_label("找什么").fill("alert" if tab == "conversations" else "介绍信")
        await page.get_by_role("button", name="检索").click()
        await page.locator(".hits li").first.wait_for()
        await inert(".view", "#/")

    assert alerts == []
    assert {one for one in supervisor.addresses if not one.startswith(served.url)} == set()
    assert supervisor.complaints == []
