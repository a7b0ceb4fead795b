"""Signing in from the widget: by the web hall's own login, in a window, where windows are blocked, by a typed code."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, unused_port
from playwright.async_api import Browser, Page, Route, expect

from actions.settings import DoorSettings
from bot.identity.demo import service_password
from tests.bot.gateway.fakes import ALLOWED
from tests.browser.conftest import DESKTOP, PHONE, answered, ask, clean, gateway, open_page, say, screenshot
from tests.browser.test_the_widget_in_any_page import STRICTEST, host, host_page

SIGN_IN = "登录查号码"
BADGE = "186****0101"
# As a browser does that lets no page open windows.
BLOCK = "() => { window.opens = window.open; window.open = () => null; }"
ALLOW = "() => { window.open = window.opens; }"


@pytest.fixture
async def served(assistant, tmp_path) -> AsyncIterator[str]:
    """The address of a gateway where people can sign in."""
    async with TestServer(gateway(assistant, tmp_path, identity=True)) as server:
        yield str(server.make_url("/"))


async def verify(page: Page) -> None:
    """Proves on the verification page whose number it is."""
    await page.fill("#number", ALLOWED)
    await page.fill("#password", service_password(ALLOWED))
    await page.click("#submit")
    await page.locator("#done").wait_for()


async def test_the_window_hands_its_result_to_the_chat_and_says_that_it_can_be_closed(
    browser: Browser, served, assistant
):
    watched = await open_page(browser, served)
    page = watched.page
    await ask(page, "在吗")
    async with page.expect_popup() as opened:
        await page.get_by_role("button", name=SIGN_IN).click()
    popup = await opened.value
    await popup.wait_for_url("**/verify/*")
    await verify(popup)
    await expect(page.locator(".badge")).to_contain_text(BADGE)
    await expect(page.locator(".verify")).to_be_hidden()
    await expect(popup.locator("#done-hint")).to_contain_text("已经交给聊天窗口")
    await expect(popup.locator("#confirmation")).to_be_hidden()
    await ask(page, "我现在能换号吗")

    assert [asked.identity and asked.identity.numbers for asked in assistant.asked] == [None, (ALLOWED,)]
    assert watched.complaints == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_where_windows_are_blocked_a_link_opens_the_page_and_the_result_still_comes_back(
    browser: Browser, served, assistant, viewport
):
    watched = await open_page(browser, served, viewport)
    page = watched.page
    await page.evaluate(BLOCK)
    await page.get_by_role("button", name=SIGN_IN).click()
    await expect(page.locator(".verify")).to_contain_text("浏览器拦住了新窗口")
    await clean(page)
    await screenshot(page, f"blocked-{viewport['width']}")
    await page.evaluate(ALLOW)
    async with page.expect_popup() as opened:
        await page.get_by_role("link", name="打开验证页面").press("Enter")
    await verify(await opened.value)
    await expect(page.locator(".badge")).to_contain_text(BADGE)

    assert watched.complaints == []


async def test_a_confirmation_code_is_typed_where_the_page_was_opened_elsewhere(browser: Browser, served):
    watched = await open_page(browser, served)
    page = watched.page
    await page.evaluate(BLOCK)
    await page.get_by_role("button", name=SIGN_IN).press("Enter")
    field = page.get_by_label("确认码")
    await expect(field).to_be_focused()
    elsewhere = await page.context.new_page()
    await elsewhere.goto(await page.get_by_role("link", name="打开验证页面").get_attribute("href") or "")
    await verify(elsewhere)
    code = await elsewhere.locator("#confirmation").inner_text()
    wrong = "".join(str(9 - int(digit)) for digit in code if digit.isdigit())
    await field.fill(wrong)
    await field.press("Enter")
    refused = page.locator(".entry.note")
    await expect(refused).to_contain_text("确认码")
    await expect(page.locator(".badge")).to_have_count(0)
    await clean(page)
    await screenshot(page, "code-refused")
    await field.fill(code)
    await field.press("Enter")
    await expect(page.locator(".badge")).to_contain_text(BADGE)
    await expect(page.locator(".verify")).to_be_hidden()
    await expect(page.locator("#question")).to_be_focused()
    await screenshot(page, "code-taken")

    # The browser notes in its console that a request was refused; nothing else may stand there.
    assert [text for text in watched.complaints if "Failed to load resource" not in text] == []


async def test_verifying_can_be_given_up(browser: Browser, served):
    page = (await open_page(browser, served)).page
    await page.evaluate(BLOCK)
    await page.get_by_role("button", name=SIGN_IN).click()
    await page.get_by_role("button", name="取消").click()

    await expect(page.locator(".verify")).to_be_hidden()
    await expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()


@dataclass
class Hall:
    """A web hall on an origin of its own: who holds its cookie is logged in, and only its server asks for assertions."""

    gateway: str
    server: TestServer
    asked: int = 0

    async def assertion(self, request: web.Request) -> web.Response:
        self.asked += 1
        if request.cookies.get("hall") != "customer":
            return web.Response(status=204)
        async with ClientSession() as client:
            answer = await client.post(f"{self.gateway}/demo/hall/assertion", json={"number": ALLOWED})
            return web.json_response(await answer.json())


@pytest.fixture
async def hall(assistant, tmp_path) -> AsyncIterator[Hall]:
    port = unused_port()
    origin = f"http://127.0.0.1:{port}"
    door = DoorSettings(origins=frozenset({origin}))
    async with TestServer(gateway(assistant, tmp_path, door, identity=True)) as server:
        address = str(server.make_url("/")).rstrip("/")
        more = f"script-src {address}; connect-src {address} {origin}"
        app = host(address, STRICTEST.format(more=more), 'assertion-url="/login/assertion"')
        made = Hall(address, TestServer(app, port=port))
        app.router.add_post("/login/assertion", made.assertion)
        async with made.server:
            yield made


async def test_who_is_logged_in_to_the_hall_is_signed_in_without_doing_anything(
    browser: Browser, hall: Hall, assistant
):
    watched = await host_page(browser, hall.gateway, hall.server)
    page = watched.page
    await ask(page, "在吗")
    await page.context.add_cookies([{"name": "hall", "value": "customer", "url": str(hall.server.make_url("/"))}])
    assert await page.evaluate("document.querySelector('rule-assistant').signIn()") is True
    await expect(page.locator(".badge")).to_contain_text(BADGE)
    await page.evaluate("sessionStorage.clear()")
    await page.reload()
    await page.locator(".launcher").click()
    await expect(page.locator(".badge")).to_contain_text(BADGE)
    await clean(page)
    await screenshot(page, "assertion-url")
    await ask(page, "我现在能换号吗")
    await page.get_by_role("button", name="新对话").click()
    await expect(page.locator(".entry.note")).to_contain_text("已登录")
    await ask(page, "那过户呢")

    numbers = [asked.identity and asked.identity.numbers for asked in assistant.asked]
    assert numbers == [None, (ALLOWED,), (ALLOWED,)]
    assert len({asked.conversation for asked in assistant.asked}) == 3
    assert watched.complaints == []


async def test_what_is_said_while_a_new_conversation_begins_is_said_in_it(browser: Browser, hall: Hall, assistant):
    watched = await host_page(browser, hall.gateway, hall.server)
    page = watched.page
    await page.context.add_cookies([{"name": "hall", "value": "customer", "url": str(hall.server.make_url("/"))}])
    assert await page.evaluate("document.querySelector('rule-assistant').signIn()") is True
    await ask(page, "我现在能换号吗")
    ending, go_on = asyncio.Event(), asyncio.Event()

    async def held(route: Route) -> None:
        if route.request.method == "DELETE":
            ending.set()
            await go_on.wait()
        await route.continue_()

    await page.route("**/api/v1/session", held)
    await page.get_by_role("button", name="新对话").click()
    await asyncio.wait_for(ending.wait(), 20)
    await say(page, "那过户呢")
    go_on.set()
    await answered(page, "那过户呢")

    assert [asked.text for asked in assistant.asked] == ["我现在能换号吗", "那过户呢"]
    assert [asked.identity and asked.identity.numbers for asked in assistant.asked] == [(ALLOWED,), (ALLOWED,)]
    assert len({asked.conversation for asked in assistant.asked}) == 2
    assert watched.complaints == []


async def test_where_nobody_is_logged_in_to_the_hall_the_verification_page_is_opened(browser: Browser, hall: Hall):
    page = (await host_page(browser, hall.gateway, hall.server)).page
    await expect(page.get_by_role("button", name=SIGN_IN)).to_be_visible()
    async with page.expect_popup() as opened:
        await page.get_by_role("button", name=SIGN_IN).click()
    popup = await opened.value
    await popup.wait_for_url("**/verify/*")
    await verify(popup)

    await expect(page.locator(".badge")).to_contain_text(BADGE)
    assert hall.asked == 2
