"""What the pages show, read from the rule base; plain text and HTML render the same.

The sentences are those of `knowledge/answers/`, asked for as a customer and as staff, so that what is reviewed
here is what is answered there.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.identifiers import OWNERSHIPS, Aspect, Ownership, Role, Status
from knowledge.model import AspectRules, Citation, Operation, Period, Rule, RuleBase, Statement, Topic

Readers = Literal["all", "staff", "customer"]
_DAY: Final = timedelta(days=1)
_INCOMPLETE: Final[tuple[Status, ...]] = ("partial", "lost", "contradictory")


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of an answer and who gets to read it.

    `statement` is the entry of the rule file it comes from; None for the wording that many answers share. `places` is
    where it stands, if not where its rule does.
    """

    text: str
    readers: Readers
    statement: Statement | None
    places: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One answer in one period: for organizations, for individuals, or (`ownership` is None) for everybody.

    `coming` says what changes after the period.
    """

    ownership: Ownership | None
    status: Status
    valid: Period
    current: bool
    title: str
    lead: tuple[Line, ...]
    items: tuple[Line, ...]
    coming: tuple[Line, ...]
    notes: tuple[Line, ...]
    citations: tuple[Citation, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """All that is said, the lead first."""
        return (*self.lead, *self.items, *self.coming, *self.notes)

    @property
    def dated(self) -> bool:
        """Whether it does not hold for ever."""
        return bool(self.valid.start or self.valid.end)


@dataclass(frozen=True, slots=True)
class Section:
    """One aspect of an operation, or (`aspect` is None) the whole of a topic."""

    aspect: Aspect | None
    cards: tuple[Card, ...]

    @property
    def current(self) -> tuple[Card, ...]:
        """The cards in force on the day the pages are made for."""
        return tuple(card for card in self.cards if card.current)


@dataclass(frozen=True, slots=True)
class Entry:
    """Everything about one operation or topic; `unanswered` says why it has no sections yet."""

    id: str
    kind: Literal["operation", "topic"]
    name: str
    official_name: str
    citation: Citation
    aliases: tuple[str, ...]
    patterns: tuple[str, ...]
    unanswered: str
    file: str
    sections: tuple[Section, ...]

    @property
    def incomplete(self) -> tuple[Section, ...]:
        """The sections whose text is lost in part or whole, or contradicts itself; the overview sums up the others."""
        return tuple(
            section
            for section in self.sections
            if section.aspect != "overview" and any(card.status in _INCOMPLETE for card in section.current)
        )


def read_entry(rules: RuleBase, identifier: str, on: date) -> Entry:
    """The operation or topic with this identifier, its answers of every period; `on` tells which are current.

    Raises `KeyError` where there is none of that name.
    """
    entry = rules.operations.get(identifier) or rules.topics[identifier]
    operation = isinstance(entry, Operation)
    return Entry(
        id=entry.id,
        kind="operation" if operation else "topic",
        name=entry.name,
        official_name=entry.official_name if isinstance(entry, Operation) else "",
        citation=entry.citation,
        aliases=entry.aliases,
        patterns=entry.patterns,
        unanswered=entry.unanswered,
        file=entry.path.relative_to(rules.folder).as_posix(),
        sections=_sections(rules, entry, on) if entry.answered else (),
    )


def read_entries(rules: RuleBase, on: date) -> tuple[Entry, ...]:
    """All operations, then all topics, each in the order of the documents."""
    places = [
        Citation(document.title, section)
        for document in rules.documents.by_title.values()
        for section in document.sections
    ]
    order: Mapping[Citation, int] = {place: number for number, place in enumerate(places)}
    kinds: tuple[Mapping[str, Operation | Topic], ...] = (rules.operations, rules.topics)
    return tuple(
        read_entry(rules, entry.id, on)
        for kind in kinds
        for entry in sorted(kind.values(), key=lambda entry: order[entry.citation])
    )


def stretches(periods: Iterable[Period]) -> tuple[Period, ...]:
    """The longest periods in which nothing changes, first to last; they cover all days."""
    known = list(periods)
    cuts = {period.start for period in known if period.start} | {period.end + _DAY for period in known if period.end}
    days = sorted(cuts)
    starts, ends = (None, *days), (*(day - _DAY for day in days), None)
    return tuple(Period(start, end) for start, end in zip(starts, ends, strict=True))


def _sections(rules: RuleBase, entry: Operation | Topic, on: date) -> tuple[Section, ...]:
    if isinstance(entry, Topic):
        topic = entry.id
        told = _Told(lambda role, day: answer_topic(rules, topic, role, day), None, entry.rules, ())
        return (Section(None, _cards(told, _periods(entry.rules, ()), on)),)
    return tuple(Section(aspect, tuple(_aspect_cards(rules, entry, aspect, on))) for aspect in entry.aspects)


def _aspect_cards(rules: RuleBase, entry: Operation, aspect: Aspect, on: date) -> Iterable[Card]:
    own = entry.aspects[aspect]
    # The overview has a line for each of the other aspects, so it changes when they do.
    shown = entry.aspects.values() if aspect == "overview" else (own,)
    owners: tuple[Ownership | None, ...] = OWNERSHIPS if own.split else (None,)
    for ownership in owners:
        told = _Told(_asking(rules, entry.id, aspect, ownership), ownership, _rules_for(own, ownership), own.common)
        periods = [period for each in shown for period in _periods(_rules_for(each, ownership), each.common)]
        yield from _cards(told, periods, on)


def _asking(
    rules: RuleBase, operation: str, aspect: Aspect, ownership: Ownership | None
) -> Callable[[Role, date], Answer]:
    return lambda role, day: answer_operation(rules, operation, aspect, ownership, role, day)


def _rules_for(aspect: AspectRules, ownership: Ownership | None) -> tuple[Rule, ...]:
    if not aspect.split:
        return aspect.by_scope["any"]
    return aspect.by_scope[ownership] if ownership else aspect.rules


def _periods(rules: Sequence[Rule], common: Sequence[Statement]) -> list[Period]:
    statements = [*common, *(statement for rule in rules for statement in rule.statements)]
    return [rule.valid for rule in rules] + [statement.valid for statement in statements]


@dataclass(frozen=True, slots=True)
class _Told:
    """How to get an answer, and the rules that it is made of."""

    ask: Callable[[Role, date], Answer]
    ownership: Ownership | None
    rules: Sequence[Rule]
    common: Sequence[Statement]

    def card(self, valid: Period, on: date) -> Card:
        """The answer in one period in which it stays the same."""
        day = on if valid.covers(on) else valid.start or valid.end or on
        told = self.ask("staff", day)
        customer, staff = self.ask("customer", day).parts[0], told.parts[0]

        def merged(for_customers: Iterable[str], for_staff: Iterable[str]) -> tuple[Line, ...]:
            return self._merged(tuple(for_customers), tuple(for_staff), day)

        return Card(
            ownership=self.ownership,
            status=staff.status,
            valid=valid,
            current=valid.covers(on),
            title=staff.title,
            lead=merged([customer.lead], [staff.lead]),
            items=merged(customer.items, staff.items),
            coming=merged((c.text for c in customer.changes), (c.text for c in staff.changes)),
            notes=merged(customer.notes, staff.notes),
            citations=told.citations,
        )

    def _merged(self, customer: Sequence[str], staff: Sequence[str], day: date) -> tuple[Line, ...]:
        """Both readers' sentences, each once: first those that staff read, then those only a customer is told."""
        return (
            *(self._line(text, "all" if text in customer else "staff", day) for text in staff),
            *(self._line(text, "customer", day) for text in customer if text not in staff),
        )

    def _line(self, text: str, readers: Readers, day: date) -> Line:
        rule = next((rule for rule in self.rules if rule.valid.covers(day)), None)
        statements = (*(rule.statements if rule else ()), *self.common)
        found = next((each for each in statements if each.text == text and each.valid.covers(day)), None)
        elsewhere = found is not None and rule is not None and found.citations != rule.citations
        return Line(text, readers, found, found.citations if found and elsewhere else ())


def _cards(told: _Told, periods: Iterable[Period], on: date) -> tuple[Card, ...]:
    """A card for each stretch of days in which the answer stays the same."""
    return tuple(told.card(valid, on) for valid in stretches(periods))
