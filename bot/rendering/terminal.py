"""What staff read in a terminal below an answer: the original passages and the version of the rule base."""

from collections.abc import Iterable, Mapping
from textwrap import indent
from typing import Any

from actions.conversation.wording import say
from knowledge.model import Citation


def staff_appendix(cited: Iterable[Mapping[str, Any]], version: str | None) -> str:
    """Lines to print below an answer; empty where there is nothing to add.

    Args:
        cited: the places of its citations, some with their `passage`.
        version: of the rule base; None where the answer does not come from it.
    """
    lines = [
        say("passage", place=Citation(place["document"], place["section"]), text=indent(place["passage"], "    "))
        for place in cited
        if "passage" in place
    ]
    if version:
        lines.append(say("rules_version", version=version))
    return "\n".join(lines)
