"""The verification page, made on the server."""

import json
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.identity.wording import page_words

TEMPLATES: Final = Path(__file__).parent / "templates"
"""With the frame of such pages, for other rooms that make some."""
# What the script says by itself.
_SPOKEN: Final = ("sent", "seconds", "failed", "missing", "done_hint", "code_lead", "fallback")


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)


def verification_page(origin: str, *, with_codes: bool, demo: bool) -> str:
    """The page of a link that can be used; `origin` is the page where its result goes, if the chat is in one."""
    words = page_words()
    spoken = json.dumps({name: words[name] for name in _SPOKEN}, ensure_ascii=False)
    line = words["origin"].format(origin=origin) if origin else words["origin_chat"]
    return _environment().get_template("verify.html").render(
        title=words["title"], words=words, origin=origin, origin_line=line, spoken=spoken,
        with_codes=with_codes, demo=demo,
    )  # fmt: skip


def refusal_page(title: str, sentence: str) -> str:
    """The page of a link that cannot be used (any more), or of a sign-in that failed."""
    return _environment().get_template("refusal.html").render(title=title, sentence=sentence)
