"""Forms the verdict's status from the conditions: three-valued, every condition evaluated."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from knowledge.conditions import OperationRules
from knowledge.predicates import AllOf, Not, OneOf, Predicate, Truth, Values

Status = Literal["allowed", "blocked", "needs_review", "not_applicable"]
CANCELLED: Final = OneOf("status", ("cancelled",))


@dataclass(frozen=True, slots=True)
class Outcome:
    """The status, whether the operation applies to the number, and the truth of each condition in force, in order."""

    status: Status
    applies: Truth
    truths: tuple[Truth, ...]


def scope_of(rules: OperationRules) -> Predicate:
    """To which numbers the operation applies: never to a cancelled one."""
    existing = Not(CANCELLED)
    return existing if rules.scope is None else AllOf((existing, rules.scope.require))


def evaluate(rules: OperationRules, values: Values, on: date) -> Outcome:
    """The outcome for these facts on this day.

    What is known to bar outranks what is unknown. An operation that may not even apply is never allowed.
    """
    applies = False if rules.never_applies else scope_of(rules).holds(values, on)
    if applies is False:
        return Outcome("not_applicable", applies, ())
    truths = tuple(condition.require.holds(values, on) for condition in rules.conditions_on(on))
    if False in truths:
        return Outcome("blocked", applies, truths)
    if None in truths or applies is None:
        return Outcome("needs_review", applies, truths)
    return Outcome("allowed", applies, truths)
