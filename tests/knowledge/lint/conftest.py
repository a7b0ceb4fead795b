"""What the lint finds in the small rule base, with and without its document."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.lint import lint, lint_sources
from knowledge.loader import load_rules
from tests.knowledge.handbook import TEXT, read, write_coverage


@pytest.fixture
def found(folder: Path) -> Callable[[], list[str]]:
    """`line：reason` of each finding without the document."""

    def found() -> list[str]:
        return [f"{problem.line}：{problem.reason}" for problem in lint(load_rules(folder))]

    return found


@pytest.fixture
def compare(folder: Path) -> Callable[[str], list[str]]:
    """The reasons of each finding in the comparison with the document; all its sentences are covered."""
    write_coverage(folder)

    def compare(text: str = TEXT) -> list[str]:
        sources, missing = read(folder, text)
        return [*missing, *(problem.reason for problem in lint_sources(load_rules(folder), sources))]

    return compare
