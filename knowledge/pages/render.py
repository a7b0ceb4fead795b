"""The templates of the pages: everything that readers see is worded in `templates/`."""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from knowledge.answers import citation_text
from knowledge.facts import FactSpec, show_date
from knowledge.model import Citation, Period
from knowledge.pages.spoken import pieces, spoken
from knowledge.predicates import Predicate

_HERE: Final = Path(__file__).resolve().parent
STATIC: Final = _HERE / "static"
"""Styles and the one script of the pages."""


def in_words(predicate: Predicate, facts: Mapping[str, FactSpec]) -> str:
    """A condition of eligibility as the pages word it, as plain text."""
    macros: Any = _environment().get_template("macros.html").module
    return str(Markup(macros.worded(spoken(predicate, facts))).unescape()).strip()  # noqa: S704


def period_in_words(valid: Period) -> str:
    """The days on which something counts as the pages word them, as plain text."""
    macros: Any = _environment().get_template("macros.html").module
    return str(macros.period(valid)).strip()


def render(template: str, **values: Any) -> str:
    """The template filled in; everything in an HTML template is escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        auto_reload=False,
    )
    environment.filters |= {
        "day": show_date,
        "places": citation_text,
        "by_document": _by_document,
        "spoken": spoken,
        "pieces": pieces,
    }
    return environment


def _by_document(citations: Iterable[Citation]) -> dict[str, list[Citation]]:
    documents: dict[str, list[Citation]] = {}
    for citation in citations:
        documents.setdefault(citation.document, []).append(citation)
    return documents
