"""Which facts of an account a verdict reads."""

from knowledge.conditions import OperationRules
from knowledge.predicates import facts_of


def facts_read(rules: OperationRules) -> tuple[str, ...]:
    """The facts that decide a verdict or its notices, each once; the status always, because of cancelled numbers."""
    parts = [rules.scope.require] if rules.scope else []
    parts += [condition.require for condition in rules.conditions]
    parts += [notice.when for notice in rules.notices]
    return tuple(dict.fromkeys(("status", *(name for part in parts for name in facts_of(part)))))
