"""How the widget behaves whatever the assistant does."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Route, expect

from actions.blocks import Block
from actions.eligibility.wording import status_name
from actions.identity import Identity
from actions.reply import Reply
from bot.gateway.demo import describe
from bot.identity.sessions import SessionStore
from tests.browser.conftest import DESKTOP, PHONE, answered, ask, clean, gateway, open_page, say, screenshot
from tests.browser.paper import overflow

HOSTILE = "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
# Makes the session that this tab remembers one that the server does not know.
EXPIRE = """() => {
  const key = Object.keys(sessionStorage).find((name) => name.startsWith('rule-assistant'));
  sessionStorage.setItem(key, JSON.stringify({...JSON.parse(sessionStorage.getItem(key)), session: 'expired'}));
}"""
FOCUSED = "document.querySelector('rule-assistant').shadowRoot.activeElement"
CUSTOMER = Identity("customer", ("18600010101",), "G1001")
CITATIONS: Block = {"type": "citations", "items": [{"document": "集团客户标准服务内容", "section": "五(二)"}]}


def verdict(status: str, **fields: Any) -> Block:
    block: Any = {
        "type": "verdict",
        "status": status,
        "status_text": status_name(status),
        "title": "结论一句话",
        "number": "186****0101",
        "reasons": [],
        "unknowns": [],
        "steps": [],
        "notices": [],
        "earliest": None,
        "earliest_certain": True,
    }
    block.update(fields)
    return block


def says(*blocks: Block, choices: list[str] | None = None):
    return lambda _text: Reply(decision="answer", blocks=list(blocks), choices=choices or [])


async def test_every_block_is_shown_and_a_choice_says_what_it_shows(browser: Browser, url, assistant):
    assistant.answer = says(
        {"type": "text", "text": "第一段\n第二行"},
        {"type": "checklist", "title": "要带的材料", "items": ["介绍信", "身份证件"]},
        {"type": "text", "text": "规则没有写。", "tone": "gap"},
        {"type": "text", "text": "办了就不能撤回。", "tone": "warning"},
        CITATIONS,
        choices=["那收费呢？"],
    )
    watched = await open_page(browser, url)
    await ask(watched.page, "销户要带什么")
    answer = watched.page.locator(".entry.assistant").last

    await expect(answer.locator(".checklist li")).to_have_text(["介绍信", "身份证件"])
    await expect(answer.locator(".gap")).to_contain_text("依据不全")
    await expect(answer.locator(".warning")).to_contain_text("请注意")
    await expect(answer.locator(".citations")).to_have_text("依据《集团客户标准服务内容》五(二)")
    await watched.page.get_by_role("button", name="那收费呢？").click()
    await answered(watched.page, "")
    await expect(watched.page.locator(".entry.user").last).to_contain_text("那收费呢？")
    assert assistant.asked[-1].text == "那收费呢？"
    assert watched.complaints == []


async def test_a_paragraph_for_one_kind_of_customer_is_headed_by_it(browser: Browser, url, assistant):
    assistant.answer = says(
        {"type": "text", "text": "单位名称开户：带介绍信。", "heading": "单位名称开户"},
        {"type": "text", "text": "个人名称开户：规则没有写。", "heading": "个人名称开户", "tone": "gap"},
    )
    watched = await open_page(browser, url)
    await ask(watched.page, "销户要带什么")
    answer = watched.page.locator(".entry.assistant").last

    await expect(answer.locator(".whose")).to_have_text(["单位名称开户", "个人名称开户"])
    await expect(answer.locator(".text")).to_have_text(["带介绍信。", "规则没有写。"])


async def test_a_checklist_can_be_printed_from_a_new_window(browser: Browser, url, assistant):
    assistant.answer = says(
        {"type": "checklist", "title": "请准备：", "items": ["介绍信"], "print": "/checklists/cancel_service"},
        {"type": "checklist", "title": "请准备：", "items": ["介绍信"], "print": "javascript:alert(1)"},
        {"type": "checklist", "title": "请准备：", "items": ["介绍信"], "print": "//elsewhere.example/checklists/"},
        {"type": "checklist", "title": "请准备：", "items": ["介绍信"]},
    )
    watched = await open_page(browser, url)
    await ask(watched.page, "销户要带什么")
    link = watched.page.get_by_role("link", name=re.compile("打印办理清单.*在新窗口打开"))

    await expect(link).to_have_count(1)
    await expect(link).to_have_attribute("rel", "noopener")
    async with watched.page.context.expect_page() as opened:
        await link.press("Enter")
    assert (await opened.value).url == f"{url}checklists/cancel_service"
    await expect(watched.page.locator(".entry.user")).to_have_count(1)


async def test_an_original_passage_is_folded_away_until_it_is_wanted(browser: Browser, url, assistant):
    quoted: Block = {
        "type": "citations",
        "items": [{"document": "规则", "section": "五(二)", "passage": f"第一行\n{HOSTILE}"}],
    }
    assistant.answer = lambda _text: Reply(decision="answer", blocks=[quoted], rules_version="abc123")
    watched = await open_page(browser, url)
    await ask(watched.page, "销户要带什么")
    cited = watched.page.locator(".citations")

    await expect(cited.locator("summary")).to_have_text("《规则》五(二)")
    await expect(cited.locator("blockquote")).to_be_hidden()
    await cited.locator("summary").press("Enter")
    await expect(cited.locator("blockquote")).to_contain_text(HOSTILE)
    await expect(cited).to_contain_text("规则库版本 abc123")
    await watched.page.reload()
    await expect(watched.page.locator(".citations")).to_contain_text("规则库版本 abc123")


async def test_title_and_suggestions_are_those_of_the_rule_pack(browser: Browser, url, assistant):
    pack = {"title": "搬运助手", "suggestions": ["搬箱子要带什么"], "rules_version": "1", "answerable": 1}
    watched = await open_page(browser, url)
    await watched.page.route("**/api/v1/about", lambda route: route.fulfill(json=pack))
    await watched.page.reload()

    await expect(watched.page.get_by_role("heading", level=1)).to_have_text("搬运助手")
    await expect(watched.page.locator("#title")).to_have_text("搬运助手")
    assert await watched.page.title() == "搬运助手"
    await expect(watched.page.locator(".welcome .choices li")).to_have_text(["搬箱子要带什么"])
    await watched.page.get_by_role("button", name="搬箱子要带什么").click()
    await answered(watched.page, "")
    assert assistant.asked[0].text == "搬箱子要带什么"


async def test_the_page_works_without_knowing_its_rule_pack(browser: Browser, url):
    watched = await open_page(browser, url)
    await watched.page.route("**/api/v1/about", lambda route: route.abort())
    await watched.page.reload()
    await expect(watched.page.get_by_text("可以先试试")).to_be_hidden()
    await ask(watched.page, "在吗")

    await expect(watched.page.locator(".entry.assistant")).to_contain_text("回答：在吗")


@pytest.mark.parametrize(
    ("status", "label"),
    [
        ("allowed", "可以办理"),
        ("blocked", "暂时不能办理"),
        ("needs_review", "需要人工核实"),
        ("not_applicable", "不适用"),
    ],
)
async def test_a_verdict_is_told_in_words_and_not_only_by_colour(browser: Browser, url, assistant, status, label):
    assistant.answer = says(
        verdict(
            status,
            reasons=["有欠费 32.50 元"],
            unknowns=["查不到协议"],
            steps=["先交费", "再办理"],
            notices=["号码不保留"],
            earliest="2027-01-02",
            earliest_certain=False,
        )
    )
    watched = await open_page(browser, url)
    await ask(watched.page, "我现在能换号吗")
    card = watched.page.locator(".verdict")

    for part in (label, "186****0101", "有欠费 32.50 元", "查不到协议", "号码不保留"):
        await expect(card).to_contain_text(part)
    uncertain_day = card.get_by_text("要核实的都没有问题的话，最早可办理日期：2027 年 1 月 2 日")
    await expect(uncertain_day).to_have_count(0 if status == "allowed" else 1)
    await expect(card.locator("ol li")).to_have_text(["先交费", "再办理"])


async def test_hostile_text_stays_text_everywhere(browser: Browser, url, assistant):
    assistant.answer = says(
        {"type": "text", "text": HOSTILE},
        {"type": "checklist", "title": HOSTILE, "items": [HOSTILE]},
        verdict("blocked", title=HOSTILE, reasons=[HOSTILE], steps=[HOSTILE]),
        {"type": "citations", "items": [{"document": HOSTILE, "section": "javascript:alert(1)"}]},
        choices=[HOSTILE],
    )
    watched = await open_page(browser, url)
    await ask(watched.page, HOSTILE)

    await expect(watched.page.locator(".entry.user")).to_contain_text(HOSTILE)
    assert await watched.page.locator(".log img, .log script, .log a").count() == 0
    assert await watched.page.title() == "业务规则助手"
    assert watched.complaints == []


async def test_nothing_is_asked_of_any_other_host(browser: Browser, url):
    watched = await open_page(browser, url)
    await ask(watched.page, "在吗")

    assert watched.addresses
    assert [address for address in watched.addresses if not address.startswith(url)] == []


async def test_a_question_waits_for_an_assistant_that_is_down_and_is_answered_by_itself(
    browser: Browser, url, assistant
):
    assistant.down = True
    watched = await open_page(browser, url)
    await say(watched.page, "过户要多少钱")
    await expect(watched.page.locator(".typing")).to_contain_text("已经收到")
    await screenshot(watched.page, "waiting")

    assistant.down = False
    await expect(watched.page.locator(".entry.assistant")).to_contain_text("回答：过户要多少钱", timeout=20_000)
    await expect(watched.page.locator(".entry.user")).to_have_count(1)


async def test_without_a_network_the_question_is_kept_and_sent_when_it_is_back(browser: Browser, url, assistant):
    watched = await open_page(browser, url)
    await watched.page.context.set_offline(True)
    await say(watched.page, "过户要多少钱")

    await expect(watched.page.locator(".status")).to_contain_text("网络断开了")
    await expect(watched.page.locator(".entry.user.held")).to_contain_text("还没有发出去")
    await clean(watched.page)
    await screenshot(watched.page, "offline")
    await watched.page.context.set_offline(False)
    await expect(watched.page.locator(".entry.assistant")).to_contain_text("回答：过户要多少钱")
    await expect(watched.page.locator(".status")).to_be_empty()
    assert len(assistant.asked) == 1


async def test_a_question_that_was_not_sent_can_be_taken_back(browser: Browser, url, assistant):
    watched = await open_page(browser, url)
    await watched.page.context.set_offline(True)
    await say(watched.page, "过户要多少钱")
    await watched.page.get_by_role("button", name="撤回").click()
    await watched.page.context.set_offline(False)

    assert await watched.page.input_value("#question") == "过户要多少钱"
    await expect(watched.page.locator(".entry")).to_have_count(0)
    assert assistant.asked == []


async def test_a_refused_question_says_why_and_cannot_be_sent_again(browser: Browser, url):
    watched = await open_page(browser, url)
    refusal = {"error": {"code": "empty_text", "message": "请先输入您的问题。"}}
    await watched.page.route("**/api/v1/messages", lambda route: route.fulfill(status=400, json=refusal))
    await say(watched.page, "在吗")

    await expect(watched.page.locator(".entry.failed")).to_contain_text("请先输入您的问题。")
    await expect(watched.page.get_by_role("button", name="重试")).to_have_count(0)
    await clean(watched.page)
    await screenshot(watched.page, "error")


async def test_an_expired_session_is_told_and_the_question_can_be_asked_in_a_new_one(browser: Browser, url, assistant):
    watched = await open_page(browser, url)
    await ask(watched.page, "在吗")
    await watched.page.evaluate(EXPIRE)
    await watched.page.reload()
    await expect(watched.page.locator(".entry.note")).to_contain_text("会话已过期")
    await ask(watched.page, "还在吗")

    await expect(watched.page.locator(".entry.assistant").last).to_contain_text("回答：还在吗")
    assert assistant.asked[0].conversation != assistant.asked[1].conversation


async def test_an_answer_comes_by_the_response_and_the_history_where_streams_do_not_pass(
    browser: Browser, url, assistant
):
    watched = await open_page(browser, url)
    await watched.page.route("**/api/v1/events", lambda route: route.abort())
    await say(watched.page, "第一句")
    await expect(watched.page.locator(".entry.assistant")).to_contain_text("回答：第一句", timeout=15_000)
    await ask(watched.page, "第二句")

    await expect(watched.page.locator(".entry.assistant .text")).to_have_text(["回答：第一句", "回答：第二句"])
    assert [asked.text for asked in assistant.asked] == ["第一句", "第二句"]


async def test_what_was_said_is_still_there_after_a_reload(browser: Browser, url, assistant):
    watched = await open_page(browser, url)
    await ask(watched.page, "第一句")
    await watched.page.reload()
    await expect(watched.page.locator(".entry.assistant")).to_contain_text("回答：第一句")
    await ask(watched.page, "第二句")

    assert len({asked.conversation for asked in assistant.asked}) == 1


async def test_a_new_conversation_shows_nothing_of_the_old_one(browser: Browser, url, assistant):
    watched = await open_page(browser, url)
    await ask(watched.page, "第一句")
    await watched.page.get_by_role("button", name="新对话").click()
    await expect(watched.page.locator(".entry")).to_have_count(0)
    await expect(watched.page.locator(".welcome")).to_be_visible()
    await ask(watched.page, "第二句")

    assert len({asked.conversation for asked in assistant.asked}) == 2


async def test_signing_in_to_the_hall_begins_another_conversation_with_that_identity(browser: Browser, url, assistant):
    page = (await open_page(browser, url, path="")).page
    await page.locator(".launcher").click()
    await ask(page, "第一句")
    await page.get_by_role("button", name="欠费").click()
    await expect(page.locator(".badge")).to_contain_text("186****0102")
    await expect(page.locator(".entry.note")).to_contain_text("已登录：186****0102")
    await expect(page.locator(".entry.user")).to_have_count(0)
    await ask(page, "我现在能换号吗")
    await page.locator(".identity").get_by_role("button", name="退出").click()
    await expect(page.locator(".entry.user")).to_have_count(0)
    await expect(page.locator("#who")).to_have_text("未登录")
    await ask(page, "我现在能换号吗")

    assert [asked.identity and asked.identity.numbers for asked in assistant.asked] == [None, ("18600010102",), None]
    assert len({asked.conversation for asked in assistant.asked}) == 3


async def test_nothing_is_asked_under_the_former_session_while_it_is_swapped(browser: Browser, assistant, tmp_path):
    async with TestServer(gateway(assistant, tmp_path)) as server:
        sessions = SessionStore(f"sqlite:///{tmp_path / 'sessions.db'}", idle_seconds=1800, demo=True)
        watched = await open_page(browser, str(server.make_url("/")), path="")
        page, swapped = watched.page, asyncio.Event()

        async def swap(route: Route) -> None:
            new = sessions.rotate(route.request.post_data_json["session"], CUSTOMER, demo=True)
            swapped.set()
            await asyncio.sleep(2)
            await route.fulfill(json={"session": new, "identity": describe(CUSTOMER)})

        await page.route("**/demo/hall/assertion", lambda route: route.fulfill(json={"assertion": "x"}))
        await page.route("**/api/v1/identity/assertion", swap)
        await page.locator(".launcher").click()
        await ask(page, "第一句")
        await page.keyboard.press("Escape")
        await page.get_by_role("button", name="一切正常").click()
        await swapped.wait()
        await page.locator(".launcher").click()
        await expect(page.locator(".badge")).to_contain_text("186****0101", timeout=15_000)
        await ask(page, "我现在能换号吗")

        assert assistant.asked[-1].identity == CUSTOMER
        assert watched.complaints == []
        sessions.dispose()


async def test_the_hall_asks_for_its_customer(browser: Browser, url, assistant):
    page = (await open_page(browser, url, path="")).page
    await page.get_by_role("button", name="欠费").click()
    await page.locator("#ask").click()

    await expect(page.locator(".entry.assistant")).to_contain_text("回答：我现在能换号吗？")
    assert [asked.identity.numbers for asked in assistant.asked] == [("18600010102",)]


async def test_an_answer_for_the_former_identity_is_not_shown_to_the_next(browser: Browser, url, assistant):
    assistant.seconds = 0.7
    page = (await open_page(browser, url, path="")).page
    await page.locator(".launcher").click()
    await say(page, "慢的问题")
    await expect(page.locator(".typing")).to_contain_text("正在查规则")
    await page.get_by_role("button", name="一切正常").click()
    await expect(page.locator(".entry.note")).to_be_visible()
    await page.wait_for_timeout(1000)

    await expect(page.locator(".entry.assistant")).to_have_count(0)


async def test_enter_while_an_input_method_is_composing_does_not_send(browser: Browser, url, assistant):
    watched = await open_page(browser, url)
    await watched.page.fill("#question", "xiaohu")
    for event in ({"isComposing": True}, {"keyCode": 229}):
        await watched.page.dispatch_event("#question", "keydown", {"key": "Enter", "bubbles": True, **event})
    assert await watched.page.input_value("#question") == "xiaohu"
    await watched.page.press("#question", "Shift+Enter")
    assert await watched.page.input_value("#question") == "xiaohu\n"
    await watched.page.press("#question", "Enter")

    await answered(watched.page, "")
    await expect(watched.page.locator(".entry.user")).to_have_count(1)
    assert [asked.text for asked in assistant.asked] == ["xiaohu"]


async def test_a_text_that_is_too_long_is_not_sent_and_not_lost(browser: Browser, url, assistant):
    watched = await open_page(browser, url)
    await watched.page.fill("#question", "长" * 2001)
    await watched.page.press("#question", "Enter")

    await expect(watched.page.locator(".counter")).to_contain_text("2001 / 2000 字")
    assert len(await watched.page.input_value("#question")) == 2001
    assert assistant.asked == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_everything_can_be_done_with_the_keyboard(browser: Browser, url, assistant, viewport):
    assistant.answer = says({"type": "checklist", "title": "请准备：", "items": ["介绍信"]}, choices=["那收费呢？"])
    page = (await open_page(browser, url, viewport, path="")).page
    await page.locator(".launcher").focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("#question")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator(".panel")).to_be_hidden()
    await expect(page.locator(".launcher")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("在吗")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.assistant")).to_have_count(1)
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator(".entry.user").last).to_contain_text("那收费呢？")
    await expect(page.locator(".entry.assistant")).to_have_count(2)
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate(f"{FOCUSED}?.type") == "checkbox":
            break
    await page.keyboard.press("Space")
    await expect(page.locator(".count").first).to_have_text("已备 1 / 1")


async def test_the_focus_stays_in_the_panel_while_it_fills_a_phone(browser: Browser, url):
    page = (await open_page(browser, url, PHONE, path="")).page
    await page.locator(".launcher").click()
    for _ in range(30):
        await page.keyboard.press("Tab")
        assert await page.evaluate("['RULE-ASSISTANT', 'BODY'].includes(document.activeElement.tagName)")


@pytest.mark.parametrize("viewport", [PHONE, {"width": 360, "height": 640}, DESKTOP])
async def test_nothing_sticks_out_of_the_window(browser: Browser, url, assistant, viewport):
    assistant.answer = says(
        {"type": "text", "text": "https://example.invalid/" + "很长的地址" * 30 + "x" * 200},
        verdict("blocked", reasons=["原因" * 60], steps=["x" * 120]),
        CITATIONS,
        choices=["一个特别特别特别特别特别特别特别特别特别特别特别特别特别长的选项"],
    )
    watched = await open_page(browser, url, viewport)
    await ask(watched.page, "字" * 300)
    await clean(watched.page)
    wider = await watched.page.evaluate(
        "[document.documentElement, document.querySelector('rule-assistant').shadowRoot.querySelector('.scroller')].some(e => e.scrollWidth > e.clientWidth)"
    )

    assert not wider


async def test_only_the_conversation_scrolls_and_never_the_page(browser: Browser, url, assistant):
    items = ["很长的一条" * 20] * 12
    assistant.answer = says({"type": "checklist", "title": "请准备：", "items": items, "print": "/checklists/x"})
    watched = await open_page(browser, url, PHONE)
    for text in ("第一句", "第二句"):
        await ask(watched.page, text)

    assert await watched.page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    await expect(watched.page.locator(".bar")).to_be_in_viewport()


async def test_screen_readers_hear_of_answers_and_waiting(browser: Browser, url, assistant):
    watched = await open_page(browser, url)
    log = watched.page.get_by_role("log")

    await expect(log).to_have_attribute("aria-live", "polite")
    assistant.seconds = 0.5
    await say(watched.page, "在吗")
    await expect(watched.page.get_by_role("status").filter(has_text="正在查规则")).to_be_visible()
    await expect(log).to_contain_text("回答：在吗")


MOMENTS = [
    {"date": "2026-11-22", "day": "2026年11月22日", "state": "barred", "text": "暂时不能办理", "notes": ["交清欠费 32.50 元。"]},
    {"date": "2027-04-01", "day": "2027年4月1日", "state": "waiting", "text": "少了一项限制", "notes": [
        "套餐协议到期后，从 2027年4月1日 起不再受它限制。"]},
    {"date": "2028-03-01", "day": "2028年3月1日", "state": "possible", "text": "可以办理", "notes": [HOSTILE]},
]  # fmt: skip


@pytest.mark.parametrize(("viewport", "name"), [(DESKTOP, "desktop"), (PHONE, "phone")])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_days_of_a_verdict_are_a_line_to_read(browser: Browser, url, assistant, viewport, name, scheme):
    blocked = verdict(
        "blocked",
        title="2026年11月22日，号码 186****0101 还不能办理销户。",
        reasons=["账户里还有 32.50 元没有结清，要先结清才能销户。", "套餐还在协议期内，到 2027年3月31日 才到期。"],
        steps=["结清账户里的欠费 32.50 元。", "从 2028年3月1日 起可以办理销户。"],
        earliest="2028-03-01",
        moments=MOMENTS,
    )
    assistant.answer = says(blocked, CITATIONS)
    watched = await open_page(browser, url, viewport, scheme)
    await ask(watched.page, "我能销户吗")
    line = watched.page.locator(".timeline")

    await expect(line.locator("time")).to_have_text(["2026年11月22日", "2027年4月1日", "2028年3月1日"])
    await expect(line.locator("li.possible")).to_contain_text(HOSTILE)
    assert await watched.page.title() != "hacked"
    assert await overflow(watched.page) <= 0
    await clean(watched.page)
    assert watched.complaints == []
    await line.scroll_into_view_if_needed()
    await screenshot(watched.page, f"timeline-{name}-{scheme}")


async def test_a_state_that_the_page_does_not_know_is_shown_without_its_mark(browser: Browser, url, assistant):
    assistant.answer = says(verdict("blocked", moments=[{**MOMENTS[0], "state": "constructor"}]))
    watched = await open_page(browser, url)
    await ask(watched.page, "我能销户吗")
    await expect(watched.page.locator(".timeline li.waiting")).to_contain_text("暂时不能办理")
