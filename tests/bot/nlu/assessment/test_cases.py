import pytest

from bot.nlu.assessment.cases import errors_by_kind
from tests.bot.nlu.assessment.conftest import answered, asked_back, asks, is_not_ours, refused


@pytest.mark.parametrize(
    ("gold", "got", "kind"),
    [
        (asks(), answered("cancel_service"), None),
        (asks(), answered("relocate"), "wrong"),
        (asks(), asked_back("cancel_service", "relocate"), "asked_back"),
        (asks(), asked_back("relocate"), "asked_back"),
        (asks(), refused(), "refused"),
        (asks(), answered("cancel_service", aspects=("channels",)), "aspect"),
        (is_not_ours(), answered("cancel_service"), "false"),
        (is_not_ours(ok_operations=["cancel_service"]), answered("cancel_service"), None),
        (is_not_ours(), asked_back("cancel_service"), None),
        (asks(operations=["cancel_service", "relocate"]), answered("cancel_service"), "partial"),
        (asks(operations=["cancel_service", "relocate"]), answered("relocate", "cancel_service"), None),
        (asks(aspects=["fee", "channels"]), answered("cancel_service"), "partial"),
    ],
)
def test_every_error_has_one_kind(case, gold, got, kind):
    assert case(gold, got).error == kind


def test_errors_of_a_kind_stand_together_and_kinds_without_any_are_left_out(case):
    cases = [
        case(asks("relocate"), answered("cancel_service")),
        case(asks(), answered("cancel_service")),
        case(asks("change_number"), answered("relocate")),
        case(is_not_ours(), answered("relocate")),
    ]
    found = errors_by_kind(cases)
    assert list(found) == ["wrong", "false"]
    assert [one.gold.label for one in found["wrong"]] == ["change_number", "relocate"]


def test_a_question_is_taken_for_what_was_answered_or_for_the_decision(case):
    assert case(asks(), answered("relocate", "cancel_service")).taken_for == "relocate"
    assert case(asks(), asked_back("relocate")).taken_for == "clarify"
