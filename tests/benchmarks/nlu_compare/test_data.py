from fractions import Fraction

import pytest

from benchmarks.nlu_compare import data
from bot.nlu.assessment.diversity import Utterance, near_pairs


def utterance(text: str, subject: str = "operation:cancel_service", aspect: str | None = "fee") -> Utterance:
    return Utterance(text, text, "file.yml", subject, aspect)


def test_a_share_has_every_label_and_lies_within_a_larger_share():
    ones = [utterance(f"句子{number}") for number in range(16)] + [utterance("转人工", "handoff", None)]
    eighth, half = (data._share(ones, Fraction(1, parts)) for parts in (8, 2))
    assert len(eighth) == 3
    assert len(half) == 9
    assert set(eighth) < set(half)
    assert {one.subject for one in eighth} == {"operation:cancel_service", "handoff"}


def test_the_order_within_a_share_does_not_depend_on_the_other_utterances():
    ones = [utterance(f"句子{number}") for number in range(16)]
    kept = data._share(ones, Fraction(1, 4))
    assert set(kept) <= set(data._share([utterance("另一句"), *ones], Fraction(5, 16)))


def test_every_utterance_is_asked_in_one_fold_and_learnt_in_the_others():
    splits = [data.split(name) for name in data.FOLD_NAMES]
    asked = [question.text for split in splits for question in split.asked]
    assert sorted(asked) == sorted(one.written for one in data.all_utterances())
    for split in splits:
        assert len(split.learnt) + len(split.asked) == len(data.all_utterances())
        assert not {one.written for one in split.learnt} & {question.text for question in split.asked}


def test_near_duplicates_stand_in_one_fold():
    fold = dict(zip([one.text for one in data.all_utterances()], data._folds(), strict=True))
    pairs = near_pairs(data.all_utterances(), 0.5)
    assert pairs
    assert all(fold[pair.one.text] == fold[pair.other.text] for pair in pairs)


@pytest.mark.parametrize(
    ("subject", "aspect", "answerable", "decision"),
    [
        ("operation:cancel_service", "fee", True, "answer"),
        ("topic:leased_line", None, True, "answer"),
        ("fragment", "fee", False, "clarify"),
        ("choose", None, False, "clarify"),
        ("greet", None, False, "chitchat"),
        ("handoff", None, False, "handoff"),
        ("other_service", None, False, "other_service"),
        ("out_of_scope", None, False, "out_of_scope"),
    ],
)
def test_an_utterance_is_a_question_with_the_decision_that_it_deserves(subject, aspect, answerable, decision):
    question = data.question_of(utterance("话", subject, aspect))
    assert question.answerable is answerable
    assert question.decisions == {decision}
    assert question.aspects == ({aspect} if answerable and aspect else set())


def test_results_of_other_utterances_have_another_state(monkeypatch):
    before = data.fingerprint()
    data.fingerprint.cache_clear()
    monkeypatch.setattr(data, "all_utterances", lambda: (utterance("只有一句"),))
    after = data.fingerprint()
    data.fingerprint.cache_clear()
    assert after != before
