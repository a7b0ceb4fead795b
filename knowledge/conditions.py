"""Eligibility rules: which account facts bar an operation, what to say of it, and what helps.

One file an operation in `knowledge/eligibility/`, in the closed vocabulary of `knowledge/predicates.py`. A file that
is not sound is refused as a whole, with every problem, its file and its line.
"""

import re
from pathlib import Path
from typing import Final

from knowledge.condition_model import (
    LOST_TEXT,
    Condition,
    Deadline,
    Notice,
    OperationRules,
    Remedy,
    RemedyBy,
    Scope,
)
from knowledge.condition_reader import ConditionReader
from knowledge.documents import read_documents
from knowledge.facts import load_facts
from knowledge.model import Documents
from knowledge.reading import FileReader, rule_files
from knowledge.yaml_source import KnowledgeError, Problem, read_yaml
from knowledge.yaml_source import Mapping as YamlMapping

__all__ = [
    "LOST_TEXT",
    "Condition",
    "Deadline",
    "NoEligibilityRules",
    "Notice",
    "OperationRules",
    "Remedy",
    "RemedyBy",
    "Scope",
    "UnknownOperation",
    "covered_operations",
    "load_all",
    "load_operation",
]

_FILE: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


class NoEligibilityRules(Exception):  # noqa: N818 - part of the published interface
    """No eligibility rules have been written for the operation yet; the message is a Chinese sentence."""

    def __init__(self, operation: str, name: str) -> None:
        self.operation = operation
        self.name = name
        super().__init__(f"“{name}”的办理条件还没有整理成可以对照账户核对的规则，暂时不能判断某个号码能不能办。")


class UnknownOperation(Exception):  # noqa: N818 - as above
    """The rule base has no such operation; the message is a Chinese sentence."""

    def __init__(self, operation: str, operations: list[str]) -> None:
        super().__init__(f"没有“{operation}”这项业务；可以写的是：{'、'.join(operations)}。")


def covered_operations(rules: Path) -> list[str]:
    """The operations that have eligibility rules, sorted."""
    return sorted(path.stem for path in (rules / "eligibility").glob("*.yml") if _FILE.fullmatch(path.stem))


def load_operation(rules: Path, operation: str) -> OperationRules:
    """The eligibility rules of one operation of the rule base in the folder `rules`.

    Raises `NoEligibilityRules` where none are written yet, `KnowledgeError` with every problem of a bad file,
    and `UnknownOperation`.
    """
    operations = [path.stem for path in rule_files(rules / "operations")]
    if operation not in operations:
        raise UnknownOperation(operation, operations)
    names = read_yaml(rules / "operations" / f"{operation}.yml")
    name = names.get("name") if isinstance(names, YamlMapping) else None
    if not isinstance(name, str):
        raise KnowledgeError([Problem(rules / "operations" / f"{operation}.yml", 0, "缺少业务名称 name")])
    path = rules / "eligibility" / f"{operation}.yml"
    if not path.exists():
        raise NoEligibilityRules(operation, name)
    return ConditionReader(path, load_facts(rules / "facts.yml"), _documents(rules)).read(name)


def load_all(rules: Path) -> dict[str, OperationRules]:
    """The eligibility rules of every operation that has some; `KnowledgeError` with the problems of all files."""
    result: dict[str, OperationRules] = {}
    problems: list[Problem] = []
    for operation in covered_operations(rules):
        try:
            result[operation] = load_operation(rules, operation)
        except KnowledgeError as error:
            problems += [problem for problem in error.problems if problem not in problems]
        except UnknownOperation:
            path = rules / "eligibility" / f"{operation}.yml"
            problems.append(Problem(path, 0, f"规则库里没有 {operation} 这项业务"))
    if problems:
        raise KnowledgeError(problems)
    return result


def _documents(rules: Path) -> Documents | None:
    """The catalogue that citations are checked against; a rule base without one is refused by `load_rules`."""
    path = rules / "documents.yml"
    if not path.exists():
        return None
    problems: list[Problem] = []
    documents = read_documents(FileReader(path, problems))
    if problems:
        raise KnowledgeError(problems)
    return documents
