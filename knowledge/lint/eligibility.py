"""The eligibility rules load, and cite sections that exist."""

from collections.abc import Iterator

from knowledge.conditions import load_all
from knowledge.model import RuleBase
from knowledge.yaml_source import KnowledgeError, Problem


def problems(rules: RuleBase) -> Iterator[Problem]:
    """What is wrong with the eligibility rules."""
    try:
        loaded = load_all(rules.folder)
    except KnowledgeError as error:
        yield from error.problems
        return
    for operation in loaded.values():
        for citation, line in operation.citations():
            if refusal := rules.documents.refusal(citation):
                yield Problem(operation.path, line, refusal)
