"""The eligibility rules load; what they must be like is checked where they are read."""

from collections.abc import Iterator

from knowledge.conditions import load_all
from knowledge.model import RuleBase
from knowledge.yaml_source import KnowledgeError, Problem


def problems(rules: RuleBase) -> Iterator[Problem]:
    """What is wrong with the eligibility rules."""
    try:
        load_all(rules.folder)
    except KnowledgeError as error:
        yield from error.problems
