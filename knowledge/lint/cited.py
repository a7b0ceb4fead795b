"""What the rule base says with a citation, and what stands under citations in the documents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.conditions import Condition, Notice, OperationRules, load_all
from knowledge.exact import Exact
from knowledge.lint.walk import entries, rules_of, statements
from knowledge.model import Citation, RuleBase
from knowledge.sentences.split import sentences
from knowledge.sources import Sources, holds
from knowledge.yaml_source import KnowledgeError

Places = tuple[Citation, ...]
_PLACEHOLDER: Final = re.compile(r"\{[^}]*\}")


@dataclass(frozen=True, slots=True)
class Said:
    """One text of the rule base with the sections it cites; titles of documents are left out of it."""

    text: str
    places: Places
    path: Path
    line: int


def said(rules: RuleBase) -> Iterator[Said]:
    """Every statement, and the sentences of the eligibility rules."""
    titles = [f"《{title}》" for title in rules.documents.by_title]

    def plain(text: str) -> str:
        for title in titles:
            text = text.replace(title, "")
        return text

    for entry in entries(rules):
        for statement in statements(entry):
            yield Said(plain(statement.text), statement.citations, entry.path, statement.line)
        for rule in rules_of(entry):
            # That individuals are referred to the public rules is a statement of the documents too.
            if rule.lead is None and rule.status == "refers_to_public_rules":
                yield Said(rules.wording.gaps[rule.status], rule.citations, entry.path, rule.line)
    for operation in _eligibility(rules):
        for text, citation, line in _judgements(operation):
            yield Said(plain(_PLACEHOLDER.sub("", text)), (citation,), operation.path, line)


class Cited:
    """The text that stands under citations, without the numbers of its paragraphs and pages."""

    def __init__(self, sources: Sources) -> None:
        self._own: dict[Citation, str] = {}
        for sentence in sentences(sources):
            self._own[sentence.place] = f"{self._own.get(sentence.place, '')}{sentence.body}。"
        self._below: dict[Citation, str] = {}
        self._under: dict[Places, Exact] = {}

    def under(self, places: Places) -> Exact:
        """What stands in these sections and below them."""
        if places not in self._under:
            self._under[places] = Exact.of("".join(map(self._text, places)))
        return self._under[places]

    def _text(self, place: Citation) -> str:
        if place not in self._below:
            self._below[place] = "".join(text for own, text in self._own.items() if holds(place, own))
        return self._below[place]


def _eligibility(rules: RuleBase) -> Iterator[OperationRules]:
    try:
        yield from load_all(rules.folder).values()
    except KnowledgeError:
        # What is wrong with them is told by its own check.
        return


def _judgements(operation: OperationRules) -> Iterator[tuple[str, Citation, int]]:
    if scope := operation.scope:
        yield from ((text, scope.citation, scope.line) for text in (scope.otherwise, scope.unknown))
    entries: tuple[Condition | Notice, ...] = (*operation.conditions, *operation.notices)
    for entry in entries:
        yield from ((text, entry.citation, entry.line) for text in entry.texts())
