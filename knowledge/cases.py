"""Test cases of answers: `NAME.cases.yml` beside the rule file of an operation or topic says what is to be answered.

A file has the day on which its cases are judged and a list of cases. A case names who asks for what (`aspect`,
`ownership`, `role`, its own `on`), and what must come of it: `status`, texts that the answer contains or never
contains, and places it cites.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final, cast

from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.documents import parse_citation
from knowledge.identifiers import ASPECTS, OWNERSHIPS, ROLES, STATUSES, Aspect, Ownership, Role
from knowledge.model import Operation, RuleBase, Topic
from knowledge.reading import CASES_SUFFIX, FileReader, line_of
from knowledge.yaml_source import Mapping, Problem

_WHO: Final = ("role", "on")
_WHAT: Final = ("aspect", "ownership")
_EXPECTED: Final = ("status", "contains", "never", "cites")


def case_files(folder: Path) -> list[Path]:
    """The files with test cases in the folder of a rule base, operations first."""
    return [path for kind in ("operations", "topics") for path in sorted((folder / kind).glob(f"*{CASES_SUFFIX}"))]


def run_cases(rules: RuleBase) -> list[Problem]:
    """Everything that is answered otherwise than a test case says, and every test case that cannot be read."""
    return [problem for path in case_files(rules.folder) for problem in run_file(rules, path)]


def run_file(rules: RuleBase, path: Path) -> list[Problem]:
    """The same for one file."""
    problems: list[Problem] = []
    reader = FileReader(path, problems)
    entries = rules.operations if path.parent.name == "operations" else rules.topics
    entry = entries.get(path.name.removesuffix(CASES_SUFFIX))
    if entry is None:
        reader.note(0, "旁边没有它要检查的规则文件")
        return problems
    root = reader.root()
    if root is None:
        return problems
    reader.check_keys(root, ("on", "cases"))
    day = reader.day(root, "on")
    cases = root.get("cases")
    if not isinstance(cases, list):
        reader.note(root.line_of("cases"), "“cases”应当是列表")
    elif not cases:
        reader.note(root.line_of("cases"), "还没有写一条用例")
    elif day is not None:
        for case in cases:
            _run(reader, rules, entry, case, day)
    return problems


def _run(reader: FileReader, rules: RuleBase, entry: Operation | Topic, case: Any, day: date) -> None:
    """Notes what one case expects and does not get."""
    mapping = reader.mapping(case, line_of(case, 0), "每一条用例")
    if mapping is None:
        return
    allowed = (*_WHO, *_EXPECTED, *(_WHAT if isinstance(entry, Operation) else ()))
    reader.check_keys(mapping, ("aspect",) if isinstance(entry, Operation) else (), allowed)
    if not any(key in mapping for key in _EXPECTED):
        reader.note(mapping.line, f"这条用例没有写应当怎样答复（{'、'.join(_EXPECTED)} 至少写一项）")
    answer = _answer(reader, rules, entry, mapping, reader.day(mapping, "on") or day)
    for line, reason in _disagreements(reader, mapping, answer, rules.pack.default_document):
        reader.note(line, reason)


def _answer(reader: FileReader, rules: RuleBase, entry: Operation | Topic, case: Mapping, on: date) -> Answer:
    role = cast(Role, reader.choice(case, "role", ROLES, "customer"))
    if isinstance(entry, Topic):
        return answer_topic(rules, entry.id, role, on)
    aspect = cast(Aspect, reader.choice(case, "aspect", ASPECTS, "overview"))
    ownership = cast(Ownership, reader.choice(case, "ownership", OWNERSHIPS, "")) if "ownership" in case else None
    return answer_operation(rules, entry.id, aspect, ownership or None, role, on)


def _disagreements(reader: FileReader, case: Mapping, answer: Answer, document: str) -> Iterator[tuple[int, str]]:
    if "status" in case and answer.status != reader.choice(case, "status", STATUSES, answer.status):
        yield case.line_of("status"), f"状态应是“{case['status']}”，现在是“{answer.status}”"
    for text in reader.texts(case, "contains"):
        if text not in answer.text:
            yield line_of(text, case.line), f"答复里应有“{text}”，现在没有"
    for text in reader.texts(case, "never"):
        if text in answer.text:
            yield line_of(text, case.line), f"答复里不应有“{text}”，现在有"
    for text in reader.texts(case, "cites"):
        if parse_citation(text, document) not in answer.citations:
            yield line_of(text, case.line), f"应当引用“{text}”，现在没有引用"
