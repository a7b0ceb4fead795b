"""The dashboard in a real browser: its figures are those that were written, its charts can be read without being seen."""

import csv
import io
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from actions.settings import TIME_ZONE
from tests.bot.desk.entries import NOW, Expected, Story, fill
from tests.browser.conftest import DESKTOP, PHONE, clean, screenshot
from tests.browser.console_desk import Served, fits, serving
from tests.workbook import sheets

NARROW = {"width": 360, "height": 740}
ZOOMED = {"width": 640, "height": 400}
expect.set_options(timeout=10_000)


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(tmp_path) as one:
        one.room.store.clock = lambda: NOW
        yield one


@pytest.fixture
def written(served: Served) -> Expected:
    return fill(served.room.store.engine, 300)


async def figures(page: Page, title: str) -> list[list[str]]:
    """The table under a chart."""
    chart = page.locator(".chart", has=page.get_by_role("heading", name=title, exact=True))
    await chart.locator("summary").click()
    rows = await chart.locator("tbody tr").all()
    return [[cell.strip() for cell in await row.locator("th, td").all_inner_texts()] for row in rows]


def day(row: dict[str, object]) -> str:
    return row["at"].astimezone(TIME_ZONE).date().isoformat()  # type: ignore[attr-defined]


def readable(iso: str) -> str:
    year, month, number = (int(part) for part in iso.split("-"))
    return f"{year} 年 {month} 月 {number} 日"


async def test_the_charts_show_what_was_written(browser: Browser, served: Served, written: Expected) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "dashboard?days=7")
    page = supervisor.page
    await page.locator(".plot svg").first.wait_for()
    first = (NOW.astimezone(TIME_ZONE).date() - timedelta(days=6)).isoformat()
    rows = [row for row in written.rows if day(row) >= first]
    days = [(NOW.astimezone(TIME_ZONE).date() - timedelta(days=n)).isoformat() for n in range(6, -1, -1)]

    counts = Counter(day(row) for row in rows)
    assert await figures(page, "每天的提问") == [[readable(one), str(counts[one])] for one in days]
    outcomes = await figures(page, "每天怎么答的")
    for shown, one in zip(outcomes, days, strict=True):
        decisions = Counter(row["decision"] for row in rows if day(row) == one)
        covered = decisions["out_of_scope"] + decisions["other_service"]
        expected = [decisions["answer"], decisions["clarify"], covered, 0, decisions["chitchat"], 0]
        assert shown == [readable(one), *map(str, expected)]
    judged = await figures(page, "每天的评价")
    scores = Counter((day(row), row["score"]) for row in rows)
    assert judged == [[readable(one), str(scores[one, "up"]), str(scores[one, "down"])] for one in days]
    operations = Counter(row["operation"] for row in rows if row["decision"] == "answer")
    shown_operations = await figures(page, "问得最多的业务")
    assert [int(count) for _, count in shown_operations] == sorted(operations.values(), reverse=True)
    gaps = sum(bool(row["gap"]) for row in rows)
    assert await figures(page, "客户碰到的规则空白") == [["销户收费吗", str(gaps)]]
    total = len(rows)
    await expect(page.locator(".tile", has_text="提问")).to_contain_text(f"{total} 条")
    answered = sum(row["decision"] == "answer" for row in rows)
    await expect(page.locator(".tile", has_text="答复了")).to_contain_text(f"{answered} 条")
    await clean(page)

    # As many columns as days on which somebody asked, each as high as its share of the scale.
    chart = page.locator(".chart", has=page.get_by_role("heading", name="每天的提问", exact=True))
    marks = await chart.locator("svg rect").evaluate_all(
        "all => all.map((one) => [one.querySelector('title').textContent, Number(one.getAttribute('height'))])"
    )
    assert [said for said, _ in marks] == [f"{readable(one)}　{counts[one]}" for one in days if counts[one]]
    heights = [height for _, height in marks]
    values = [counts[one] for one in days if counts[one]]
    for height, value in zip(heights, values, strict=True):
        assert height / max(heights) == pytest.approx(value / max(values), rel=0.01)
    assert supervisor.complaints == []


async def test_every_chart_has_a_title_a_description_and_a_table(
    browser: Browser, served: Served, written: Expected
) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "dashboard")
    page = supervisor.page
    await page.locator(".plot svg").first.wait_for()
    charts = await page.locator("figure.chart").all()
    assert len(charts) == 9
    for chart in charts:
        drawing = chart.get_by_role("img")
        name = await drawing.locator("> title").text_content()
        assert name == await chart.locator("h2").inner_text()
        assert await drawing.locator("> desc").text_content()
        assert await chart.locator("table tbody tr").count() > 0
    await clean(page)
    await screenshot(page, "desk-dashboard")
    await page.locator("figure.chart summary").first.click()
    await clean(page)


async def test_period_and_channel_are_chosen_and_outlive_the_page(
    browser: Browser, served: Served, written: Expected
) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "dashboard")
    page = supervisor.page
    await page.locator(".plot svg").first.wait_for()
    await page.get_by_label("近 7 天").focus()
    await page.keyboard.press("ArrowLeft")
    await page.get_by_label("渠道", exact=True).select_option("wechat")
    today = NOW.astimezone(TIME_ZONE).date().isoformat()
    mine = sum(day(row) == today and row["channel"] == "wechat" for row in written.rows)
    await expect(page.locator(".tile").first).to_contain_text(f"{mine} 条" if mine else "")
    await page.reload()
    await page.locator(".plot svg").first.wait_for()
    assert await page.get_by_label("今天").is_checked()
    assert await page.get_by_label("渠道", exact=True).input_value() == "wechat"
    await clean(page)
    await screenshot(page, "desk-dashboard-today")


async def test_the_files_open_and_hold_the_figures_on_the_page(
    browser: Browser, served: Served, written: Expected
) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "dashboard?days=7")
    page = supervisor.page
    await page.locator(".plot svg").first.wait_for()
    shown = [int(count) for _, count in await figures(page, "每天的提问")]
    files = {}
    for name in ("导出 CSV", "导出 Excel"):
        async with page.expect_download() as started:
            await page.get_by_role("button", name=name).click()
        files[name] = Path(await (await started.value).path()).read_bytes()
    lines = list(csv.reader(io.StringIO(files["导出 CSV"].decode("utf-8-sig"))))
    assert [int(line[1]) for line in lines[2:9]] == shown
    book = sheets(files["导出 Excel"])
    assert list(book) == ["每天", "各个小时", "各个渠道", "问得最多的", "规则空白", "被踩的原因"]
    assert book["每天"][0][:3] == ["日期", "次数", "答复了"]
    assert [row[1] for row in book["每天"][1:]] == shown
    assert book["规则空白"][1][0] == "销户收费吗"


async def test_nothing_was_asked(browser: Browser, served: Served) -> None:
    owner = await served.sign_in(browser, "rule_owner", "dashboard")
    await expect(owner.page.locator(".state")).to_contain_text("这段时间没有人提问")
    await expect(owner.page.get_by_role("button", name="导出 Excel")).to_have_count(0)
    await clean(owner.page)
    await screenshot(owner.page, "desk-dashboard-nothing")
    assert owner.complaints == []


async def test_few_questions_are_not_rounded_to_none_a_day(browser: Browser, served: Served) -> None:
    def ask(many: int) -> None:
        with served.room.store.engine.begin() as connection:
            story = Story(connection, conversations=1_000 * many)
            for _ in range(many):
                story.exchange(story.conversation(NOW), NOW, "补卡去哪儿办", "answer", "replace_sim", "channels")

    owner = await served.sign_in(browser, "rule_owner", "ask")
    page, questions = owner.page, owner.page.locator(".tile", has_text="提问")
    for more, average in ((3, "不到 1 条"), (15, "2.6 条"), (52, "10 条"), (4, "11 条")):
        ask(more)
        await page.goto(f"{served.url}/console/#/ask")
        await page.goto(f"{served.url}/console/#/dashboard?days=7")
        await expect(questions).to_contain_text(f"平均每天 {average}")
    assert owner.complaints == []


async def test_figures_that_cannot_be_had_are_asked_for_again(
    browser: Browser, served: Served, written: Expected
) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "dashboard")
    page = supervisor.page
    await page.locator(".plot svg").first.wait_for()
    await page.route(
        "**/staff/dashboard?*",
        lambda route: route.fulfill(status=503, json={"error": {"code": "x", "message": "现在查不了，请稍后再试。"}}),
    )
    await page.get_by_label("近 90 天").check(force=True)
    await expect(page.locator(".figures [role=alert]")).to_contain_text("现在查不了")
    await clean(page)
    await screenshot(page, "desk-dashboard-failed")
    await page.unroute("**/staff/dashboard?*")
    await page.get_by_role("button", name="重试").click()
    await page.locator(".plot svg").first.wait_for()


@pytest.mark.parametrize(
    ("name", "viewport", "scheme"),
    [("360", NARROW, "light"), ("phone-dark", PHONE, "dark"), ("zoomed", ZOOMED, "light"), ("dark", DESKTOP, "dark")],
)
async def test_every_size_and_colour(
    browser: Browser, served: Served, written: Expected, name: str, viewport: dict[str, int], scheme: str
) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "dashboard", viewport, scheme)  # type: ignore[arg-type]
    page = supervisor.page
    await page.locator(".plot svg").first.wait_for()
    await clean(page)
    assert await fits(page)
    await screenshot(page, f"desk-dashboard-{name}")
    for summary in await page.locator("figure.chart summary").all():
        await summary.click()
    assert await fits(page)
    await clean(page)
    assert supervisor.complaints == []


async def test_a_chart_is_drawn_anew_where_it_gets_another_width(
    browser: Browser, served: Served, written: Expected
) -> None:
    supervisor = await served.sign_in(browser, "supervisor", "dashboard")
    page = supervisor.page
    await page.locator(".plot svg").first.wait_for()
    await page.set_viewport_size(NARROW)
    await expect(page.locator(".plot svg").first).to_have_attribute("width", "298")
    assert await fits(page)


async def test_a_clerk_sees_no_figures(browser: Browser, served: Served) -> None:
    clerk = await served.sign_in(browser, "clerk", "dashboard")
    await expect(clerk.page.locator("main")).to_contain_text("没有这项权限")
    assert [address for address in clerk.addresses if "/staff/dashboard" in address] == []
