"""Review in a real browser: a rule owner labels what went badly, by mouse and by keys, and takes the candidates away."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.bot.desk.entries import NOW, Story
from tests.browser.conftest import DESKTOP, PHONE, clean, screenshot
from tests.browser.console_desk import Served, fits, serving
from tests.browser.test_the_widget_in_any_page import HOSTILE

NARROW = {"width": 360, "height": 740}
ZOOMED = {"width": 640, "height": 400}
WEATHER = ["明天下雨吗", "明天下雨吗", "明天会下雨吗", "明天下雨吗？"]
expect.set_options(timeout=10_000)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    """A gateway at which some questions went badly."""
    async with serving(tmp_path) as one:
        at = NOW - timedelta(days=1)
        with one.room.store.engine.begin() as connection:
            story = Story(connection)
            for text in WEATHER:
                story.exchange(story.conversation(at), at, text, "out_of_scope", confidence=0.9)
            place = story.conversation(at, "wechat")
            story.exchange(place, at, "我想补卡", "answer", "replace_sim", "overview", confidence=0.9)
            story.exchange(place, at, "那个要带什么来着", "clarify", confidence=0.3)
            story.exchange(story.conversation(at), at, "宽带几天能装好", "other_service", confidence=0.9)
            story.exchange(
                story.conversation(at), at, "卡丢了去哪补", "answer", "replace_sim", "channels", confidence=0.6
            )
            _, answered = story.exchange(
                story.conversation(at), at, "销户收费吗", "answer", "cancel_service", "fee", confidence=0.9
            )
            story.judge(answered, at, "down", "outdated")
            story.close()
        one.room.store.clock = lambda: NOW
        yield one


def group(page: Page, title: str) -> object:
    return page.locator(".group", has=page.locator(".group-head", has_text=title))


async def exported(page: Page, name: str) -> list[dict[str, object]]:
    async with page.expect_download() as started:
        await page.get_by_role("button", name=name).click()
    path = await (await started.value).path()
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


async def test_a_rule_owner_works_the_questions_off_by_keys_alone_and_exports_candidates(
    browser: Browser, served: Served
) -> None:
    owner = await served.sign_in(browser, "rule_owner", "review")
    page = owner.page
    await expect(page.locator(".group")).to_have_count(3)
    await expect(page.locator(".group.open")).to_contain_text("× 3")
    await clean(page)
    await screenshot(page, "desk-review")
    # The first group is nothing for us.
    await page.keyboard.press("x")
    await expect(page.locator("#toasts")).to_contain_text("已标为不用（4 个）")
    await expect(page.locator(".group")).to_have_count(2)
    # What was said before stands with it, and tells what is meant.
    while "那个要带什么来着" not in await page.locator(".group.open .group-head").inner_text():
        await page.keyboard.press("j")
    await expect(page.locator(".group.open")).to_contain_text("前一句：我想补卡")
    await page.keyboard.press("e")
    await page.keyboard.type("补卡")
    await expect(page.locator(".label-form:visible").get_by_label("业务或主题", exact=True)).to_have_value(
        "operation:replace_sim"
    )
    await expect(page.locator(".label-form:visible").get_by_label("怎么答")).to_have_value("answer")
    await page.locator(".label-form:visible").get_by_label("方面").select_option("documents")
    await page.locator(".label-form:visible").get_by_label("作测试题").check()
    await page.locator(".label-form:visible").get_by_label("备注").fill("省略了主语，客户电话 18600010102")
    await clean(page)
    await screenshot(page, "desk-review-labelling")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".group")).to_have_count(1)
    # What is wrong with a label is said before anything is sent.
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".label-form:visible .problem")).to_contain_text("怎么答")
    await clean(page)
    await screenshot(page, "desk-review-problem")
    await page.locator(".label-form:visible").get_by_label("怎么答").select_option("other_service")
    await page.locator(".label-form:visible").get_by_label("作训练语料").check()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".groups")).to_contain_text("这里都复核完了")
    await clean(page)
    await screenshot(page, "desk-review-done")

    assert await exported(page, "导出测试候选") == [
        {"candidate": True, "rewrite": "请用自己的话改写后再加入", "text": "那个要带什么来着", "decision": "answer",
         "operation": "replace_sim", "aspect": "documents", "topic": None, "note": "省略了主语，客户电话 186****0102"}
    ]  # fmt: skip
    assert [one["text"] for one in await exported(page, "导出训练候选")] == ["宽带几天能装好"]
    await page.get_by_label("显示").select_option("yes")
    await expect(page.locator(".group")).to_have_count(3)
    await expect(page.locator(".groups")).to_contain_text("作测试题")
    await clean(page)
    await screenshot(page, "desk-review-labelled")
    assert owner.complaints == []


async def test_the_other_two_kinds_come_with_what_the_assistant_understood(browser: Browser, served: Served) -> None:
    owner = await served.sign_in(browser, "supervisor", "review")
    page = owner.page
    await page.get_by_role("link", name="没把握").click()
    await expect(page.locator(".group.open")).to_contain_text("卡丢了去哪补")
    await expect(page.locator(".label-form:visible").get_by_label("业务或主题", exact=True)).to_have_value(
        "operation:replace_sim"
    )
    await expect(page.locator(".label-form:visible").get_by_label("方面")).to_have_value("channels")
    await page.get_by_role("link", name="没有帮助").click()
    await expect(page.locator(".group.open")).to_contain_text("客户说没有帮助：过时了")
    await page.locator(".questions summary", has_text="当时的答复").click()
    await expect(page.locator(".questions .said")).to_contain_text("答复")
    await clean(page)
    await screenshot(page, "desk-review-disliked")
    assert owner.complaints == []


async def test_only_the_first_of_a_group_where_the_others_are_something_else(browser: Browser, served: Served) -> None:
    owner = await served.sign_in(browser, "rule_owner", "review")
    page = owner.page
    form = page.locator(".label-form:visible")
    await form.get_by_label("整组 4 个都这样标").uncheck()
    await form.get_by_label("怎么答").select_option("out_of_scope")
    await form.get_by_role("button", name="保存第一个").click()
    await expect(page.locator("#toasts")).to_contain_text("已保存 1 个")
    await expect(page.locator(".group.open .times")).to_have_text("3 次")
    assert owner.complaints == []


async def test_what_cannot_be_saved_stays_where_it_is(browser: Browser, served: Served) -> None:
    owner = await served.sign_in(browser, "rule_owner", "review")
    page = owner.page
    await page.locator(".label-form:visible").wait_for()
    await page.context.set_offline(True)
    await page.keyboard.press("x")
    await expect(page.locator(".label-form:visible .problem")).to_contain_text("连不上服务器")
    await expect(page.locator(".group")).to_have_count(3)
    await page.context.set_offline(False)
    await page.keyboard.press("x")
    await expect(page.locator(".group")).to_have_count(2)


async def test_hostile_questions_are_words(browser: Browser, served: Served) -> None:
    with served.room.store.engine.begin() as connection:
        story = Story(connection)
        story.conversations = 500
        for text in HOSTILE:
            place = story.conversation(NOW)
            story.exchange(place, NOW, text, "clarify", confidence=0.1)
            story.exchange(place, NOW, text, "out_of_scope", confidence=0.1)
    alerts: list[str] = []
    owner = await served.sign_in(browser, "rule_owner", "review")
    owner.page.on("dialog", lambda dialog: alerts.append(dialog.message))
    await owner.page.locator(".group.open").wait_for()
    for head in await owner.page.locator(".group-head").all():
        if await head.get_attribute("aria-expanded") == "false":
            await head.click()
    links = await owner.page.locator(".groups a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")

    assert links == []
    assert await owner.page.locator(".groups").locator("script, iframe, img, svg:not(.icon)").count() == 0
    assert alerts == []
    assert owner.complaints == []


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [("360", NARROW, "light"), ("phone-dark", PHONE, "dark"), ("zoomed", ZOOMED, "light"), ("dark", DESKTOP, "dark")],
)
async def test_every_size_and_colour(
    browser: Browser, served: Served, name: str, viewport: dict[str, int], scheme: str
) -> None:
    owner = await served.sign_in(browser, "rule_owner", "review", viewport, scheme)  # type: ignore[arg-type]
    await owner.page.locator(".label-form:visible").wait_for()
    await clean(owner.page)
    assert await fits(owner.page)
    await screenshot(owner.page, f"desk-review-{name}")
    assert owner.complaints == []


async def test_a_clerk_reviews_nothing(browser: Browser, served: Served) -> None:
    clerk = await served.sign_in(browser, "clerk", "review")
    await expect(clerk.page.locator("main")).to_contain_text("没有这项权限")
    await expect(clerk.page.get_by_role("link", name="问题复核")).to_have_count(0)
    assert [address for address in clerk.addresses if "/staff/review" in address] == []
