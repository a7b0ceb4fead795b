"""Ways through a rule base that several checks share."""

from collections.abc import Iterator

from knowledge.model import Operation, Rule, RuleBase, Scope, Statement, Topic


def entries(rules: RuleBase) -> Iterator[Operation | Topic]:
    """All operations, then all topics."""
    yield from rules.operations.values()
    yield from rules.topics.values()


def rules_of(entry: Operation | Topic) -> Iterator[Rule]:
    """All rules of an entry: every aspect, scope and period."""
    if isinstance(entry, Topic):
        yield from entry.rules
    else:
        yield from (rule for aspect in entry.aspects.values() for rule in aspect.rules)


def scoped(entry: Operation | Topic) -> Iterator[tuple[Scope, Statement]]:
    """Every statement with whom it speaks to; what is common to both counts as said to everybody."""
    if isinstance(entry, Topic):
        yield from (("any", statement) for rule in entry.rules for statement in rule.statements)
        return
    for aspect in entry.aspects.values():
        yield from (("any", statement) for statement in aspect.common)
        for scope, periods in aspect.by_scope.items():
            yield from ((scope, statement) for rule in periods for statement in rule.statements)


def statements(entry: Operation | Topic) -> Iterator[Statement]:
    """Every statement of an entry."""
    yield from (statement for _, statement in scoped(entry))
