"""The widget where the system chooses all colours: nothing is told by a colour or a filled area alone."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.browser.conftest import Scheme, ask, open_page, screenshot
from tests.browser.test_the_widget_with_a_fake_assistant import CITATIONS, MOMENTS, says, verdict

STYLE = """(node) => {
  const { backgroundColor, color, borderTopColor, borderTopWidth, outlineStyle } = getComputedStyle(node);
  return { backgroundColor, color, borderTopColor, borderTopWidth, outlineStyle };
}"""
SYSTEM = """(names) => names.map((name) => {
  const probe = document.body.appendChild(document.createElement("p"));
  probe.style.cssText = `forced-color-adjust: none; color: ${name}`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
})"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_edges_signs_and_pressed_buttons_can_be_told_apart(browser: Browser, url, assistant, scheme: Scheme):
    assistant.answer = says(
        verdict("blocked", reasons=["有欠费 32.50 元。"], steps=["先交清欠费。"], moments=MOMENTS[:2]),
        {"type": "checklist", "title": "请准备：", "items": ["介绍信"], "print": "/checklists/x"},
        CITATIONS,
        choices=["那收费呢？"],
    )
    watched = await open_page(browser, url, scheme=scheme)
    page = watched.page
    await page.emulate_media(forced_colors="active", color_scheme=scheme)
    await page.get_by_role("button", name="大字").click()
    await ask(page, "我能销户吗")
    canvas, text = await page.evaluate(SYSTEM, ["Canvas", "CanvasText"])

    assert canvas != text
    for edge in (".user .bubble", ".assistant .bubble", ".card.verdict", ".send", ".choice", ".field"):
        style = await page.locator(edge).first.evaluate(STYLE)
        assert (style["borderTopWidth"], style["borderTopColor"]) not in [("0px", text), ("1px", canvas)], edge
        assert style["borderTopColor"] != "rgba(0, 0, 0, 0)", edge
    sign = await page.locator(".sign").evaluate(STYLE)
    assert (sign["backgroundColor"], sign["color"]) == (text, canvas)
    assert (await page.get_by_role("button", name="大字").evaluate(STYLE))["outlineStyle"] == "solid"
    assert (await page.get_by_role("button", name="新对话").evaluate(STYLE))["outlineStyle"] == "none"
    # The colours are the system's, and axe reads those that the page wished for.
    found = await Axe().run(page, options={"rules": {"color-contrast": {"enabled": False}}})
    assert found.response["violations"] == []
    await screenshot(page, f"forced-colours-{scheme}")
    await page.locator(".timeline").scroll_into_view_if_needed()
    await screenshot(page, f"forced-colours-{scheme}-timeline")
    await expect(page.locator(".timeline")).to_be_visible()
    assert watched.complaints == []
