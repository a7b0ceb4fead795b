"""What a target (`cancel_service.fee`, or a topic such as `data_cap`) says of one section."""

from collections.abc import Iterator
from typing import cast

from knowledge.identifiers import Aspect
from knowledge.model import AspectRules, Citation, Rule, RuleBase
from knowledge.sources import holds


def targets(rules: RuleBase) -> Iterator[str]:
    """All targets there are."""
    for operation in rules.operations.values():
        yield from (f"{operation.id}.{aspect}" for aspect in operation.aspects)
    yield from rules.topics


def said(rules: RuleBase, target: str, place: Citation) -> list[str] | None:
    """The texts of a target that cite `place`, what holds it or what stands below it; None where there is no such target.

    All kinds of ownership, all readers and all periods count. A gap says its wording.
    """
    identifier, _, aspect = target.partition(".")
    if not aspect:
        topic = rules.topics.get(identifier)
        return None if topic is None else list(_said(rules, topic.rules, place, topic.name, ""))
    operation = rules.operations.get(identifier)
    if operation is None or aspect not in operation.aspects:
        return None
    found = operation.aspects[cast(Aspect, aspect)]
    subject = rules.wording.aspects[aspect]
    return [*_said(rules, found.rules, place, operation.name, subject), *_common(found, place)]


def _said(rules: RuleBase, periods: tuple[Rule, ...], place: Citation, name: str, subject: str) -> Iterator[str]:
    for rule in periods:
        if rule.lead is None and rule.status in rules.wording.gaps and _related(rule.citations, place):
            yield rules.wording.gaps[rule.status].format(name=name, aspect=subject)
        yield from (statement.text for statement in rule.statements if _related(statement.citations, place))


def _common(aspect: AspectRules, place: Citation) -> Iterator[str]:
    return (statement.text for statement in aspect.common if _related(statement.citations, place))


def _related(citations: tuple[Citation, ...], place: Citation) -> bool:
    return any(holds(citation, place) or holds(place, citation) for citation in citations)
