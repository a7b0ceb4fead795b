"""Prints a page as people do, and looks at what came out."""

import io

from playwright.async_api import Page
from pypdf import PdfReader

A4 = (595, 842)
"""Width and height in points, rounded."""


async def print_out(page: Page) -> list[tuple[int, int]]:
    """The pages of paper that come out of the printer: width and height of each in points. None of them is empty."""
    sheets = PdfReader(io.BytesIO(await page.pdf(prefer_css_page_size=True))).pages
    assert all(sheet.extract_text().strip() for sheet in sheets)
    return [(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in sheets]


async def words_on_paper(page: Page) -> str:
    """What there is to read on paper (a PDF has its own idea of characters, so the page itself is asked)."""
    await page.emulate_media(media="print")
    words = await page.inner_text("body")
    await page.emulate_media(media="null")
    return words


async def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


async def low_contrast(page: Page) -> list[str]:
    """Texts whose colour stands out too little from what is behind it (WCAG AA: 4.5, large text 3)."""
    found: list[str] = await page.evaluate(_LOW_CONTRAST)
    return found


_LOW_CONTRAST = """
() => {
  const parse = (text) => {
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const cache = new Map();
  const colour = (text) => cache.get(text) ?? cache.set(text, parse(text)).get(text);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const found = colour(getComputedStyle(each).backgroundColor);
      if (found[3] === 255) return found;
    }
    return [255, 255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(colour(style.color)), light(behind(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) low.push(`${text.slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return low;
}
"""
