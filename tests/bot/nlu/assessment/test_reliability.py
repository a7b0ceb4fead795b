import pytest

from bot.nlu.assessment.reliability import Judged, answers, bins, calibration_error, coverage, refusals
from tests.bot.nlu.assessment.conftest import answered, asked_back, asks, is_not_ours, refused


def test_a_step_holds_what_was_said_with_about_the_same_confidence():
    found = bins([Judged(0.91, True), Judged(0.97, False), Judged(1.0, True), Judged(0.2, False)])
    assert [(one.count, one.right) for one in found] == [(1, 0.0), (3, pytest.approx(2 / 3))]


def test_the_calibration_error_is_how_far_confidence_is_from_the_truth():
    honest = [Judged(0.75, True)] * 3 + [Judged(0.75, False)]
    assert calibration_error(honest) == pytest.approx(0.0)
    assert calibration_error([Judged(0.95, False)] * 2 + honest * 2) == pytest.approx(0.95 * 0.2)
    assert calibration_error([Judged(0.75, True), Judged(0.25, False)]) == pytest.approx(0.25)
    assert calibration_error([]) is None


def test_an_answer_nobody_asked_for_is_not_right_and_a_question_asked_back_is_no_answer(case):
    cases = [
        case(asks(), answered("cancel_service", confidence=0.8)),
        case(is_not_ours(), answered("cancel_service", confidence=0.7)),
        case(is_not_ours(ok_operations=["relocate"]), answered("relocate", confidence=0.6)),
        case(asks(), asked_back("cancel_service")),
        case(asks(), refused(0.6)),
        case(is_not_ours(), refused(0.9)),
    ]
    assert answers(cases) == [Judged(0.8, True), Judged(0.7, False), Judged(0.6, True)]
    assert refusals(cases) == [Judged(0.6, False), Judged(0.9, True)]


def test_coverage_grows_from_the_surest_answer_to_the_last_choice(case):
    cases = [
        case(asks(), asked_back("cancel_service", confidence=0.99)),
        case(asks(), answered("cancel_service", confidence=0.6)),
        case(asks(), answered("cancel_service", confidence=0.9)),
        case(asks(), answered("cancel_service", confidence=0.7)),
        case(is_not_ours(), answered("cancel_service", confidence=0.5)),
        case(asks(), refused()),
    ]
    points = [(round(one.covered, 2), round(one.accuracy, 2)) for one in coverage(cases)]
    assert points == [(0.2, 1.0), (0.4, 1.0), (0.6, 1.0), (0.6, 0.75), (0.8, 0.8)]
    assert coverage([case(is_not_ours(), refused())]) == []
