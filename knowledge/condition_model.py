"""What eligibility rules are made of, once `knowledge/condition_reader.py` has found nothing wrong with them."""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

from knowledge.facts import FactSpec, Value
from knowledge.identifiers import Audience
from knowledge.model import Citation, Period
from knowledge.predicates import Predicate, Values

RemedyBy = Literal["customer", "time", "none"]
LOST_TEXT: Final = "lost_text"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What makes an unmet condition met: something the customer does (it sets facts), time, or nothing.

    `text_for` says it more exactly for some values of a fact: fact -> value -> text.
    """

    by: RemedyBy
    text: str
    sets: Mapping[str, Value]
    text_for: Mapping[str, Mapping[Value, str]] = field(default_factory=dict)

    def told(self, values: Values) -> str:
        """The text for an account."""
        texts = (by_value.get(values.get(fact, "")) for fact, by_value in self.text_for.items())
        return next(filter(None, texts), self.text)

    def texts(self) -> Iterator[str]:
        """Everything it may say."""
        yield self.text
        for by_value in self.text_for.values():
            yield from by_value.values()


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of an operation, with its place in the documents, its wording and the days it is in force.

    `silent` is said where the facts are known and the rules do not speak of them, `unknown` where a fact is missing.
    """

    id: str
    citation: Citation
    require: Predicate
    requirement: str
    unmet: str
    unknown: str
    remedy: Remedy | None
    line: int
    silent: str = ""
    valid: Period = field(default=Period())

    def texts(self) -> Iterator[str]:
        """Everything it may say."""
        yield from filter(None, (self.requirement, self.unmet, self.silent, self.unknown))
        if self.remedy:
            yield from self.remedy.texts()


@dataclass(frozen=True, slots=True)
class Deadline:
    """A term of some months from a day, and what is said instead of the notice's text once that day is known."""

    after: str
    months: int
    text: str

    def day(self, values: Values) -> date | None:
        """The last day of the term: the same day of a later month, or that month's last; None while it is not known."""
        start = values.get(self.after)
        if not isinstance(start, date):
            return None
        years, month = divmod(start.month - 1 + self.months, 12)
        year = start.year + years
        if year > date.max.year:
            return None
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something else that happens with the operation; it never bars. Internal ones are told to staff only."""

    id: str
    citation: Citation
    when: Predicate
    text: str
    audience: Audience
    line: int
    deadline: Deadline | None = None

    def texts(self) -> Iterator[str]:
        """Everything it may say."""
        yield self.text
        if self.deadline:
            yield self.deadline.text


@dataclass(frozen=True, slots=True)
class Scope:
    """To which numbers the operation applies at all, and where that stands."""

    citation: Citation
    require: Predicate
    requirement: str
    otherwise: str
    unknown: str
    line: int


@dataclass(frozen=True, slots=True)
class OperationRules:
    """Everything that account state decides about one operation.

    `never_applies` is the sentence for an operation of which the rules make nothing depend on the account.
    `conditions` are those of all times; what counts on a day is `conditions_on`.
    """

    operation: str
    name: str
    facts: Mapping[str, FactSpec]
    conditions: tuple[Condition, ...]
    notices: tuple[Notice, ...]
    scope: Scope | None
    never_applies: str | None
    path: Path
    # Whether any condition counts on some days only. Mostly none does, and then no day has to be looked at.
    _dated: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_dated", any(condition.valid != Period() for condition in self.conditions))

    def conditions_on(self, day: date) -> tuple[Condition, ...]:
        """The conditions in force on this day, in their order."""
        if not self._dated:
            return self.conditions
        return tuple(condition for condition in self.conditions if condition.valid.covers(day))

    def citations(self) -> Iterator[tuple[Citation, int]]:
        """Every citation with its line in `path`."""
        if self.scope:
            yield self.scope.citation, self.scope.line
        for condition in self.conditions:
            yield condition.citation, condition.line
        for notice in self.notices:
            yield notice.citation, notice.line
