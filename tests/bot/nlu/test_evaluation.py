import pytest

from actions.understanding import Alternative, Understanding
from bot.nlu.evaluation import QuestionError, Tally, labelled, outcome, table
from bot.nlu.report import to_report


def question(**more):
    return labelled({"text": "一句话", "decision": "answer", "operation": "cancel_service", "aspect": "fee", **more})


def offering(*operations):
    choices = tuple(Alternative(one, None, None, 0.2) for one in operations)
    return Understanding("clarify", alternatives=choices)


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (Understanding("answer", operations=("cancel_service",)), "right"),
        (Understanding("answer", operations=("relocate", "cancel_service")), "right"),
        (Understanding("answer", operations=("relocate",)), "wrong"),
        (Understanding("answer", topic="data_cap"), "wrong"),
        (offering("relocate", "cancel_service"), "offered"),
        (offering("a", "b", "c", "cancel_service"), "refused"),
        (Understanding("out_of_scope"), "refused"),
    ],
)
def test_an_answerable_question_ends_in_one_of_four_ways(got, expected):
    assert outcome(question(), got) == expected


def test_a_question_that_is_not_ours_ends_quiet_or_with_a_false_answer():
    gold = labelled({"text": "一句话", "decision": "out_of_scope", "ok_operations": ["query_points"]})
    assert outcome(gold, Understanding("answer", operations=("cancel_service",))) == "false"
    assert outcome(gold, Understanding("answer", operations=("query_points",))) == "quiet"
    assert outcome(gold, Understanding("clarify")) == "quiet"


def test_shares_are_of_the_questions_they_belong_to():
    tally = Tally()
    tally.add(question(), Understanding("answer", operations=("cancel_service",), aspects=("fee",)))
    tally.add(question(), Understanding("answer", operations=("cancel_service",), aspects=("channels",)))
    tally.add(labelled({"text": "天气", "decision": "out_of_scope"}), Understanding("other_service"))
    summary = tally.summary()
    assert (summary["right"], summary["right_and_aspect"], summary["false_answers"]) == (1.0, 0.5, 0.0)
    assert summary["decision_right_when_quiet"] == 0.0
    assert summary["per_label"] == {"cancel_service": {"right": 2}, "out_of_scope": {"quiet": 1}}
    assert "答对且问的方面也对：50.0%" in table(tally)


def test_a_question_for_several_things_counts_as_complete_only_with_all_of_them():
    gold = question(operations=["cancel_service", "relocate"], aspects=["fee", "channels"], ok_aspects=["channels"])
    both, fee = ("relocate", "cancel_service"), ("fee", "channels")
    tally = Tally()
    for operations, aspects in ((both, fee), (both[1:], fee), (both, fee[:1]), (("change_number",), fee)):
        tally.add(gold, Understanding("answer", operations=operations, aspects=aspects))
    summary = tally.summary()
    assert (summary["right"], summary["several"], summary["found_all_of_several"]) == (0.75, 4, 0.25)
    assert "几样都答到：25.0%" in table(tally)


def test_styles_are_counted_where_questions_have_one():
    tally = Tally()
    tally.add(question(style="typo"), Understanding("answer", operations=("cancel_service",)))
    tally.add(question(), Understanding("clarify"))
    assert tally.summary()["per_style"] == {"typo": {"right": 1}}
    assert "typo " in table(tally)


def test_no_questions_give_a_report_too():
    assert "没有这样的问题" in table(Tally())


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"decision": "answer"}, "text"),
        ({"text": 1, "decision": "answer"}, "text"),
        ({"text": "a", "decision": "maybe"}, "decision"),
        ({"text": "a", "decision": "answer"}, "operation"),
        ({"text": "a", "decision": "clarify", "ok_decisions": "answer"}, "ok_decisions"),
    ],
)
def test_a_label_that_cannot_be_names_its_field(row, field):
    with pytest.raises(QuestionError, match=field):
        labelled(row)


def test_a_report_masks_numbers_and_leaves_out_nothing():
    report = to_report(Understanding("answer", operations=("cancel_service",), numbers=("18600012345",)))
    assert report["number"] == "186****2345"
    assert (report["operation"], report["aspect"], report["aspects"]) == ("cancel_service", "overview", ["overview"])
    empty = to_report(Understanding("clarify"))
    assert [empty[name] for name in ("operation", "aspect", "topic", "ownership", "number")] == [None] * 5
