"""A rule document printed to PDF by a browser, read by `knowledge outline`: fonts, line ends and page edges are real."""

from pathlib import Path

from playwright.async_api import Browser

from knowledge.outline.readers import read_document
from knowledge.outline.structure import read_structure
from tests.knowledge.outline.reading import silent, texts

FOOTER = (
    '<div style="font-size: 9px">第 <span class="pageNumber"></span> 页 共 <span class="totalPages"></span> 页</div>'
)
HEADER = '<div style="font-size: 9px">星河仓库内部资料</div>'
MANUAL = f"""
<html lang="zh-CN"><h1>星河仓库搬运手册</h1>
<p>一、搬箱</p>
<p>（一）办理渠道：到仓库柜台办理，也可以打电话预约；{"预约以后由搬运工上门称重，" * 6}称重时请在场。</p>
<p style="break-before: page">（二）收费标准：不收费。</p>
<p>二、寄存</p><p>到柜台登记。</p></html>
"""


async def printed(browser: Browser, folder: Path) -> Path:
    """The manual as a PDF of two pages with header and page numbers."""
    page = await browser.new_page()
    await page.set_content(MANUAL)
    path = folder / "manual.pdf"
    margin = {"top": "2cm", "bottom": "2cm"}
    await page.pdf(
        path=path,
        format="A4",
        display_header_footer=True,
        header_template=HEADER,
        footer_template=FOOTER,
        margin=margin,
    )
    return path


async def test_sections_of_a_printed_document_are_found_on_their_pages(browser: Browser, tmp_path: Path):
    reading = read_document(await printed(browser, tmp_path), silent)
    part = read_structure(reading.lines)[0]
    assert reading.pages == 2
    assert part.titles == ["星河仓库搬运手册"]
    assert [(node.heading, node.place.page) for node in part.walk()] == [
        ("一、搬箱", 1),
        ("(一)办理渠道", 1),
        ("(二)收费标准", 2),
        ("二、寄存", 2),
    ]


async def test_headers_and_page_numbers_of_a_printed_document_are_no_text(browser: Browser, tmp_path: Path):
    reading = read_document(await printed(browser, tmp_path), silent)
    assert not any("内部资料" in text or "共" in text for text in texts(reading))
    assert [finding.kind for finding in reading.findings] == ["repeated_line", "page_numbers_removed"]
