"""An overview must not promise more than the aspects hold."""

from collections.abc import Iterator

from knowledge.model import Operation, RuleBase
from knowledge.yaml_source import Problem


def problems(rules: RuleBase) -> Iterator[Problem]:
    """Overviews that hide a gap or a difference."""
    for operation in rules.operations.values():
        if operation.answered:
            yield from _faults(operation)


def _faults(operation: Operation) -> Iterator[Problem]:
    overview = operation.aspects["overview"]
    others = [aspect for name, aspect in operation.aspects.items() if name != "overview"]
    if any(aspect.split for aspect in others) and not overview.split:
        yield Problem(operation.path, overview.line, "有的方面区分单位和个人，“overview”也要分开写")
    for scope in ("any", "organization"):
        statuses = {
            rule.status
            for aspect in others
            for rule in aspect.by_scope.get("organization", aspect.by_scope.get("any", ()))
        }
        for rule in overview.by_scope.get(scope, ()):
            if rule.status == "stated" and statuses & {"lost", "partial", "contradictory"}:
                yield Problem(operation.path, rule.line, "有的方面残缺，“overview”的状态应是“partial”")
