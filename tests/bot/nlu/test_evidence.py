from dataclasses import replace

import numpy as np
import pytest

from bot.nlu.evidence import Candidates, Trust
from bot.nlu.reading import Reading
from bot.nlu.terms import Found

CANCEL, SUSPEND, CHANGE = "operation:cancel_service", "operation:suspend_service", "operation:change_number"
PLAIN = Reading(text="一句话", subjects={CANCEL: 0.5, SUSPEND: 0.2, "out_of_scope": 0.3}, aspects={})


def term(identifier, **more):
    return Found("operation", identifier, 0, 2, **more)


def of_subject(**more):
    return Candidates.of(replace(PLAIN, **more)).of_subject()


def test_without_anything_learnt_confidence_is_the_probability():
    candidates, trust = Candidates.of(PLAIN), Trust.unlearnt()
    assert trust.in_subject(candidates) == pytest.approx(0.5)
    assert trust.in_ours(candidates) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("weaker", "stronger", "place"),
    [
        ({"subjects": {CANCEL: 0.4, SUSPEND: 0.2, "out_of_scope": 0.4}}, {}, 0),
        ({"subjects": {CANCEL: 0.5, SUSPEND: 0.4, "out_of_scope": 0.1}}, {}, 1),
        ({"subjects": {CANCEL: 0.5, SUSPEND: 0.1, "out_of_scope": 0.4}}, {}, 2),
        ({"nearest": {SUSPEND: 0.4}}, {"nearest": {CANCEL: 0.4}}, 3),
        ({"terms": [term("change_number")]}, {"terms": [term("cancel_service")]}, 4),
    ],
)
def test_each_kind_of_evidence_counts_for_the_likeliest_subject(weaker, stronger, place):
    assert of_subject(**weaker)[place] < of_subject(**stronger)[place]


def test_operations_that_are_all_named_are_no_rivals():
    both = [term("cancel_service"), term("suspend_service")]
    assert Candidates.of(replace(PLAIN, terms=both)).answered_together() == (CANCEL, SUSPEND)
    assert Trust.unlearnt().in_subject(Candidates.of(replace(PLAIN, terms=both))) == pytest.approx(0.7)
    only_the_second = Candidates.of(replace(PLAIN, terms=[term("suspend_service")]))
    assert only_the_second.answered_together() == (CANCEL,)


def test_what_is_denied_is_no_candidate():
    candidates = Candidates.of(replace(PLAIN, terms=[term("cancel_service", negated=True)]))
    assert candidates.ours == (SUSPEND,)


def test_a_message_with_nothing_of_ours_has_no_confidence_in_it():
    candidates = Candidates.of(replace(PLAIN, subjects={"out_of_scope": 1.0}))
    assert (Trust.unlearnt().in_subject(candidates), Trust.unlearnt().in_ours(candidates)) == (0.0, 0.0)
    assert Candidates.of(replace(PLAIN, subjects={})).likeliest_other == "out_of_scope"


def test_trust_learns_that_a_timid_classifier_is_right():
    timid = [PLAIN] * 3000
    trust = Trust.fit(timid, [CANCEL] * 2900 + [SUSPEND] * 50 + ["out_of_scope"] * 50)
    assert trust.in_subject(Candidates.of(PLAIN)) == pytest.approx(290 / 300, abs=0.03)
    assert trust.in_ours(Candidates.of(PLAIN)) == pytest.approx(295 / 300, abs=0.03)


def test_trust_is_saved_and_read_back(tmp_path):
    trust = Trust.fit([PLAIN] * 10, [CANCEL] * 10)
    np.savez(tmp_path / "trust.npz", **trust.arrays())
    with np.load(tmp_path / "trust.npz", allow_pickle=False) as arrays:
        assert Trust.of_arrays(arrays) == trust
