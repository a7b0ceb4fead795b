"""How a row of the batch statement says everything but the day: bits of one whole number.

From the lowest on: 1 whether the day is certain, 2 the status, 3 whether the operation applies, and then the pattern:
one bit a condition on which the rules are silent, one a condition that is unknown, and above them one a condition that is
unmet. What the rules are silent on is unknown too, and never unmet.
"""

from datetime import date
from enum import IntEnum
from typing import Any, Final

from sqlalchemy.sql.expression import ColumnElement

from actions.accounts.errors import AccountsError
from actions.eligibility.evaluator import Status
from knowledge.conditions import Condition, OperationRules
from knowledge.predicates import SilentUnless

STATUSES: Final[tuple[Status, ...]] = ("allowed", "needs_review", "blocked", "not_applicable")
_STATUS: Final = 1
_APPLIES: Final = 3
_PATTERN: Final = 6
# Two bits a condition beside these, in a 64-bit integer with a sign: unknown, and unmet or silent.
MAX_CONDITIONS: Final = (63 - _PATTERN) // 2


class Applies(IntEnum):
    """Whether the operation applies to a number, and why not; from `CANCELLED` on it is known not to."""

    YES = 0
    STATUS_UNKNOWN = 1
    UNKNOWN = 2
    CANCELLED = 3
    NO = 4


class Bits:
    """The bits of the conditions of an operation on one day.

    They are placed so that comparing the pattern says what follows: below `unknown` nothing that is in force is unmet or
    unknown, from `blocked` on something is unmet, and from `blocked_for_good` on something that nothing ever lifts. The
    lowest bits, `coming`, are those of conditions that are unmet but begin only later.
    """

    def __init__(self, rules: OperationRules, on: date) -> None:
        count = len(rules.conditions)
        if count > MAX_CONDITIONS:
            raise AccountsError(f"一项业务最多 {MAX_CONDITIONS} 个条件，才能成批判断；现在有 {count} 个。")
        self._in_force = rules.conditions_on(on)
        coming = [c for c in rules.conditions if c.valid.start is not None and c.valid.start > on]
        silent = [c for c in self._in_force if isinstance(c.require, SilentUnless)]
        stays = [c for c in self._in_force if _stays(c) and c not in silent]
        lifted = [c for c in self._in_force if not _stays(c) and c not in silent]
        self._unmet = {c.id: 1 << place for place, c in enumerate(coming)}
        self.coming = (1 << len(coming)) - 1
        self._silent = {c.id: 1 << place for place, c in enumerate(silent, len(coming))}
        self.unknown = 1 << len(coming) + len(silent)
        self._unknown = {c.id: self.unknown << place for place, c in enumerate(self._in_force)}
        self.blocked = self.unknown << len(self._in_force)
        self._unmet |= {c.id: self.blocked << place for place, c in enumerate((*lifted, *stays))}
        self.blocked_for_good = self.blocked << len(lifted)

    def if_unmet(self, condition: Condition) -> int:
        """What a pattern has where this condition is unmet; 0 where it has ended."""
        return self._unmet.get(condition.id, 0)

    def if_unknown(self, condition: Condition) -> int:
        """What a pattern has where this condition is unknown; 0 where it is not in force."""
        return self._unknown.get(condition.id, 0)

    def if_silent(self, condition: Condition) -> int:
        """What a pattern has, beside being unknown, where the rules are silent on what is known; 0 where they never are."""
        return self._silent.get(condition.id, 0)

    def unmet_in(self, code: int) -> list[Condition]:
        """The unmet conditions of a row, in order."""
        return [c for c in self._in_force if code >> _PATTERN & self.if_unmet(c)]

    def unknown_in(self, code: int) -> list[Condition]:
        """The unknown conditions of a row, in order."""
        return [c for c in self._in_force if code >> _PATTERN & self.if_unknown(c)]

    def silent_in(self, code: int) -> list[Condition]:
        """Those of them on which the rules are silent, in order."""
        return [c for c in self._in_force if code >> _PATTERN & self.if_silent(c)]


def _stays(condition: Condition) -> bool:
    """Whether nothing ever lifts a condition that is in force."""
    return (condition.remedy is None or condition.remedy.by == "none") and condition.valid.end is None


def encoded(
    pattern: ColumnElement[int], applies: ColumnElement[int], status: ColumnElement[int], certain: ColumnElement[int]
) -> ColumnElement[int]:
    """The number of a row, in SQL."""
    return pattern * (1 << _PATTERN) + applies * (1 << _APPLIES) + status * (1 << _STATUS) + certain


def status_in(code: Any) -> Any:
    """The place of the status in `STATUSES`, of a number or of a column."""
    return code // (1 << _STATUS) % len(STATUSES)


def applies_in(code: int) -> Applies:
    """Whether the operation applies."""
    return Applies(code >> _APPLIES & (1 << _PATTERN - _APPLIES) - 1)


def certain_in(code: int) -> bool:
    """Whether the earliest day is certain."""
    return bool(code & 1)
