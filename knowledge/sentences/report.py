"""The coverage report: the documents sentence by sentence, for the people who own the rules.

It prints the owner's copy of the documents, and so is never a part of this project.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from knowledge.model import RuleBase
from knowledge.sentences.coverage import Judged

Form = Literal["md", "html"]


@dataclass(frozen=True, slots=True)
class Total:
    """How many sentences of a document are said, explained, or neither."""

    sentences: int
    covered: int
    explained: int
    open: int

    @property
    def percent(self) -> str:
        """The share that is said or explained, never rounded up to 100."""
        if not self.sentences:
            return "0.0"
        return f"{(self.covered + self.explained) * 1000 // self.sentences / 10:.1f}"


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence of the report; `where` names what says it, `reason` why nothing does."""

    judged: Judged
    where: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentReport:
    """One document of the report."""

    title: str
    total: Total
    rows: tuple[Row, ...]


def totals(judged: Sequence[Judged]) -> Total:
    """The figures of some sentences."""
    states = [one.state for one in judged]
    return Total(len(states), states.count("covered"), states.count("explained"), states.count("open"))


def by_document(rules: RuleBase, judged: Sequence[Judged]) -> Iterator[DocumentReport]:
    """The sentences of each document, in the order of the documents."""
    for title, group in groupby(judged, key=lambda one: one.sentence.place.document):
        ones = list(group)
        yield DocumentReport(title, totals(ones), tuple(_row(rules, one) for one in ones))


def report(rules: RuleBase, judged: Sequence[Judged], form: Form) -> str:
    """The whole report as Markdown or as one HTML page."""
    documents = list(by_document(rules, judged))
    template = _environment().get_template(f"report.{form}")
    return template.render(documents=documents, total=totals(judged), version=rules.version)


def _row(rules: RuleBase, judged: Judged) -> Row:
    entry = judged.entry
    where = tuple(_name(rules, target) for target in entry.said_in) if entry else ()
    return Row(judged, where, entry.reason if entry else "")


def _name(rules: RuleBase, target: str) -> str:
    identifier, _, aspect = target.partition(".")
    known = rules.operations.get(identifier) or rules.topics.get(identifier)
    name = known.name if known else identifier
    return f"{name}·{rules.wording.aspects.get(aspect, aspect)}" if aspect else name


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    return environment


def _cell(text: str) -> str:
    """A text as a cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")
