"""What will be different after the day asked about: rules that follow, and list entries that come or go."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from knowledge.answers.model import Change, unique
from knowledge.answers.reader import Reader
from knowledge.facts import show_date
from knowledge.model import Citation, Period, Rule, Statement, Wording

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Successor:
    """A rule that begins later, as its reader may see it; `first` is None where it is kept from them."""

    rule: Rule
    first: str | None
    items: tuple[Statement, ...]
    citations: tuple[Citation, ...]


def changes(
    wording: Wording,
    reader: Reader,
    subject: str,
    current: Rule | None,
    statements: Sequence[Statement],
    successors: Sequence[Successor],
) -> tuple[Change, ...]:
    """All changes to come, the next one first.

    Args:
        wording: the sentences.
        reader: who asks, and about which day.
        subject: what is changing, in Chinese: an aspect or the name of a topic.
        current: the rule in force; None where there is none.
        statements: what that rule lists, entries of other days included.
        successors: the rules that come after it, in their order.
    """
    teller = _Teller(wording, reader, subject)
    known = current.valid if current else None
    found = [
        *teller.rules(current, successors),
        *(teller.entries(statements, known) if known else ()),
    ]
    return tuple(sorted(found, key=lambda change: change.start))


@dataclass(frozen=True, slots=True)
class _Teller:
    wording: Wording
    reader: Reader
    subject: str

    def rules(self, current: Rule | None, successors: Sequence[Successor]) -> Iterator[Change]:
        """What follows the current rule, and where nothing follows it, that it ends."""
        ends = current.valid.end if current else None
        starts = [successor.rule.valid.start for successor in successors]
        if current and ends and (not starts or starts[0] != ends + _DAY):
            yield self._change("change_ends", ends + _DAY, ends, "", current.citations)
        kept = current is not None and current.lead is not None and not self.reader.may_read(current.lead)
        for successor in successors:
            start = successor.rule.valid.start
            if start is None or (kept and successor.first is None):
                continue
            if successor.first is None:
                yield self._change("change_internal", start, start, "", successor.rule.citations)
            else:
                text = _joined(successor.first, [item.text for item in successor.items])
                key = "change_rule" if current else "change_begins"
                yield self._change(key, start, start, text, successor.citations)
            kept = successor.first is None

    def entries(self, statements: Iterable[Statement], period: Period) -> Iterator[Change]:
        """Entries that come or go while the current rule stays in force; those of one day are told together."""
        dated = [
            (key, day, shown, statement)
            for statement in statements
            if self.reader.may_read(statement)
            for key, day, shown in self._turns(statement.valid)
            if day > self.reader.on and period.covers(day)
        ]
        dated.sort(key=lambda entry: entry[:2])
        for (key, day, shown), group in groupby(dated, key=lambda entry: entry[:3]):
            told = [statement for *_, statement in group]
            text = _joined("", [statement.text for statement in told])
            yield self._change(key, day, shown, text, [c for statement in told for c in statement.citations])

    def _turns(self, valid: Period) -> Iterator[tuple[str, date, date]]:
        """Kind of change, first day of it, and the day to name."""
        if valid.start:
            yield "change_added", valid.start, valid.start
        if valid.end:
            yield "change_removed", valid.end + _DAY, valid.end

    def _change(self, key: str, start: date, shown: date, text: str, citations: Iterable[Citation]) -> Change:
        sentence = self.wording.sentences[key].format(day=show_date(shown), subject=self.subject, text=text)
        return Change(start, sentence, unique(citations))


def _joined(first: str, entries: Sequence[str]) -> str:
    """One sentence made of a first one and the entries of its list."""
    listed = "；".join(entry.rstrip("。；") for entry in entries)
    if not listed:
        return first
    return f"{first.rstrip('。')}：{listed}。" if first else f"{listed}。"
