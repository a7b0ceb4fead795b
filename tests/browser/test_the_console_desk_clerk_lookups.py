"""What a clerk may see of numbers: for a purpose, masked, on record; a company's numbers in pages, and no file of them."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.async_api import Browser, Page, expect

from actions.audit.database import AuditMissingError
from actions.audit.trail import Record, Trail, audit_chain
from actions.audit.wording import term
from actions.settings import settings
from tests.bot.gateway.fakes import ARREARS
from tests.browser.conftest import clean, screenshot
from tests.browser.console_desk import Served, add_company, serving_accounts

COMPANY = "海量号码测试集团有限公司"
expect.set_options(timeout=10_000)


@pytest.fixture
async def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    async with serving_accounts(tmp_path, monkeypatch) as one:
        yield one


def recorded() -> list[Record]:
    try:
        return Trail(settings().audit_url, audit_chain()).latest(20)
    except AuditMissingError:
        return []


async def test_without_a_purpose_nothing_is_looked_up_and_with_one_it_is_on_record(
    browser: Browser, served: Served
) -> None:
    clerk = await served.sign_in(browser, "clerk", "lookup")
    page, purpose = clerk.page, clerk.page.get_by_label("查询用途")
    refusal = "请写明查询用途：为什么查，会和您的姓名一起登记。"
    await page.get_by_role("button", name="查询").click()
    await expect(page.get_by_label("号码", exact=True)).to_be_focused()
    assert await page.locator(".wrong").all_inner_texts() == ["请填写要查的号码。", refusal]
    await page.get_by_label("号码", exact=True).fill(ARREARS)
    for typed, said in (("", refusal), ("   ", refusal), ("查", "至少要写 2 个字。")):
        await purpose.fill(typed)
        await purpose.press("Enter")
        await expect(purpose).to_be_focused()
        await expect(page.locator(".wrong")).to_have_text([said])
        assert (await purpose.get_attribute("aria-invalid"), await page.locator(".looked").count()) == ("true", 0)
    await clean(page)
    await screenshot(page, "clerk-lookup-no-purpose")
    assert [address for address in clerk.addresses if address.endswith("/lookups")] == []
    status = await page.evaluate(
        """async (number) => {
          const { csrf } = await (await fetch("/api/v1/staff/me")).json();
          const headers = {"Content-Type": "application/json", "X-CSRF-Token": csrf};
          return (await fetch("/api/v1/staff/lookups", {method: "POST", headers, body: JSON.stringify({number})})).status;
        }""",
        ARREARS,
    )
    assert status == 400
    assert recorded() == []

    await purpose.fill(f"客户 {ARREARS} 来电问欠费")
    await expect(page.locator(".wrong")).to_have_count(0)
    await page.keyboard.press("Enter")
    await expect(page.locator(".looked")).to_contain_text("186****0102")
    (record,) = recorded()
    content = record.content
    assert (content["who"], content["purpose"]) == ("demo.clerk", "客户 186****0102 来电问欠费")
    assert term("channels", str(content["channel"])) == "工作台"
    assert ARREARS not in json.dumps(content)
    # A purpose that names a number is not offered again.
    await page.reload()
    await expect(page.locator(".lookup-form")).to_contain_text("客户来电咨询")
    assert "来电问欠费" not in await page.content()


async def test_the_number_in_a_question_is_masked_as_soon_as_it_is_asked(browser: Browser, served: Served) -> None:
    clerk = await served.sign_in(browser, "clerk", "ask")
    page = clerk.page
    served.assistant.seconds = 0.3
    await page.fill("#question", "１８６ 0001 0102 能销户吗，身份证 110101199003070011")
    await page.keyboard.press("Enter")
    await expect(page.locator(".latest h2")).to_contain_text("能销户吗")
    while_waiting = await page.content()
    await expect(page.locator(".latest .answer")).to_contain_text("单位介绍信")
    for shown in (while_waiting, await page.content()):
        assert not any(one in shown for one in ("0001 0102", "00010102", "199003070011"))
    await expect(page.locator(".latest h2")).to_contain_text("186****0102 能销户吗")
    await expect(page.locator("article.latest")).to_have_attribute(
        "aria-label", "问：186****0102 能销户吗，身份证 〔身份证号〕"
    )
    assert served.assistant.asked[-1].text.startswith("１８６ 0001 0102")


async def page_of(page: Page) -> list[str]:
    return await page.locator(".company tbody th").all_inner_texts()


async def test_a_number_that_is_searched_for_never_stands_in_the_address(browser: Browser, served: Served) -> None:
    page = (await served.sign_in(browser, "clerk", "ask")).page
    for where, label in (("search", "找什么"), ("companies", "找单位")):
        await page.goto(f"{served.url}/console/#/{where}")
        await page.get_by_label(label).fill(f"{ARREARS} 销户")
        await page.get_by_label(label).press("Enter")
        await page.wait_for_url(lambda url: "销户" in unquote(url))
        assert "186****0102" in unquote(page.url)


async def test_a_companys_numbers_are_filtered_and_turned_over_and_no_clerk_takes_them_away(
    browser: Browser, served: Served, tmp_path: Path
) -> None:
    add_company(tmp_path, COMPANY, many=120, arrears=70)
    clerk = await served.sign_in(browser, "clerk", "companies")
    page = clerk.page
    await page.get_by_label("找单位").fill("海量号码")
    await page.keyboard.press("Enter")
    await page.get_by_label("业务", exact=True).select_option("change_number")
    await page.get_by_role("button", name="查看号码").click()
    await expect(page.locator(".company .wrong")).to_contain_text("请写明查询用途")
    await page.get_by_label("查询用途").fill("单位客户经理委托核对")
    await page.keyboard.press("Enter")
    await expect(page.locator(".company .pager")).to_contain_text("第 1 / 3 页，共 120 条")
    first = await page_of(page)
    await page.get_by_role("button", name="下一页").click()
    await expect(page.locator(".company .pager")).to_contain_text("第 2 / 3 页")
    await expect(page.get_by_role("button", name="下一页")).to_be_focused()
    second = await page_of(page)
    await page.keyboard.press("Enter")
    await expect(page.locator(".company .pager")).to_contain_text("第 3 / 3 页")
    # There is nothing after the last page: the focus is where one goes back.
    await expect(page.get_by_role("button", name="上一页")).to_be_focused()
    third = await page_of(page)
    assert [len(one) for one in (first, second, third)] == [50, 50, 20]
    assert len({*first, *second, *third}) == 120

    await page.get_by_role("button", name="暂时不能办理").click()
    await expect(page.locator(".company .pager")).to_contain_text("第 1 / 2 页，共 70 条")
    await expect(page.get_by_role("button", name="暂时不能办理")).to_be_focused()
    assert set(await page.locator(".company tbody .tag").all_inner_texts()) == {"暂时不能办理"}
    await page.get_by_role("button", name="不适用").click()
    await expect(page.locator(".company")).to_contain_text("没有这样的号码")
    await page.get_by_role("button", name="可以办理").click()
    await expect(page.locator(".company .pager")).to_contain_text("共 50 条")
    await expect(page.get_by_role("button", name="导出")).to_have_count(0)
    await clean(page)
    await screenshot(page, "clerk-companies-filtered")

    refused = await page.evaluate(
        """async () => {
          const all = ["numbers.csv", "numbers.xlsx"].map(async (file) => {
            const answer = await fetch(`/api/v1/staff/companies/G7001/${file}?operation=change_number&purpose=导出看看`);
            return [answer.status, (await answer.json()).error.message];
          });
          return Promise.all(all);
        }"""
    )
    assert refused == [[403, "您的岗位没有这项权限。"]] * 2
    looks = {(r.content["who"], r.content["channel"], r.content["customer"]) for r in recorded()}
    assert looks == {("demo.clerk", "console", "G7001")}
    assert "18600090" not in await page.content()
