"""The closed vocabulary that conditions are written in, and its three-valued (Kleene) meaning.

A predicate is true, false, or unknown (None). A fact without a value is unknown; nothing is ever assumed of it.
There are no expression strings, no loops and no arithmetic: a predicate ends in time linear in its size, and
every one can be analysed (dates on which it flips, SQL form, proofs).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol

from knowledge.facts import NONE, Value

Truth = bool | None
Values = Mapping[str, Value]
"""Known facts only: an unknown fact is not in the mapping. An explicit "there is none" is `NONE`."""


class Predicate(Protocol):
    """What every word of the vocabulary can do."""

    def holds(self, values: Values, on: date) -> Truth:
        """True, false or unknown (None) for these facts on this day."""
        ...

    def children(self) -> tuple["Predicate", ...]:
        """The predicates it is made of."""
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact has one of these values (`equals`, `in`; negated: `not_equals`, `not_in`)."""

    fact: str
    options: tuple[Value, ...]

    def holds(self, values: Values, on: date) -> Truth:
        """Unknown exactly while the fact is."""
        value = values.get(self.fact)
        return None if value is None else value in self.options

    def children(self) -> tuple[Predicate, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class MoreThan:
    """The amount or number is greater than a limit (`more_than`)."""

    fact: str
    limit: Value

    def holds(self, values: Values, on: date) -> Truth:
        """Unknown exactly while the fact is."""
        value = values.get(self.fact)
        return None if value is None else bool(value > self.limit)  # type: ignore[operator]

    def children(self) -> tuple[Predicate, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class NoneOrPassed:
    """There is no such date, or the day asked about lies after it (`none_or_passed`).

    What ends on day D is in force through D.
    """

    fact: str

    def holds(self, values: Values, on: date) -> Truth:
        """Unknown exactly while the fact is."""
        value = values.get(self.fact)
        if value is None:
            return None
        return value == NONE or on > value  # type: ignore[operator]

    def children(self) -> tuple[Predicate, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class EndsWithin:
    """The date is at most so many days ahead, or has passed (`ends_within`); false where there is no such date."""

    fact: str
    days: int

    def holds(self, values: Values, on: date) -> Truth:
        """Unknown exactly while the fact is."""
        value = values.get(self.fact)
        if value is None:
            return None
        return value != NONE and (value - on) <= timedelta(self.days)  # type: ignore[operator]

    def children(self) -> tuple[Predicate, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite (`not`)."""

    child: Predicate

    def holds(self, values: Values, on: date) -> Truth:
        """Unknown while the child is."""
        truth = self.child.holds(values, on)
        return None if truth is None else not truth

    def children(self) -> tuple[Predicate, ...]:
        """The negated predicate."""
        return (self.child,)


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every one of them (`all`)."""

    parts: tuple[Predicate, ...]

    def holds(self, values: Values, on: date) -> Truth:
        """One false part decides, whatever is unknown."""
        result: Truth = True
        for part in self.parts:
            truth = part.holds(values, on)
            if truth is False:
                return False
            if truth is None:
                result = None
        return result

    def children(self) -> tuple[Predicate, ...]:
        """The parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of them (`any`)."""

    parts: tuple[Predicate, ...]

    def holds(self, values: Values, on: date) -> Truth:
        """One true part decides, whatever is unknown."""
        result: Truth = False
        for part in self.parts:
            truth = part.holds(values, on)
            if truth is True:
                return True
            if truth is None:
                result = None
        return result

    def children(self) -> tuple[Predicate, ...]:
        """The parts."""
        return self.parts


@dataclass(frozen=True, slots=True)
class SilentUnless:
    """True where the inner predicate is; otherwise the rules we have are silent, so unknown (`silent_unless`)."""

    child: Predicate

    def holds(self, values: Values, on: date) -> Truth:
        """Never false."""
        return True if self.child.holds(values, on) is True else None

    def children(self) -> tuple[Predicate, ...]:
        """The predicate for the case that the rules do cover."""
        return (self.child,)


@dataclass(frozen=True, slots=True)
class Lost:
    """The text of the rule is lost (`lost`): unknown for every account."""

    def holds(self, values: Values, on: date) -> Truth:
        """Always unknown."""
        return None

    def children(self) -> tuple[Predicate, ...]:
        """None."""
        return ()


ALWAYS: Final = AllOf(())
"""What holds of every account: a notice without `when`."""


def walk(predicate: Predicate) -> Iterator[Predicate]:
    """The predicate and everything in it, outermost first."""
    yield predicate
    for child in predicate.children():
        yield from walk(child)


def facts_of(predicate: Predicate) -> tuple[str, ...]:
    """The names of the facts it reads, each once, in order."""
    named = (part.fact for part in walk(predicate) if isinstance(part, OneOf | MoreThan | NoneOrPassed | EndsWithin))
    return tuple(dict.fromkeys(named))


def date_facts_of(predicate: Predicate) -> tuple[str, ...]:
    """The names of the facts whose passing flips it."""
    named = (part.fact for part in walk(predicate) if isinstance(part, NoneOrPassed))
    return tuple(dict.fromkeys(named))


def can_be_false(predicate: Predicate) -> bool:
    """Whether it can bar anything at all."""
    return not isinstance(predicate, SilentUnless | Lost)
