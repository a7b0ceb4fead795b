"""Which facts of an account a verdict reads."""

from knowledge.conditions import OperationRules
from knowledge.predicates import facts_of


def facts_read(rules: OperationRules) -> tuple[str, ...]:
    """The facts that decide a verdict or are told with it, each once; the status always, because of cancelled numbers.

    Conditions of all times are among them: those that begin later count for the earliest day.
    """
    parts = [rules.scope.require] if rules.scope else []
    parts += [condition.require for condition in rules.conditions]
    parts += [notice.when for notice in rules.notices]
    terms = [notice.deadline.after for notice in rules.notices if notice.deadline]
    return tuple(dict.fromkeys(("status", *(name for part in parts for name in facts_of(part)), *terms)))
