"""The test cases beside the rule files hold."""

from collections.abc import Iterator

from knowledge.cases import run_cases
from knowledge.model import RuleBase
from knowledge.yaml_source import Problem


def problems(rules: RuleBase) -> Iterator[Problem]:
    """Answers that are not what a case says, and cases that cannot be read."""
    yield from run_cases(rules)
