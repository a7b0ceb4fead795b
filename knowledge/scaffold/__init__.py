"""The beginning of a new operation: a rule file that loads, in which every place still to be written is marked."""

import re
from datetime import date
from pathlib import Path
from string import Template
from typing import Final

from knowledge.model import Citation, Operation, RuleBase, Topic
from knowledge.reading import CASES_SUFFIX

_TEMPLATES: Final = Path(__file__).parent
_IDENTIFIER: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_NAME: Final = re.compile(r"[\w/·-]{2,16}")


def is_identifier(text: str) -> bool:
    """Whether `text` can be the id of an operation."""
    return _IDENTIFIER.fullmatch(text) is not None


def refusal(rules: RuleBase, identifier: str, name: str, section: str) -> str | None:
    """Why there can be no such new operation, as a Chinese sentence; None where there can."""
    if not is_identifier(identifier):
        return f"编号“{identifier}”只能用小写英文字母、数字和下划线，以字母开头，例如 replace_sim。"
    if not _NAME.fullmatch(name) or is_identifier(name):
        return f"业务名“{name}”应是 2 到 16 个字的中文名，不带空格、括号和引号。"
    entries: dict[str, Operation | Topic] = {**rules.operations, **rules.topics}
    if identifier in entries:
        return f"编号“{identifier}”已经有了，是“{entries[identifier].name}”。"
    for entry in entries.values():
        if name in (entry.name, *entry.aliases):
            return f"“{name}”已经是“{entry.name}”（{entry.id}）的说法，请换一个业务名。"
    reason = rules.documents.refusal(Citation(rules.pack.default_document, section))
    return f"{reason}。" if reason else None


def files(rules: RuleBase, identifier: str, name: str, section: str, today: date) -> dict[Path, str]:
    """The files of a new operation with their contents: its rules, and the test cases beside them."""
    folder = rules.folder / "operations"
    values = {"id": identifier, "name": name, "section": section, "today": today.isoformat()}
    return {
        folder / f"{identifier}.yml": _filled("operation.txt", values),
        folder / f"{identifier}{CASES_SUFFIX}": _filled("cases.txt", values),
    }


def _filled(template: str, values: dict[str, str]) -> str:
    return Template((_TEMPLATES / template).read_text(encoding="utf-8")).substitute(values)
