"""What the assistant, a person and the conversation itself say, as texts for a messaging platform."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.conversations.entries import Entry
from bot.messaging.details import DETAIL_HOURS
from bot.rendering.wechat import wechat_texts
from bot.wechat.wording import say

# With `message`: the id of the entry that is answered.
Reply = Mapping[str, Any]
# The address of the page with the whole answer to a message; None where there is none.
DetailLink = Callable[[int], str | None]


def no_detail(_message: int) -> None:
    """There are no pages with whole answers."""


def teller(
    public_url: str | None, detail: DetailLink = no_detail, *, person: bool = True
) -> Callable[[Sequence[Reply]], list[str]]:
    """Tells replies as texts; with a public address, checklists come with the page to print.

    `detail`: the page for what the texts cannot show at a glance, or at all. `person`: whether there is a person who can be
    asked for.
    """

    def told(replies: Sequence[Reply]) -> list[str]:
        return [text for reply in replies for text in _texts(reply, public_url, detail, person=person)]

    return told


def entry_teller(
    public_url: str | None, detail: DetailLink = no_detail, *, person: bool = True
) -> Callable[[Entry], list[str]]:
    """Tells an entry of a conversation, whoever says it."""
    replies = teller(public_url, detail, person=person)

    def told(entry: Entry) -> list[str]:
        if entry.kind == "assistant":
            return replies([{**(entry.reply or {}), "message": entry.reply_to}])
        text = say("person_says", text=entry.text) if entry.kind == "staff" else entry.text
        return wechat_texts([{"type": "text", "text": text}], [])

    return told


def _texts(reply: Reply, public_url: str | None, detail: DetailLink, *, person: bool) -> list[str]:
    blocks = list(reply.get("blocks") or [])
    pages = dict.fromkeys(block["print"] for block in blocks if block.get("print")) if public_url else {}
    cited = [block for block in blocks if block["type"] == "citations"]
    said = [block for block in blocks if block["type"] != "citations"]
    said += [{"type": "text", "text": say("print_page", address=f"{public_url}{page}")} for page in pages]
    if person and "handoff" in (reply.get("offers") or ()):
        said.append({"type": "text", "text": say("offer_person")})
    choices = list(reply.get("choices") or [])
    texts = wechat_texts([*said, *cited], choices)
    message = reply.get("message")
    address = detail(message) if message is not None else None
    if address is None:
        return texts
    # First where there are several texts: an account that may only answer once shows no more than the first.
    if len(texts) > 1:
        link = say("detail_long", hours=DETAIL_HOURS, address=address)
        return wechat_texts([{"type": "text", "text": link}, *said, *cited], choices)
    if any(block.get("moments") for block in blocks):
        link = say("detail_more", hours=DETAIL_HOURS, address=address)
        return wechat_texts([*said, {"type": "text", "text": link}, *cited], choices)
    return texts
