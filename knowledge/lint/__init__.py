"""Checks on a rule base that has loaded: one module a reason to refuse it."""

from knowledge.lint import (
    amounts,
    audience,
    cases,
    completeness,
    copies,
    coverage,
    eligibility,
    foundation,
    names,
    overview,
    statuses,
    wording,
)
from knowledge.model import RuleBase
from knowledge.sources import Sources
from knowledge.yaml_source import Problem

_CHECKS = (names, completeness, wording, amounts, audience, statuses, overview, eligibility, cases, coverage)
_COMPARISONS = (foundation, copies, coverage)


def lint(rules: RuleBase) -> list[Problem]:
    """Everything wrong with the rule base that loading does not find."""
    return [problem for check in _CHECKS for problem in check.problems(rules)]


def lint_sources(rules: RuleBase, sources: Sources) -> list[Problem]:
    """Where the rule base does not agree with the documents, copies them, or leaves a sentence of them out."""
    return [problem for comparison in _COMPARISONS for problem in comparison.compared(rules, sources)]
