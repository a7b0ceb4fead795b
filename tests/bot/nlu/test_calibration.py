import numpy as np
import pytest

from bot.nlu.calibration import Calibration, log_odds


def messages(sharpness, count=4000):
    """Evidence of messages that are right as often as `probability`, given too sharply or too mildly."""
    random = np.random.default_rng(3)
    probability = random.uniform(0.02, 0.98, count)
    right = random.uniform(size=count) < probability
    return [(sharpness * log_odds(float(one)),) for one in probability], right.tolist(), probability


def test_with_nothing_to_learn_from_the_given_probability_is_believed():
    for known in (Calibration.unlearnt(3), Calibration.fit([], [], 3)):
        assert known.confidence((log_odds(0.8), 5.0, -2.0)) == pytest.approx(0.8)


def test_few_messages_leave_it_near_the_given_probability():
    known = Calibration.fit([(log_odds(0.8),)] * 4, [True, True, True, False], 1)
    assert known.confidence((log_odds(0.8),)) == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize("sharpness", [0.4, 1.0, 3.0])
def test_a_probability_that_is_given_too_sharply_or_too_mildly_is_put_right(sharpness):
    evidence, right, probability = messages(sharpness)
    known = Calibration.fit(evidence, right, 1)
    assert [known.confidence(one) for one in evidence] == pytest.approx(probability.tolist(), abs=0.05)


def test_more_evidence_never_lowers_the_confidence():
    evidence, right, _ = messages(1.0)
    # The second number speaks against being right here; it was meant to speak for it.
    misleading = [(*one, -float(truth)) for one, truth in zip(evidence, right, strict=True)]
    known = Calibration.fit(misleading, right, 2)
    assert known.weights[1] == 0.0
    assert known.confidence((0.3, 1.0)) >= known.confidence((0.3, 0.0))


@pytest.mark.parametrize("probability", [0.0, 1.0])
def test_certainty_stays_a_number(probability):
    assert Calibration.unlearnt(1).confidence((log_odds(probability),)) == pytest.approx(probability, abs=1e-3)


@pytest.mark.parametrize("score", [-5000.0, 5000.0])
def test_overwhelming_evidence_is_no_error(score):
    assert Calibration((1.0,), 0.0).confidence((score,)) == (1.0 if score > 0 else 0.0)


def test_what_is_saved_and_read_back_is_the_same(tmp_path):
    known = Calibration((1.5, 0.25), -0.75)
    np.savez(tmp_path / "known.npz", **known.arrays("subject"))
    with np.load(tmp_path / "known.npz", allow_pickle=False) as arrays:
        assert Calibration.of_arrays("subject", arrays) == known


def test_the_same_messages_give_the_same_calibration():
    evidence, right, _ = messages(2.0)
    assert Calibration.fit(evidence, right, 1) == Calibration.fit(evidence, right, 1)
