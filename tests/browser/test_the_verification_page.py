"""The verification page in a real browser: both ways back to the chat, narrow, dark, large, by keyboard, with axe."""

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from bot.gateway.app import Parts, create_app
from bot.identity.demo import service_password
from bot.identity.sessions import SessionStore
from tests.bot.gateway.fakes import ALLOWED, DEMO_ACCOUNTS, FakeAssistant
from tests.bot.identity_parts import KEYS, identity_parts
from tests.browser.conftest import screenshot

NARROW = {"width": 360, "height": 740}
_FETCH = """async ([path, body]) => (await (await fetch(path, {method: "POST",
  headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)})).json())"""
_WAIT = """() => new Promise((done) => addEventListener("message", (event) => {
  event.source.postMessage({type: "rule-assistant-grant-received"}, event.origin);
  done([event.origin, event.data]);
}, {once: true}))"""


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[str, SessionStore]]:
    sessions = SessionStore(f"sqlite:///{tmp_path / 's.db'}", idle_seconds=1800, demo=True, keys=KEYS)
    parts = identity_parts(sessions, tmp_path, time.time)
    app = create_app(Parts(FakeAssistant(), sessions, 1.0, DEMO_ACCOUNTS, identity=parts))
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/"), sessions


async def opened(browser: Browser, served, scheme="light") -> tuple[Page, str, list[str]]:
    """The page of a new link, opened without an opener, with everything it complains about."""
    url, sessions = served
    context = await browser.new_context(viewport=NARROW, color_scheme=scheme, locale="zh-CN")
    page, complaints = await context.new_page(), []
    await page.goto(f"{url}/")
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    session = sessions.open()
    link = await page.evaluate(_FETCH, ["/api/v1/identity/links", {"session": session}])
    await page.goto(url + link["url"])
    return page, session, complaints


async def clean(page: Page) -> None:
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_by_keyboard_with_a_service_password_and_a_typed_confirmation_code(browser, served):
    page, session, complaints = await opened(browser, served)
    await clean(page)
    await screenshot(page, "verify-360-light")
    await page.focus("#number")
    await page.keyboard.type("186 0001 0101")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.type("000000")
    await page.keyboard.press("Enter")
    await page.locator("#error").filter(has_text="不对").wait_for()
    await clean(page)
    await screenshot(page, "verify-360-error")
    assert await page.evaluate("document.activeElement.id") == "password"
    await page.keyboard.type(service_password(ALLOWED))
    await page.keyboard.press("Enter")
    await page.locator("#done").wait_for()
    await clean(page)
    await screenshot(page, "verify-360-code")
    shown = await page.locator("#confirmation").inner_text()
    body = await page.evaluate(_FETCH, ["/api/v1/identity/grant", {"session": session, "grant": shown}])

    assert body["identity"]["numbers"] == ["186****0101"]
    assert await page.evaluate("document.activeElement.id") == "done-title"
    # The browser itself writes down the refused password.
    assert [one for one in complaints if "401" not in one] == []


async def test_with_an_sms_code_in_the_dark_and_large(browser, served):
    page, _, complaints = await opened(browser, served, "dark")
    await page.click("#larger")
    await page.check('input[value="code"]')
    await page.fill("#number", ALLOWED)
    await page.click("#send")
    await page.locator("#status").filter(has_text="验证码").wait_for()
    await clean(page)
    await screenshot(page, "verify-360-dark-large")
    await page.wait_for_timeout(300)
    messages = await page.evaluate("async (n) => (await (await fetch('/demo/sms?number=' + n)).json())", ALLOWED)
    code = messages["messages"][0]["text"].split("验证码 ")[1][:6]
    await page.fill("#code", code)
    await page.click("#submit")
    await page.locator("#done").wait_for()
    await clean(page)
    await screenshot(page, "verify-360-dark-done")

    assert complaints == []


async def test_opened_from_the_chat_the_grant_goes_back_to_it_and_nothing_need_be_typed(browser, served):
    url, sessions = served
    context = await browser.new_context(viewport=NARROW, locale="zh-CN")
    chat = await context.new_page()
    await chat.goto(f"{url}/")
    session = sessions.open()
    link = await chat.evaluate(_FETCH, ["/api/v1/identity/links", {"session": session}])
    async with context.expect_page() as popup:
        await chat.evaluate("(path) => { window.open(path); }", link["url"])
    page = await popup.value
    await page.fill("#number", ALLOWED)
    await page.fill("#password", service_password(ALLOWED))
    await chat.evaluate(f"() => {{ window.grantPromise = ({_WAIT})(); }}")
    await page.click("#submit")
    origin, data = await chat.evaluate("() => window.grantPromise")
    await page.locator("#confirmation").wait_for(state="hidden")
    await screenshot(page, "verify-360-handed-over")
    body = await chat.evaluate(_FETCH, ["/api/v1/identity/grant", {"session": session, "grant": data["grant"]}])

    assert origin == url
    assert data["type"] == "rule-assistant-grant"
    assert body["identity"]["numbers"] == ["186****0101"]


async def test_a_link_that_is_gone_says_so(browser, served):
    url, _ = served
    page = await (await browser.new_context(viewport=NARROW)).new_page()
    await page.goto(f"{url}/verify/nothing")
    await clean(page)
    await screenshot(page, "verify-360-gone")

    assert "重新获取" in await page.locator("main").inner_text()


async def test_staff_stay_signed_in_by_their_cookie_on_loopback(browser, served):
    url, _ = served
    page = await (await browser.new_context()).new_page()
    await page.goto(f"{url}/")
    staff = (await page.evaluate("async () => (await (await fetch('/demo/staff')).json())"))["staff"][0]
    credentials = {name: staff[name] for name in ("name", "password", "code")}
    signed_in = await page.evaluate(_FETCH, ["/api/v1/staff/sign-in", credentials])
    me = await page.evaluate("async () => (await (await fetch('/api/v1/staff/me')).json())")

    assert me == signed_in
    assert await page.evaluate("document.cookie") == ""
