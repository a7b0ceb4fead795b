"""Proposals for sentences that have no entry; none counts before a person has looked."""

import pytest

from knowledge.lint import lint
from knowledge.loader import load_rules
from knowledge.sentences.entries import read_entries
from knowledge.sentences.suggest import suggest
from tests.knowledge.handbook import COVERAGE, TEXT, write_coverage


@pytest.fixture
def proposed(folder, judged):
    """Writes proposals for a text, and returns them by how the sentence begins."""

    def proposed(text: str = TEXT) -> dict:
        suggest(*judged(text))
        entries, problems = read_entries(load_rules(folder))
        assert problems == []
        return {entry.begins: entry for entry in entries}

    return proposed


def test_what_says_most_of_a_sentence_is_proposed(proposed):
    entries = proposed()
    assert entries["一渠道仓库目"].said_in == ("move_box.fee", "move_box.channels")
    assert entries["搬运工凭搬运"].said_in[0] == "move_box.conditions"


def test_a_sentence_that_nothing_says_is_proposed_to_be_explained(folder, proposed):
    assert proposed(TEXT + "电话号码每周更换。\n")["电话号码每周"].reason.startswith("没有找到引用这一节")


def test_headings_need_no_proposal(proposed):
    assert "一搬箱" not in proposed()


def test_a_proposal_is_refused_until_a_person_has_looked(folder, proposed):
    assert all(entry.proposed for entry in proposed().values())
    problems = [problem.reason for problem in lint(load_rules(folder))]
    assert problems.count("只是自动提出的建议，看过以后去掉“proposed”") == len(proposed())


def test_a_second_run_proposes_nothing_more(folder, proposed, judged):
    proposed()
    assert suggest(*judged()) == {}


def test_what_stands_in_the_file_is_not_touched(folder, judged):
    path = write_coverage(folder, "# 看过了\n" + COVERAGE)
    assert suggest(*judged(TEXT + "另外要预约。\n")) == {path: 1}
    assert path.read_text(encoding="utf-8").startswith("# 看过了\n" + COVERAGE)


def test_a_changed_sentence_is_left_to_the_person_who_changes_its_digest(folder, judged):
    write_coverage(folder)
    assert suggest(*judged(TEXT.replace("20公斤", "25公斤"))) == {}


def test_sentences_that_begin_alike_get_longer_beginnings(proposed):
    entries = proposed(TEXT + "箱子到仓库以前要登记。\n箱子到仓库以后要称重。\n")
    assert {"箱子到仓库以前", "箱子到仓库以后"} <= set(entries)


def test_a_beginning_is_never_longer_than_twelve_letters(proposed):
    entries = proposed(TEXT + "箱子到仓库以前一定要先登记好。\n箱子到仓库以前一定要先称重好。\n")
    assert max(map(len, entries)) == 12


def test_a_beginning_that_looks_like_a_number_stays_a_text(proposed):
    assert "202612" in proposed(TEXT + "2026.12\n")
