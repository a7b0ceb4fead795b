"""A conversation that a person takes over: the assistant is silent, and gets it back."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from bot.conversations.opening import open_conversations
from bot.conversations.service import Conversations
from tests.browser.conftest import DESKTOP, PHONE, ask, clean, gateway, open_page, say, screenshot

CLERK = "clerk-1"
MARKUP = "您好，我来帮您。\n<b>请稍等</b>"
# The stream is slower than the answers to requests, and the assistant too quick for anything to be said of its work.
SLOW_STREAM = """const real = window.fetch;
window.fetch = async (address, options) => {
  const response = await real(address, options);
  if (!String(address).endsWith("/events")) return response;
  const late = new TransformStream({ transform: async (piece, out) => {
    await new Promise((done) => setTimeout(done, 300));
    out.enqueue(piece.replace(/event: status\\n.*\\n\\n/g, ""));
  } });
  const body = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(late).pipeThrough(new TextEncoderStream());
  return new Response(body, response);
};"""


@dataclass
class Desk:
    """A gateway, and what a member of staff does at it."""

    url: str
    conversations: Conversations

    async def claim(self) -> str:
        """Takes the only conversation in the queue."""
        (handoff,) = await self.conversations.queue()
        assert await self.conversations.claim(handoff.id, CLERK)
        return handoff.conversation

    async def say(self, conversation: str, text: str) -> None:
        assert await self.conversations.add_staff_entry(conversation, CLERK, text) is not None

    async def give_back(self) -> None:
        (handoff,) = await self.conversations.queue()
        assert await self.conversations.return_(handoff.id, CLERK)


@pytest.fixture
async def desk(assistant, tmp_path) -> AsyncIterator[Desk]:
    conversations = open_conversations(f"sqlite:///{tmp_path / 'conversations.db'}", assistant)
    async with TestServer(gateway(assistant, tmp_path, conversations=conversations)) as server:
        await conversations.clerk_is_there(CLERK)
        yield Desk(str(server.make_url("/")), conversations)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
async def test_while_a_person_has_the_conversation_the_assistant_is_silent(
    browser: Browser, desk: Desk, assistant, viewport
):
    watched = await open_page(browser, desk.url, viewport, path="")
    page = watched.page
    await page.add_init_script(SLOW_STREAM)
    await page.reload()
    status = page.locator(".status")
    await page.locator(".launcher").click()
    await ask(page, "在吗")
    await page.get_by_role("button", name="转人工").click()
    await expect(status).to_contain_text("下一位就是您")
    conversation = await desk.claim()
    await expect(status).to_contain_text("人工客服已经接入")
    await expect(page.get_by_role("button", name="转人工")).to_be_hidden()
    await expect(page.get_by_role("button", name="不等了")).to_have_count(0)
    await say(page, "我要补卡")
    await expect(page.locator(".entry.user:not(.unsent)").last).to_contain_text("我要补卡")
    await desk.say(conversation, MARKUP)
    staff = page.locator(".entry.staff")
    await expect(staff.locator(".bubble")).to_have_text(MARKUP, use_inner_text=True)
    await expect(staff.get_by_role("heading")).to_have_text("人工客服")
    await expect(page.locator(".typing")).to_be_empty()
    await clean(page)
    await screenshot(page, f"person-{viewport['width']}")
    assert [asked.text for asked in assistant.asked] == ["在吗"]

    await page.keyboard.press("Escape")
    await desk.say(conversation, "还在吗？")
    await expect(page.locator(".launcher")).to_have_attribute("data-unread", "1")
    await expect(page.locator(".launcher")).to_have_accessible_name("打开助手 业务规则助手，1 条新答复")
    await page.locator(".launcher").click()
    await expect(page.locator(".launcher")).not_to_have_attribute("data-unread", "1")

    await desk.give_back()
    await expect(status).to_be_empty()
    await expect(page.get_by_role("button", name="转人工")).to_be_visible()
    await ask(page, "过户要多少钱")
    assert [asked.text for asked in assistant.asked] == ["在吗", "过户要多少钱"]
    assert watched.complaints == []


async def test_what_the_person_said_is_still_there_after_a_reload(browser: Browser, desk: Desk):
    page = (await open_page(browser, desk.url)).page
    await ask(page, "在吗")
    await page.get_by_role("button", name="转人工").click()
    await expect(page.locator(".status")).to_contain_text("下一位就是您")
    await desk.say(await desk.claim(), "您好")
    await expect(page.locator(".entry.staff")).to_contain_text("您好")
    await page.reload()

    await expect(page.locator(".entry.staff .bubble")).to_have_text("您好")
    await expect(page.locator(".status")).to_contain_text("人工客服已经接入")
