"""The owners' pages in the browser and on paper, opened from a folder as their readers do."""

from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from actions.rule_base import rules
from knowledge.pages.owners import Made, owners_pages
from knowledge.pages.writing import write_pages
from tests.browser.conftest import DESKTOP, PHONE, SCREENSHOTS, screenshot
from tests.browser.paper import A4, low_contrast, overflow, print_out, words_on_paper

DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("sheet") / "out"
    write_pages(owners_pages(rules(), Made(DAY, DAY)), out)
    return out


async def open_file(browser: Browser, path: Path, viewport=DESKTOP, scheme="light") -> tuple[Page, list[str]]:
    """The page, and every address it asked for."""
    context = await browser.new_context(viewport=viewport, color_scheme=scheme, locale="zh-CN")
    page = await context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(path.as_uri())
    return page, asked


@pytest.mark.parametrize(("viewport", "scheme", "name"), [(DESKTOP, "light", "wide"), (PHONE, "dark", "phone")])
@pytest.mark.parametrize("path", ["index.html", "operations/cancel_service.html", "gaps.html", "documents.html"])
async def test_every_kind_of_page_is_readable(browser: Browser, folder, path, viewport, scheme, name):
    page, asked = await open_file(browser, folder / path, viewport, scheme)

    assert await overflow(page) <= 0
    assert await low_contrast(page) == []
    assert all(address.startswith(folder.as_uri()) for address in asked)
    await screenshot(page, f"owners-{Path(path).stem}-{name}")


async def test_from_the_index_to_an_operation_to_the_section_it_rests_on(browser: Browser, folder):
    page, _ = await open_file(browser, folder / "index.html")

    await page.get_by_role("link", name="销户").click()
    await expect(page.locator("h1")).to_have_text("销户")
    await page.locator("#fee + .cards .place").first.click()
    row = page.locator("tr:target")
    await expect(row.locator("th")).to_have_text("五")
    await expect(row).to_contain_text("销户")


@pytest.mark.parametrize("path", ["operations/cancel_service.html", "topics/data_cap.html", "documents.html"])
async def test_pages_print_on_a4(browser: Browser, folder, path):
    page, _ = await open_file(browser, folder / path)

    assert set(await print_out(page)) == {A4}
    assert "制作日期 2026年3月1日" in await words_on_paper(page)


@pytest.mark.parametrize("path", ["index.html", "gaps.html"])
async def test_wide_tables_print_on_a4_turned_round(browser: Browser, folder, path):
    page, _ = await open_file(browser, folder / path)

    assert set(await print_out(page)) == {A4[::-1]}


async def test_what_is_for_staff_keeps_its_mark_on_paper(browser: Browser, folder):
    page, _ = await open_file(browser, folder / "operations" / "cancel_service.html")

    await page.emulate_media(media="print")
    marks = page.locator("li.for-staff .readers")
    assert await marks.count() > 0
    for mark in await marks.all():
        await expect(mark).to_be_visible()
        await expect(mark).to_have_text("仅供工作人员")


@pytest.mark.parametrize(("viewport", "kind"), [(DESKTOP, "wide"), (PHONE, "narrow")])
async def test_the_picture_of_a_decision_fits_and_none_of_its_texts_runs_over(browser: Browser, folder, viewport, kind):
    for scheme in ("light", "dark"):
        page, _ = await open_file(browser, folder / "operations" / "cancel_service.html", viewport, scheme)
        shown = page.locator("svg.decision:visible")
        assert await shown.count() == 1
        assert kind in str(await shown.get_attribute("class"))
        assert await overflow(page) <= 0
        assert await shown.evaluate(_RUNNING_OVER) == []
        await page.locator(".picture").screenshot(path=SCREENSHOTS / f"decision-{kind}-{scheme}.png")


_RUNNING_OVER = """
(picture) => {
  const boxes = [...picture.querySelectorAll(".d-frame")].map((box) => box.getBBox());
  const inside = (text, box) =>
    text.x >= box.x && text.y >= box.y && text.x + text.width <= box.x + box.width && text.y + text.height <= box.y + box.height;
  return [...picture.querySelectorAll(".d-text:not(.d-number)")]
    .filter((text) => !boxes.some((box) => inside(text.getBBox(), box)))
    .map((text) => text.textContent)
    .filter((text) => !text.startsWith("每一项都核对"));
}
"""
