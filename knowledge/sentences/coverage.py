"""Holds the documents' sentences and the entries about them against each other."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge.exact import Exact, missing
from knowledge.model import Citation, RuleBase
from knowledge.sentences.entries import FOLDER, Entry
from knowledge.sentences.split import Sentence, sentences
from knowledge.sentences.targets import said
from knowledge.sources import Sources
from knowledge.yaml_source import Problem

State = Literal["covered", "explained", "open"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One sentence with its entry, if it has one, and what is wrong: `open` is what nobody has settled."""

    sentence: Sentence
    entry: Entry | None
    faults: tuple[str, ...]

    @property
    def state(self) -> State:
        """Whether the sentence is said, explained (headings explain themselves), or neither."""
        if self.faults:
            return "open"
        return "covered" if self.entry and self.entry.said_in else "explained"


def judge(rules: RuleBase, sources: Sources, entries: list[Entry]) -> list[Judged]:
    """Every sentence of the documents, in their order."""
    found = sentences(sources)
    unchanged = {(sentence.place, sentence.digest) for sentence in found}
    at: dict[Citation, list[Entry]] = defaultdict(list)
    for entry in entries:
        at[entry.place].append(entry)
    return [_judged(rules, sentence, at[sentence.place], unchanged) for sentence in found]


def uncovered(rules: RuleBase, judged: list[Judged], entries: list[Entry]) -> Iterator[Problem]:
    """Sentences that are open, and entries that belong to no sentence; without what `entry_faults` finds."""
    used = {id(one.entry) for one in judged}
    paths = {entry.place.document: entry.path for entry in entries}
    for one in judged:
        path = paths.get(one.sentence.place.document, rules.folder / FOLDER)
        known = set(entry_faults(rules, one.entry)) if one.entry else set()
        for fault in one.faults:
            if fault not in known:
                where = f"{one.sentence.place}的“{one.sentence.letters[:8]}……”"
                yield Problem(one.entry.path if one.entry else path, one.entry.line if one.entry else 0, where + fault)
    for entry in entries:
        if id(entry) not in used:
            yield Problem(
                entry.path, entry.line, f"{entry.place}里没有以“{entry.begins}”开头的句子，或者它已经另有一条"
            )


def entry_faults(rules: RuleBase, entry: Entry) -> Iterator[str]:
    """What is wrong with an entry whatever the sentence says: nobody has looked at it, or its targets are bad."""
    if entry.proposed:
        yield "只是自动提出的建议，看过以后去掉“proposed”"
    for target in entry.said_in:
        texts = said(rules, target, entry.place)
        if texts is None:
            yield f"没有“{target}”，应写成 业务编号.方面 或主题编号"
        elif not texts:
            yield f"“{target}”没有引用{entry.place}"


def _judged(rules: RuleBase, sentence: Sentence, entries: list[Entry], unchanged: set[tuple[Citation, str]]) -> Judged:
    begun = [entry for entry in entries if sentence.letters.startswith(entry.begins)]
    entry = next((entry for entry in begun if entry.digest == sentence.digest), None)
    if entry is not None:
        return Judged(sentence, entry, tuple(_faults(rules, sentence, entry)))
    if sentence.heading:
        return Judged(sentence, None, ())
    if changed := next((entry for entry in begun if (entry.place, entry.digest) not in unchanged), None):
        return Judged(sentence, changed, (f"这一句的原文变了，看过以后把“digest”改成 {sentence.digest}",))
    return Judged(sentence, None, ("还没有写在哪里说了，或者为什么不说",))


def _faults(rules: RuleBase, sentence: Sentence, entry: Entry) -> Iterator[str]:
    yield from entry_faults(rules, entry)
    if not entry.said_in:
        return
    texts = [text for target in entry.said_in for text in said(rules, target, entry.place) or ()]
    lacking = missing(sentence.body, Exact.of("。".join(texts)), rules.documents.terms.checked)
    for term in lacking:
        if term not in entry.excused:
            yield f"有“{term}”，{'、'.join(entry.said_in)}里没有"
    for term in entry.excused:
        if term not in lacking:
            yield f"不用写“except”的“{term}”：{'、'.join(entry.said_in)}里有，或者这一句里没有"
