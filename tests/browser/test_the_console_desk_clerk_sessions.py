"""A clerk at the door: wrong credentials, and a session that ends in the middle of the work."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.identity.demo import STAFF_PASSWORD
from tests.bot.gateway.fakes import ARREARS
from tests.browser.conftest import Watched, clean, screenshot, watch
from tests.browser.console_desk import ROLES, Served, fits, serving_accounts

EXPIRED = 3_600
QUESTION = "18600010102 要销户带什么"
expect.set_options(timeout=10_000)


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    async with serving_accounts(tmp_path, monkeypatch) as one:
        yield one


async def sign_in(page: Page, served: Served, role: str = "clerk", password: str = STAFF_PASSWORD) -> None:
    """Types all three, with the code of now, by keyboard."""
    await page.get_by_label("姓名或工号").fill(ROLES[role])
    await page.get_by_label("密码").fill(password)
    code = served.identity.staff.accounts.demo_code(ROLES[role])
    await page.get_by_label("动态验证码").fill(code or "")
    await page.keyboard.press("Enter")


async def sign_in_elsewhere(person: Watched, served: Served) -> None:
    """Signs in as a clerk on another page of the same browser."""
    other = watch(await person.page.context.new_page())
    await other.page.goto(f"{served.url}/console/")
    await sign_in(other.page, served)
    await other.page.locator("#question").wait_for()


def kept_in_the_browser(text: str) -> str:
    """Whether a text stands in the address or in the browser's storage."""
    return f"() => [location.href, JSON.stringify(localStorage), JSON.stringify(sessionStorage), JSON.stringify(history.state)].some((one) => one && one.includes('{text}'))"


async def at_the_door(person: Watched) -> None:
    await expect(person.page.locator(".door .notice")).to_contain_text("登录已过期，请重新登录")
    await expect(person.page.get_by_label("姓名或工号")).to_have_value(ROLES["clerk"])
    await expect(person.page.get_by_label("密码")).to_be_focused()
    # What was on the page is on it no more, while somebody else may look at it.
    assert ARREARS not in await person.page.content()
    assert not await person.page.evaluate(kept_in_the_browser(ARREARS))


async def test_a_wrong_password_and_a_wrong_code_get_the_same_sentence_and_the_right_ones_get_in(
    browser: Browser, served: Served
) -> None:
    watched = watch(await browser.new_page())
    page = watched.page
    await page.goto(f"{served.url}/console/#/lookup")
    await page.get_by_role("button", name="登录", exact=True).click()
    await expect(page.get_by_label("姓名或工号")).to_be_focused()
    assert await page.locator(".wrong").all_inner_texts() == [
        "请填写姓名或工号。", "请填写密码。", "请填写动态验证码。",
    ]  # fmt: skip
    await expect(page.get_by_label("姓名或工号")).to_have_accessible_description("请填写姓名或工号。")
    await clean(page)
    await screenshot(page, "clerk-door-empty")

    said = []
    for wrong in ("password", "code", "name"):
        await page.get_by_label("姓名或工号").fill("nobody" if wrong == "name" else ROLES["clerk"])
        await page.get_by_label("密码").fill("不是这个密码" if wrong == "password" else STAFF_PASSWORD)
        code = served.identity.staff.accounts.demo_code(ROLES["clerk"]) or ""
        await page.get_by_label("动态验证码").fill(
            "".join(str(9 - int(one)) for one in code) if wrong == "code" else code
        )
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        said.append(await page.get_by_role("alert").inner_text())
        await expect(page.get_by_label("密码")).to_be_focused()
        assert await page.get_by_label("密码").input_value() == ""
        assert await page.get_by_label("动态验证码").input_value() == ""
    assert said == ["姓名、密码或动态验证码不对，请重新输入；验证码每 30 秒换一个，用过一次就要等下一个。"] * 3
    await clean(page)
    await screenshot(page, "clerk-door-wrong")

    await sign_in(page, served)
    # Where the address led to before.
    await expect(page.get_by_role("heading", name="查号码")).to_be_visible()
    assert watched.complaints == [served.refused("me"), *[served.refused("sign-in")] * 3]


async def test_a_question_outlives_a_session_that_expired(browser: Browser, served: Served) -> None:
    clerk = await served.sign_in(browser, "clerk", "ask")
    page = clerk.page
    await page.fill("#question", "补卡要多少钱")
    await page.keyboard.press("Enter")
    await expect(page.locator(".latest .answer")).to_contain_text("补卡")
    served.clock.ahead += EXPIRED
    await page.fill("#question", QUESTION)
    await page.keyboard.press("Enter")
    await at_the_door(clerk)
    assert "补卡" not in await page.locator("body").inner_text()
    await clean(page)
    assert await fits(page)
    await screenshot(page, "clerk-door-expired")

    await sign_in(page, served)
    await expect(page.locator("#question")).to_have_value(QUESTION)
    await expect(page.locator("#question")).to_be_focused()
    # What was asked before is still there, and the question was not asked yet.
    await expect(page.locator(".latest h2")).to_have_text("补卡要多少钱")
    assert [one.text for one in served.assistant.asked] == ["补卡要多少钱"]
    await page.keyboard.press("Enter")
    await expect(page.locator(".latest h2")).to_have_text("186****0102 要销户带什么")
    await expect(page.locator(".latest .answer")).to_contain_text("单位介绍信")
    conversations = {one.conversation for one in served.assistant.asked}
    assert len(conversations) == 1
    assert served.refused("ask") in clerk.complaints
    assert set(clerk.complaints) <= {served.refused("ask"), served.refused("me")}


async def test_a_number_and_its_purpose_outlive_a_session_that_was_revoked(browser: Browser, served: Served) -> None:
    clerk = await served.sign_in(browser, "clerk", "lookup")
    page = clerk.page
    await page.get_by_label("号码", exact=True).fill(ARREARS)
    await page.get_by_label("查询用途").fill("客户问能不能换号")
    await page.get_by_label("想办的业务").select_option("change_number")
    served.identity.staff.sessions.close_all(ROLES["clerk"])
    await page.get_by_role("button", name="查询").click()
    await at_the_door(clerk)

    await sign_in(page, served)
    await expect(page.get_by_label("号码", exact=True)).to_have_value(ARREARS)
    await expect(page.get_by_label("查询用途")).to_have_value("客户问能不能换号")
    await expect(page.get_by_label("想办的业务")).to_have_value("change_number")
    await expect(page.locator(".looked")).to_have_count(0)
    assert not await page.evaluate(kept_in_the_browser(ARREARS))
    await page.get_by_role("button", name="查询").click()
    await expect(page.locator(".verdict")).to_contain_text("暂时不能办理")
    assert not await page.evaluate(kept_in_the_browser(ARREARS))


async def test_somebody_else_and_who_comes_after_a_sign_out_find_nothing_of_it(
    browser: Browser, served: Served
) -> None:
    clerk = await served.sign_in(browser, "clerk", "lookup")
    page = clerk.page
    await page.get_by_label("号码", exact=True).fill(ARREARS)
    await page.get_by_label("查询用途").fill("客户问能不能换号")
    await page.get_by_role("link", name="答问").click()
    await page.fill("#question", QUESTION)
    served.identity.staff.sessions.close_all(ROLES["clerk"])
    await page.keyboard.press("Enter")
    await at_the_door(clerk)

    await sign_in(page, served, "supervisor")
    await expect(page.locator("#question")).to_have_value("")
    await page.get_by_role("link", name="查号码").click()
    await expect(page.get_by_label("号码", exact=True)).to_have_value("")
    await expect(page.get_by_label("查询用途")).to_have_value("")
    await page.get_by_label("号码", exact=True).fill(ARREARS)
    await page.get_by_role("button", name="退出").click()
    await sign_in(page, served)
    await expect(page.locator("#question")).to_have_value("")
    await page.get_by_role("link", name="查号码").click()
    await expect(page.get_by_label("号码", exact=True)).to_have_value("")


async def test_signing_in_on_another_page_of_the_same_browser_lets_the_first_go_on(
    browser: Browser, served: Served
) -> None:
    clerk = await served.sign_in(browser, "clerk", "ask")
    await clerk.page.fill("#question", QUESTION)
    served.identity.staff.sessions.close_all(ROLES["clerk"])
    await sign_in_elsewhere(clerk, served)

    await clerk.page.press("#question", "Enter")
    await expect(clerk.page.locator(".latest .answer")).to_contain_text("单位介绍信")


async def test_who_signs_in_in_another_window_is_let_in_at_the_door_of_the_first(
    browser: Browser, served: Served
) -> None:
    clerk = await served.sign_in(browser, "clerk", "ask")
    await clerk.page.fill("#question", QUESTION)
    served.identity.staff.sessions.close_all(ROLES["clerk"])
    await clerk.page.press("#question", "Enter")
    await at_the_door(clerk)
    # The organization's own way in leads away: it opens in another window, and what was begun waits in this one.
    await expect(clerk.page.get_by_role("link", name="用单位统一账号登录")).to_have_attribute("target", "_blank")
    await sign_in_elsewhere(clerk, served)

    await clerk.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(clerk.page.locator("#question")).to_have_value(QUESTION)
