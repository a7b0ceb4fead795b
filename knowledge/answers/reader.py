"""Who reads an answer and on which day: which statements they get to see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.identifiers import Role
from knowledge.model import Rule, Statement


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody of a role who asks about a day."""

    role: Role
    on: date

    def may_read(self, statement: Statement) -> bool:
        """Whether the statement is for this reader's eyes."""
        return self.role == "staff" or statement.audience == "all"

    def visible(self, statements: Iterable[Statement]) -> tuple[Statement, ...]:
        """The statements in force that this reader may read."""
        return tuple(s for s in statements if s.valid.covers(self.on) and self.may_read(s))

    def misses(self, statements: Iterable[Statement]) -> bool:
        """Whether a statement in force is kept from this reader."""
        return any(s.valid.covers(self.on) and not self.may_read(s) for s in statements)

    def later(self, rules: Iterable[Rule]) -> list[Rule]:
        """The rules that begin after the day, the next one first."""
        ahead = [rule for rule in rules if rule.valid.start and rule.valid.start > self.on]
        return sorted(ahead, key=lambda rule: rule.valid.start or self.on)

    def last_ended(self, rules: Sequence[Rule]) -> Rule | None:
        """The rule that ended last before the day."""
        past = [rule for rule in rules if rule.valid.end and rule.valid.end < self.on]
        return max(past, key=lambda rule: rule.valid.end or self.on, default=None)
