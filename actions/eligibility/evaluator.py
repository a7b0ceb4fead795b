"""Forms the verdict's status from the conditions: three-valued, every condition evaluated."""

from dataclasses import dataclass
from datetime import date
from functools import cache
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
    """To which numbers the operation applies, as one predicate for those who analyse it: never to a cancelled one."""
    existing = Not(CANCELLED)
    return existing if rules.scope is None else AllOf((existing, rules.scope.require))


def evaluate(rules: OperationRules, values: Values, on: date) -> Outcome:
    """The outcome for these facts on this day."""
    cancelled = CANCELLED.holds(values, on)
    in_scope = rules.scope is None or rules.scope.require.holds(values, on)
    if cancelled or in_scope is False or rules.never_applies:
        return _outcome(False)
    truths: list[Truth] = []
    # A comprehension would take as long as two more conditions.
    for condition in rules.conditions_on(on):
        truths.append(condition.require.holds(values, on))
    return _outcome(None if cancelled is None else in_scope, *truths)


@cache  # There are few different ones, and to make one takes as long as several conditions.
def _outcome(applies: Truth, *truths: Truth) -> Outcome:
    """What is known to bar outranks what is unknown. An operation that may not even apply is never allowed."""
    if applies is False:
        return Outcome("not_applicable", applies, truths)
    if False in truths:
        return Outcome("blocked", applies, truths)
    if None in truths or applies is None:
        return Outcome("needs_review", applies, truths)
    return Outcome("allowed", applies, truths)
