"""What the assistant, a person and the conversation itself say, as texts for a messaging platform."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.conversations.entries import Entry
from bot.rendering.wechat import wechat_texts
from bot.wechat.wording import say

Reply = Mapping[str, Any]


def teller(public_url: str | None, *, person: bool = True) -> Callable[[Sequence[Reply]], list[str]]:
    """Tells replies as texts; with a public address, checklists come with the page to print.

    `person`: whether there is a person who can be asked for.
    """

    def told(replies: Sequence[Reply]) -> list[str]:
        return [text for reply in replies for text in _texts(reply, public_url, person=person)]

    return told


def entry_teller(public_url: str | None, *, person: bool = True) -> Callable[[Entry], list[str]]:
    """Tells an entry of a conversation, whoever says it."""
    replies = teller(public_url, person=person)

    def told(entry: Entry) -> list[str]:
        if entry.kind == "assistant":
            return replies([entry.reply or {}])
        text = say("person_says", text=entry.text) if entry.kind == "staff" else entry.text
        return wechat_texts([{"type": "text", "text": text}], [])

    return told


def _texts(reply: Reply, public_url: str | None, *, person: bool) -> list[str]:
    blocks = list(reply.get("blocks") or [])
    pages = dict.fromkeys(block["print"] for block in blocks if block.get("print")) if public_url else {}
    cited = [block for block in blocks if block["type"] == "citations"]
    said = [block for block in blocks if block["type"] != "citations"]
    said += [{"type": "text", "text": say("print_page", address=f"{public_url}{page}")} for page in pages]
    if person and "handoff" in (reply.get("offers") or ()):
        said.append({"type": "text", "text": say("offer_person")})
    return wechat_texts([*said, *cited], list(reply.get("choices") or []))
