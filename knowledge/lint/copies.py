"""No sentence of the documents is carried over."""

from collections.abc import Iterator
from typing import Final

from knowledge.lint.walk import entries, statements
from knowledge.model import RuleBase
from knowledge.sources import Sources, letters
from knowledge.yaml_source import Problem

_RUN: Final = 20


def compared(rules: RuleBase, sources: Sources) -> Iterator[Problem]:
    """Runs of letters that a line of a file, or a statement that goes over several lines, shares with the documents."""
    runs = set(_windows(letters(sources.whole)))
    found: set[str] = set()
    for path in sorted(rules.folder.rglob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if copied := [window for window in _windows(letters(line)) if window in runs]:
                found.update(copied)
                yield Problem(path, number, f"照抄了规则原文：……{copied[0]}……，请改用自己的话")
    for entry in entries(rules):
        for statement in statements(entry):
            copied = [window for window in _windows(letters(statement.text)) if window in runs and window not in found]
            if copied:
                found.update(copied)
                yield Problem(entry.path, statement.line, f"照抄了规则原文：……{copied[0]}……，请改用自己的话")


def _windows(text: str) -> Iterator[str]:
    return (text[start : start + _RUN] for start in range(len(text) - _RUN + 1))
