"""A status that fits what is said under it, and the state of the sections it cites."""

from collections.abc import Iterator
from typing import Final

from knowledge.lint.walk import entries, rules_of
from knowledge.model import Operation, Rule, RuleBase
from knowledge.yaml_source import Problem

_BOTH_SIDES: Final = 2


def problems(rules: RuleBase) -> Iterator[Problem]:
    """Rules whose status cannot be right."""
    for entry in entries(rules):
        # An overview sums up; both sides of a contradiction stand in the aspect itself.
        summary = entry.aspects["overview"].rules if isinstance(entry, Operation) and entry.answered else ()
        for rule in rules_of(entry):
            for reason in _faults(rules, rule):
                yield Problem(entry.path, rule.line, reason)
            if rule.status == "contradictory" and rule not in summary and len(rule.items) < _BOTH_SIDES:
                reason = "“contradictory”要把互相矛盾的说法分别列在“items”里，至少两条"
                yield Problem(entry.path, rule.line, reason)


def _faults(rules: RuleBase, rule: Rule) -> Iterator[str]:
    damaged = any(rules.documents.by_title[c.document].sections[c.section].state != "完整" for c in rule.citations)
    if rule.status == "lost" and rule.items:
        yield "写了内容就不是“lost”，请用“partial”"
    if rule.status == "lost" and not damaged:
        yield "所引用的节都是完整的，不能说“lost”；没有写到的用“not_stated”，丢了的引用残缺的上一级"
    if rule.status == "not_stated" and damaged:
        yield "所引用的节是残缺的，不能说“not_stated”，请用“lost”或“partial”"
    if rule.status == "refers_to_public_rules" and rule.items:
        yield "“refers_to_public_rules”下面不能另写内容"
