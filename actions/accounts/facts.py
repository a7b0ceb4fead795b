"""What is known of one account: every declared fact is known, explicitly absent, or unknown with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from knowledge.facts import NONE, FactSpec, FactValueError, Value

NOT_RECORDED = "没有记录"


@dataclass(frozen=True, slots=True)
class Known:
    """A value, where it comes from, and when it was read there."""

    value: Value
    source: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Absent:
    """An explicit "there is none": only where declared, only from an explicit marker."""

    source: str
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unknown:
    """No usable value; `reason` is Chinese."""

    reason: str


Fact = Known | Absent | Unknown


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """One number, who holds it, and its facts by name. A fact that is not in the mapping is unknown."""

    number: str
    customer: str | None
    customer_name: str | None
    facts: Mapping[str, Fact]

    def fact(self, name: str) -> Fact:
        """The fact of that name."""
        return self.facts.get(name, Unknown(NOT_RECORDED))

    def values(self) -> dict[str, Value]:
        """The known values for the evaluator, an explicit "there is none" as `NONE`; unknown facts are left out."""
        result: dict[str, Value] = {}
        for name, fact in self.facts.items():
            if isinstance(fact, Known):
                result[name] = fact.value
            elif isinstance(fact, Absent):
                result[name] = NONE
        return result

    def with_facts(self, facts: Mapping[str, Fact]) -> "AccountFacts":
        """A copy in which these facts replace what was there."""
        return replace(self, facts={**self.facts, **facts})


def read_fact(spec: FactSpec, raw: object, source: str, read_at: datetime | None) -> Fact:
    """A fact from a value some source gave: nothing is unknown, and so is a value that the fact cannot have."""
    if raw is None:
        return Unknown(NOT_RECORDED)
    try:
        value = spec.checked(raw)
    except FactValueError as error:
        return Unknown(f"来源给出的值不对：{error}")
    return Absent(source, read_at) if value == NONE else Known(value, source, read_at)
