"""The rule base as plain text for a terminal."""

from datetime import date

from knowledge.model import RuleBase
from knowledge.pages.model import read_entries, read_entry
from knowledge.pages.render import render


def index_text(rules: RuleBase, on: date) -> str:
    """All operations and topics, one a line, with what is missing from them."""
    return render("index.txt", rules=rules, entries=read_entries(rules, on))


def sheet_text(rules: RuleBase, identifier: str, on: date) -> str:
    """Everything the rule base says of one operation or topic.

    Raises `KeyError` where there is none of that name.
    """
    return render("sheet.txt", rules=rules, entry=read_entry(rules, identifier, on))
