"""The real rule base is clean; with the documents too, where somebody has a copy of them."""

import os
from pathlib import Path

import pytest

from knowledge.lint import lint, lint_sources
from knowledge.sentences.coverage import judge
from knowledge.sentences.entries import read_entries
from knowledge.sources import Sources, read_sources


@pytest.fixture
def sources(rules) -> Sources:
    """The owner's copy of the documents, which is no part of this project."""
    place = os.environ.get("RULE_SOURCES")
    if not place:
        pytest.skip("RULE_SOURCES is not set: the rule documents are not in the repository")
    texts, missing = read_sources(Path(place), rules.documents, rules.folder / "documents.yml")
    assert missing == []
    return texts


def test_the_real_rule_base_is_clean(rules):
    assert [str(problem) for problem in lint(rules)] == []


def test_the_real_rule_base_agrees_with_the_documents(rules, sources):
    assert [str(problem) for problem in lint_sources(rules, sources)] == []


def test_every_sentence_of_the_documents_is_said_or_explained(rules, sources):
    entries, problems = read_entries(rules)
    assert problems == []
    assert [one.sentence.text for one in judge(rules, sources, entries) if one.state == "open"] == []
