"""The sentences of the small rule base's document, judged."""

from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.loader import load_rules
from knowledge.model import RuleBase
from knowledge.sentences.coverage import Judged, judge
from knowledge.sentences.entries import Entry, read_entries
from tests.knowledge.handbook import TEXT, read

Judging = Callable[..., tuple[RuleBase, list[Judged], list[Entry]]]


@pytest.fixture
def judged(folder: Path) -> Judging:
    """Judges the sentences of a text by the coverage files of the small rule base."""

    def judged(text: str = TEXT) -> tuple[RuleBase, list[Judged], list[Entry]]:
        rules = load_rules(folder)
        entries, _ = read_entries(rules)
        return rules, judge(rules, read(folder, text)[0], entries), entries

    return judged
