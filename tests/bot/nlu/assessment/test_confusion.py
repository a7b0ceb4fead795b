from bot.nlu.assessment.confusion import aspects, subjects
from tests.bot.nlu.assessment.conftest import answered, asked_back, asks, is_not_ours, refused


def test_only_confused_subjects_are_shown_beside_what_was_right_of_them(case):
    found = subjects(
        [
            case(asks("relocate"), answered("relocate")),
            case(asks("relocate"), answered("cancel_service")),
            case(asks("relocate"), asked_back("relocate")),
            case(asks("change_number"), answered("change_number")),
            case(is_not_ours(), answered("cancel_service")),
            case(is_not_ours(), refused()),
        ]
    )
    assert found.rows == ("relocate", "out_of_scope")
    assert found.columns == ("relocate", "out_of_scope", "cancel_service", "clarify")
    assert found.counts == ((1, 0, 1, 1), (0, 1, 1, 0))


def test_an_accepted_other_answer_is_no_confusion(case):
    gold = asks("relocate", ok_operations=["new_connection"])
    assert subjects([case(gold, answered("new_connection"))]).rows == ()


def test_aspects_are_compared_where_the_operation_was_understood(case):
    found = aspects(
        [
            case(asks(), answered("cancel_service", aspects=("channels",))),
            case(asks(), answered("cancel_service", aspects=())),
            case(asks(), answered("cancel_service", aspects=("fee",))),
            case(asks(), answered("relocate", aspects=("channels",))),
        ]
    )
    assert (found.rows, found.columns, found.counts) == (("fee",), ("fee", "channels", "overview"), ((1, 1, 1),))
