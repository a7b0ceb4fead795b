import pytest

from actions.understanding import Alternative, Understanding
from bot.nlu.clauses import asking_clauses, together


def said(operation, *aspects, confidence=0.95, **more):
    return Understanding(decision="answer", operations=(operation,), aspects=aspects, confidence=confidence, **more)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("积分哪里查,查到了怎么换礼品", ["积分哪里查", "查到了怎么换礼品"]),
        ("要销两个号,顺便把预付款退了", ["要销两个号", "顺便把预付款退了"]),
        ("我现在能换号吗?能销户吗?", ["我现在能换号吗", "能销户吗"]),
        ("我手机丢了,补卡要带什么", []),
        ("销户要带什么", []),
        ("", []),
        ("a?b?c?", []),
    ],
)
def test_clauses_that_ask_are_found_where_there_are_several(text, clauses):
    assert asking_clauses(text) == clauses


def test_a_long_message_gives_its_last_three_asking_clauses():
    assert asking_clauses("怎么销户,怎么过户,怎么补卡,怎么改号") == ["怎么过户", "怎么补卡", "怎么改号"]


def test_two_clauses_that_ask_for_different_things_are_both_answered():
    got = together(said("redeem_points", "procedure"), [said("query_points", "channels"), said("redeem_points")], 0.8)
    assert got.operations == ("query_points", "redeem_points")
    assert got.pairs == (("query_points", "channels"), ("redeem_points", "procedure"))


def test_what_only_the_whole_asks_is_asked_of_every_clause():
    got = together(said("refund_prepayment", "procedure"), [said("cancel_service"), said("refund_prepayment")], 0.8)
    assert got.pairs == (("cancel_service", "procedure"), ("refund_prepayment", "procedure"))


def test_clauses_without_any_aspect_ask_for_the_overview():
    got = together(said("suspend_service"), [said("international_roaming"), said("suspend_service")], 0.8)
    assert got.pairs == (("international_roaming", "overview"), ("suspend_service", "overview"))


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [said("cancel_service"), said("cancel_service", "fee")],
        [said("cancel_service"), said("replace_sim", confidence=0.7)],
        [said("cancel_service"), Understanding(decision="out_of_scope", confidence=0.99)],
    ],
)
def test_one_sure_operation_leaves_the_whole_as_it_is(parts):
    whole = said("cancel_service", "documents")
    assert together(whole, parts, 0.8) is whole


@pytest.mark.parametrize(
    "whole",
    [
        Understanding(decision="out_of_scope", confidence=0.9),
        Understanding(decision="other_service", confidence=0.9),
        Understanding(decision="answer", topic="data_cap", confidence=0.9),
        Understanding(decision="handoff", confidence=0.9),
    ],
)
def test_clauses_never_make_ours_of_what_is_not(whole):
    assert together(whole, [said("cancel_service"), said("replace_sim")], 0.8) is whole


def test_a_message_that_was_to_be_asked_back_is_answered_where_its_clauses_are_sure():
    whole = Understanding(
        decision="clarify", confidence=0.5, alternatives=(Alternative("cancel_service", None, None, 0.3),)
    )
    got = together(whole, [said("cancel_service", "fee"), said("replace_sim", "documents", confidence=0.85)], 0.8)
    assert (got.decision, got.operations, got.alternatives) == ("answer", ("cancel_service", "replace_sim"), ())
    assert got.confidence == 0.85
