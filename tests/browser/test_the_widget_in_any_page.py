"""The widget in somebody else's page: under the strictest policy, on another origin, with hostile answers, over restarts."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from playwright.async_api import Browser, Page, expect

from actions.settings import DoorSettings
from tests.browser.conftest import DESKTOP, PHONE, Watched, ask, clean, gateway, open_page, say, screenshot
from tests.browser.test_the_widget_with_a_fake_assistant import CITATIONS, MOMENTS, says, verdict

STRICTEST = "default-src 'none'; {more}; require-trusted-types-for 'script'; trusted-types 'none'"
HOST = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>别人的网页</title>
<meta name="viewport" content="width=device-width"><script type="module" src="{origin}/static/{module}"></script>
</head><body><main><h1>别人的网页</h1></main><rule-assistant {attributes}></rule-assistant></body></html>"""

# Ways in which text becomes a script, a link or markup where a page is careless.
HOSTILE = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "javascript://example.invalid/%0Aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg onload=alert(1)>",
    "vbscript:msgbox(1)",
    "blob:https://example.invalid/1",
    "file:///etc/passwd",
    "filesystem:https://example.invalid/1",
    "//example.invalid/checklists/x",
    "\\\\example.invalid\\checklists\\x",
    "https://example.invalid/checklists/x",
    "https://user@example.invalid/checklists/x",
    "/checklists/../static/icon.svg",
    "/checklists/%2e%2e/chat",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "<details open ontoggle=alert(1)>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<template shadowrootmode=open><script>alert(1)</script></template>",
    "<style>@import 'https://example.invalid'</style>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "[x](javascript:alert(1))",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "]]><script>alert(1)</script>",
    "constructor",
    "__proto__",
]


async def host_page(
    browser: Browser, origin: str, server: TestServer, attributes: str = "", viewport: dict[str, int] = DESKTOP
) -> Watched:
    """A page on a server of its own that embeds the widget of a gateway, with the panel open."""
    context = await browser.new_context(viewport=viewport, locale="zh-CN")
    watched = Watched(await context.new_page())
    watched.page.on("console", lambda message: watched.complaints.append(message.text))
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.on("request", lambda request: watched.addresses.append(request.url))
    await watched.page.goto(str(server.make_url("/host")))
    await watched.page.locator(".launcher").click()
    return watched


def host(
    origin: str, policy: str, attributes: str = "", lang: str = "zh-CN", module: str = "rule-assistant.js"
) -> web.Application:
    async def page(_request: web.Request) -> web.Response:
        text = HOST.format(origin=origin, attributes=attributes, lang=lang, module=module)
        return web.Response(text=text, content_type="text/html", headers={"Content-Security-Policy": policy})

    async def nothing(_request: web.Request) -> web.Response:
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/host", page)
    app.router.add_get("/favicon.ico", nothing)
    return app


@pytest.fixture
async def embedded(browser: Browser, assistant, tmp_path) -> AsyncIterator[Watched]:
    """A page under the strictest policy on another origin than the gateway."""
    port = unused_port()
    door = DoorSettings(origins=frozenset({f"http://127.0.0.1:{port}"}))
    async with TestServer(gateway(assistant, tmp_path, door)) as server:
        address = str(server.make_url("/")).rstrip("/")
        more = f"script-src {address}; style-src {address}; connect-src {address}"
        async with TestServer(host(address, STRICTEST.format(more=more)), port=port) as hall:
            yield await host_page(browser, address, hall)


async def test_a_page_of_another_origin_needs_one_script_and_one_tag(embedded: Watched, assistant):
    assistant.answer = says(verdict("allowed", moments=MOMENTS), CITATIONS, choices=["那收费呢？"])
    await ask(embedded.page, "我能销户吗")
    await expect(embedded.page.locator(".verdict.allowed")).to_be_visible()
    await clean(embedded.page)

    assert embedded.complaints == []
    hosts = {re.sub(r"^(https?://[^/]+).*", r"\1", address) for address in embedded.addresses}
    assert len(hosts) == 2


@dataclass(frozen=True)
class Raw:
    """A reply that no assistant of ours would give."""

    json: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        return self.json


def answer_full_of(text: str) -> dict[str, Any]:
    """A reply with this text in every place."""
    moment = {"date": text, "day": text, "state": text, "text": text, "notes": [text]}
    lists = {name: [text] for name in ("reasons", "unknowns", "steps", "notices")}
    hostile = verdict("blocked", title=text, number=text, verify=text, earliest=text, moments=[moment], **lists)
    blocks = [
        {"type": "text", "text": text, "heading": text, "tone": text},
        {"type": "checklist", "title": text, "items": [text], "print": text},
        hostile,
        {**hostile, "status": text, "status_text": text},
        {"type": "citations", "items": [{"document": text, "section": text, "passage": text}]},
        {"type": text, "text": text},
    ]
    return {"decision": "answer", "text": text, "blocks": blocks, "choices": [text], "rules_version": text}


async def test_hostile_text_is_inert_wherever_text_can_appear(embedded: Watched, assistant):
    page = embedded.page
    await page.evaluate("() => { window.alert = () => { document.title = 'hacked'; }; }")
    for text in HOSTILE:
        assistant.answer = lambda _asked, text=text: Raw(answer_full_of(text))
        await say(page, text)
        await expect(page.locator(".entry.assistant")).to_have_count(HOSTILE.index(text) + 1)
    links = await page.locator(".log a").evaluate_all("links => links.map((link) => link.href)")

    assert len(HOSTILE) >= 30
    assert links == []
    assert await page.locator(".log :is(img, script, iframe, style, template, math, object, embed)").count() == 0
    assert await page.title() == "别人的网页"
    assert embedded.complaints == []


async def test_nothing_is_lost_or_doubled_when_the_server_restarts_in_the_middle(browser: Browser, assistant, tmp_path):
    port = unused_port()
    first = TestServer(gateway(assistant, tmp_path), port=port)
    await first.start_server()
    watched = await open_page(browser, str(first.make_url("/")))
    await ask(watched.page, "第一句")
    await first.close()
    await say(watched.page, "第二句")
    await expect(watched.page.locator(".entry.user.held")).to_contain_text("第二句")
    await expect(watched.page.locator(".status")).to_contain_text("重新连接")
    async with TestServer(gateway(assistant, tmp_path), port=port):
        await expect(watched.page.locator(".entry.assistant")).to_have_count(2, timeout=40_000)
        await ask(watched.page, "第三句")
        texts = await watched.page.locator(".log .bubble").all_inner_texts()

    assert texts == ["第一句", "回答：第一句", "第二句", "回答：第二句", "第三句", "回答：第三句"]
    assert [asked.text for asked in assistant.asked] == ["第一句", "第二句", "第三句"]


@pytest.mark.parametrize("state", ["allowed", "blocked", "needs_review", "not_applicable", "checklist", "welcome"])
@pytest.mark.parametrize("look", ["light", "dark", "large", "phone", "zoomed"])
async def test_axe_finds_nothing_in_any_state(browser: Browser, url, assistant, state, look):
    viewport = {"phone": {"width": 360, "height": 740}, "zoomed": {"width": 640, "height": 400}}.get(look, DESKTOP)
    watched = await open_page(browser, url, viewport, "dark" if look == "dark" else "light", path="")
    page = watched.page
    await clean(page)
    await page.locator(".launcher").click()
    if look == "large":
        await page.get_by_role("button", name="大字").click()
    if state == "checklist":
        assistant.answer = says(
            {"type": "text", "text": "单位名称开户：经办人要带身份证件原件。", "heading": "单位名称开户"},
            {
                "type": "checklist",
                "title": "请准备：",
                "items": ["身份证件（原件）", "介绍信"],
                "print": "/checklists/x",
            },
            {"type": "text", "text": "规则没有写。", "tone": "gap"},
            CITATIONS,
            choices=["那收费呢？", "多久生效？"],
        )
    elif state != "welcome":
        assistant.answer = says(
            verdict(
                state, title="2026年11月22日，号码 186****0101 的情况。", reasons=["有欠费 32.50 元。"],
                unknowns=["查不到协议。"], steps=["先交清欠费。"], notices=["号码不保留。"], earliest="2028-03-01",
                moments=[] if state in ("allowed", "not_applicable") else [*MOMENTS[:2], {**MOMENTS[2], "notes": []}],
            ),
            CITATIONS,
        )  # fmt: skip
    if state != "welcome":
        await ask(page, "我能销户吗")
    await clean(page)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate(SCROLLS_SIDEWAYS) is False
    await screenshot(page, f"widget-{state}-{look}")


SCROLLS_SIDEWAYS = """() => {
  const scroller = document.querySelector("rule-assistant").shadowRoot.querySelector(".scroller");
  return scroller.scrollWidth > scroller.clientWidth;
}"""


async def give_feedback(page: Page) -> None:
    await page.get_by_role("button", name="没帮助").click()
    await page.get_by_label("过时了").check()


async def test_an_answer_can_be_judged_with_a_reason(browser: Browser, url):
    page = (await open_page(browser, url, PHONE)).page
    await ask(page, "销户要带什么")
    await give_feedback(page)
    await clean(page)
    await screenshot(page, "feedback")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".said")).to_have_text("谢谢您的反馈")
    await page.reload()
    await expect(page.get_by_role("button", name="没帮助")).to_have_attribute("aria-pressed", "true")


async def test_ticks_large_letters_and_the_open_panel_are_remembered(browser: Browser, url, assistant):
    assistant.answer = says({"type": "checklist", "title": "请准备：", "items": ["介绍信", "证件"]})
    page = (await open_page(browser, url, path="")).page
    await page.locator(".launcher").click()
    await page.get_by_role("button", name="大字").click()
    await ask(page, "销户要带什么")
    await page.get_by_label("证件").check()
    await page.reload()

    await expect(page.get_by_label("证件")).to_be_checked()
    await expect(page.locator(".count")).to_have_text("已备 1 / 2")
    await expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_the_place_in_the_queue_and_the_person_are_told(browser: Browser, url, viewport):
    page = (await open_page(browser, url, viewport)).page
    await ask(page, "在吗")
    await page.route(
        "**/api/v1/handoff", lambda route: route.fulfill(status=202, json={"state": "queued", "position": 3})
    )
    await page.get_by_role("button", name="转人工").click()
    await expect(page.locator(".status")).to_contain_text("前面还有 2 位")
    await clean(page)
    await screenshot(page, f"queue-{viewport['width']}")
    await page.route("**/api/v1/handoff", lambda route: route.fulfill(json={"state": "none"}))
    await page.get_by_role("button", name="不等了").click()
    await expect(page.locator(".status")).to_be_empty()


async def test_a_grant_counts_only_from_the_gateways_own_window(browser: Browser, url):
    watched = await open_page(browser, url)
    page = watched.page
    await ask(page, "在吗")
    redeemed: list[str | None] = []
    identity = {"role": "customer", "numbers": ["186****0101", "186****0102"], "name": None}

    async def redeem(route):
        redeemed.append(route.request.post_data)
        opened = await page.request.post(f"{url}api/v1/demo/sign-in", data={"number": "18600010101"})
        await route.fulfill(json={"session": (await opened.json())["session"], "identity": identity})

    await page.route("**/api/v1/identity/links", lambda r: r.fulfill(json={"url": f"{url}verify/x", "expires_in": 300}))
    await page.route("**/api/v1/identity/grant", redeem)
    await page.context.route(
        "**/verify/x", lambda route: route.fulfill(body="<title>x</title>", content_type="text/html")
    )
    async with page.expect_popup() as opened:
        await page.get_by_role("button", name="登录查号码").click()
    popup = await opened.value
    await page.get_by_label("确认码").wait_for()
    await clean(page)
    await screenshot(page, "verify")
    forged = "window.postMessage({type: 'rule-assistant-grant', grant: 'forged'}, '*')"
    await page.evaluate(forged)
    await page.wait_for_timeout(200)
    assert redeemed == []
    await popup.wait_for_url("**/verify/x")
    await popup.evaluate(f"opener.postMessage({{type: 'rule-assistant-grant', grant: 'g'}}, '{url}')")

    await expect(page.locator(".badge")).to_contain_text("186****0101")
    await expect(page.locator(".badge")).to_contain_text("等 2 个号码")
    assert len(redeemed) == 1
    assert '"grant":"g"' in (redeemed[0] or "")


async def test_traditional_characters_for_the_words_of_the_widget_itself(browser: Browser, assistant, tmp_path):
    port = unused_port()
    door = DoorSettings(origins=frozenset({f"http://127.0.0.1:{port}"}))
    async with TestServer(gateway(assistant, tmp_path, door)) as server:
        address = str(server.make_url("/")).rstrip("/")
        taiwan = host(address, f"script-src {address}", lang="zh-TW", module="rule-assistant.zh-TW.js")
        async with TestServer(taiwan, port=port) as hall:
            page = (await host_page(browser, address, hall)).page
            await ask(page, "过户要多少钱")
            await expect(page.get_by_role("button", name="送出")).to_be_visible()
            await expect(page.locator(".entry.assistant .bubble")).to_have_text("回答：过户要多少钱")
            await expect(page.locator(".root")).to_have_attribute("lang", "zh-TW")
            await expect(page.locator(".entry.assistant .bubble")).to_have_attribute("lang", "zh-CN")
            await clean(page)
            await screenshot(page, "traditional")
