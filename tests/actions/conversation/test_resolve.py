from dataclasses import replace
from typing import Any

import pytest

from actions.conversation.context import Choice, Context, Request
from actions.conversation.resolve import AskBack, Asked, AskOn, BadChoice, resolve
from actions.understanding import Alternative, Understanding
from knowledge.identifiers import Aspect

OFFERED = (
    Choice("销户要带什么", Request(operation="cancel_service", aspect="documents")),
    Choice("过户要带什么", Request(operation="transfer_ownership", aspect="documents")),
)


def test_a_complete_question_needs_no_context() -> None:
    understanding = Understanding("answer", operations=("cancel_service",), aspects=("fee",))
    assert resolve(understanding, Context(), "销户收费吗") == Asked(
        (Request(operation="cancel_service", aspect="fee"),)
    )


def test_behind_a_question_about_now_every_can_i_is_a_check() -> None:
    understanding = Understanding(
        "answer",
        operations=("change_number", "cancel_service"),
        aspects=("eligibility", "conditions"),
        permission=True,
        pairs=(("change_number", "eligibility"), ("cancel_service", "conditions")),
    )
    checks = tuple(Request(operation=one, aspect="eligibility") for one in understanding.operations)
    assert resolve(understanding, Context(), "我现在能换号吗?能销户吗?") == Asked(checks)
    number = replace(understanding, aspects=("conditions",), pairs=(("cancel_service", "conditions"),), numbers=("1",))
    assert resolve(number, Context(), "186能换号吗?能销户吗?") == Asked(checks)


@pytest.mark.parametrize(
    ("text", "operation"),
    [
        ("不是查,是打印", "print_call_records"),
        ("不是查询,我要的是打印", "print_call_records"),
        ("打印还是查", None),
        ("是不是打印", None),
    ],
)
def test_what_the_subject_is_said_not_to_be_is_no_longer_guessed(text: str, operation: str | None) -> None:
    guesses = tuple(Alternative(one, None, None, 0.2) for one in ("query_call_records", "print_call_records"))
    context = Context("query_call_records", aspect="channels")
    resolution = resolve(Understanding("clarify", alternatives=guesses), context, text)
    if operation:
        assert resolution == Asked((Request(operation, aspect="channels"),))
    else:
        assert isinstance(resolution, AskBack)
    elsewhere = resolve(Understanding("clarify", alternatives=guesses), Context("cancel_service"), text)
    assert isinstance(elsewhere, AskBack)


def test_an_aspect_alone_keeps_the_operation_of_the_conversation() -> None:
    context = Context(operation="transfer_ownership", aspect="documents", ownership="organization")
    asked = resolve(Understanding("clarify", aspects=("fee",)), context, "那收费呢?")
    assert asked == Asked((Request(operation="transfer_ownership", aspect="fee", ownership="organization"),))


def test_an_operation_alone_that_leans_on_the_conversation_keeps_its_aspect() -> None:
    context = Context(operation="transfer_ownership", aspect="documents")
    understanding = Understanding("answer", operations=("cancel_service",), follow_up=True)
    asked = resolve(understanding, context, "那销户呢?")
    assert asked == Asked((Request(operation="cancel_service", aspect="documents"),))


def test_a_bare_operation_that_starts_afresh_asks_for_the_overview() -> None:
    context = Context(operation="transfer_ownership", aspect="fee")
    asked = resolve(Understanding("answer", operations=("cancel_service",)), context, "销户")
    assert asked == Asked((Request(operation="cancel_service", aspect="overview"),))


def test_ownership_alone_repeats_the_question_for_the_other_kind_of_customer() -> None:
    context = Context(operation="cancel_service", aspect="documents", ownership="organization")
    asked = resolve(Understanding("clarify", ownership="individual"), context, "个人的呢?")
    assert asked == Asked((Request(operation="cancel_service", aspect="documents", ownership="individual"),))


def test_a_new_question_forgets_whose_account_the_last_one_was_about() -> None:
    context = Context(operation="change_profile", aspect="documents", ownership="organization")
    understanding = Understanding("answer", operations=("cancel_service",), aspects=("documents",), named=True)
    asked = resolve(understanding, context, "这个号不用了要带什么去注销")
    assert asked == Asked((Request(operation="cancel_service", aspect="documents", ownership=None),))


def test_more_about_the_same_operation_keeps_whose_account_it_is() -> None:
    context = Context(operation="cancel_service", aspect="documents", ownership="individual")
    understanding = Understanding("answer", operations=("cancel_service",), aspects=("fee",), named=True)
    asked = resolve(understanding, context, "销户收费吗")
    assert asked == Asked((Request(operation="cancel_service", aspect="fee", ownership="individual"),))


def test_guesses_of_the_understanding_outrank_the_subject_of_the_conversation() -> None:
    guess = Alternative("report_fault", None, "procedure", 0.4)
    understanding = Understanding("clarify", aspects=("procedure",), alternatives=(guess,))
    context = Context(operation="cancel_service", aspect="documents")
    assert resolve(understanding, context, "那个东西怎么整") == AskBack("procedure", (guess,), None)


def test_an_aspect_without_any_subject_is_asked_back() -> None:
    assert resolve(Understanding("clarify", aspects=("fee",)), Context(), "收费吗") == AskBack("fee", (), None)


def test_a_choice_is_answered_by_its_number() -> None:
    asked = resolve(Understanding("clarify", choice=2), Context(choices=OFFERED), "2")
    assert asked == Asked((OFFERED[1].request,))


def test_a_choice_is_answered_by_its_words_whatever_the_understanding_says() -> None:
    asked = resolve(Understanding("out_of_scope"), Context(choices=OFFERED), "过户要带什么。")
    assert asked == Asked((OFFERED[1].request,))


def test_a_number_beyond_the_choices_is_refused() -> None:
    assert resolve(Understanding("clarify", choice=3), Context(choices=OFFERED), "3") == BadChoice(3, 2)
    assert resolve(Understanding("clarify", choice=1), Context(), "1") == BadChoice(1, 0)


@pytest.mark.parametrize(("choice", "taken"), [(-1, OFFERED[1:]), (0, OFFERED)])
def test_the_last_and_all_of_the_choices_can_be_taken(choice: int, taken: tuple[Choice, ...]) -> None:
    asked = resolve(Understanding("clarify", choice=choice), Context(choices=OFFERED), "都要")
    assert asked == Asked(tuple(one.request for one in taken))
    assert resolve(Understanding("clarify", choice=choice), Context(), "都要") == BadChoice(choice, 0)


def test_our_question_which_service_is_answered_by_any_service() -> None:
    context = Context(operation="report_loss", aspect="fee", choices=OFFERED)
    asked = resolve(Understanding("answer", operations=("suspend_service",)), context, "停机保号")
    assert asked == Asked((Request(operation="suspend_service", aspect="documents"),))
    mixed = Context(choices=(OFFERED[0], Choice("过户收费吗", Request(operation="transfer_ownership", aspect="fee"))))
    asked = resolve(Understanding("answer", operations=("suspend_service",)), mixed, "停机保号")
    assert asked == Asked((Request(operation="suspend_service", aspect="overview"),))


def test_our_question_is_asked_on_with_what_was_added_to_it() -> None:
    context = Context(choices=OFFERED)
    asked = resolve(Understanding("clarify", ownership="organization"), context, "我是单位的")
    assert isinstance(asked, AskBack)
    assert (asked.aspect, asked.ownership) == ("documents", "organization")
    asked = resolve(Understanding("clarify", aspects=("fee",)), context, "收费吗")
    assert isinstance(asked, AskBack)
    assert [(one.operation, one.aspect) for one in asked.alternatives] == [
        ("cancel_service", "fee"),
        ("transfer_ownership", "fee"),
    ]


def test_whose_account_it_is_may_be_said_before_anything_is_asked() -> None:
    understanding = Understanding("answer", operations=("replace_sim",), aspects=("fee",))
    asked = resolve(understanding, Context(ownership="individual"), "补卡收费吗")
    assert asked == Asked((Request(operation="replace_sim", aspect="fee", ownership="individual"),))


def test_a_number_is_picked_by_its_end() -> None:
    numbers = tuple(
        Choice(n, Request(operation="change_number", aspect="eligibility", number=n))
        for n in ("18600000001", "18600000002")
    )
    asked = resolve(Understanding("clarify", tails=("0002",)), Context(choices=numbers), "尾号0002那个")
    assert asked == Asked((numbers[1].request,))
    asked = resolve(Understanding("clarify", numbers=("18600000001",)), Context(choices=numbers), "18600000001")
    assert asked == Asked((numbers[0].request,))


CHECKED = Context(operation="change_number", aspect="eligibility", number="18600000001")


@pytest.mark.parametrize(
    "understanding",
    [
        Understanding("clarify", numbers=("18600000002",)),
        Understanding("clarify", tails=("0002",)),
        Understanding("clarify", other_number=True),
    ],
)
def test_a_check_is_repeated_for_another_number(understanding: Understanding) -> None:
    asked = resolve(understanding, CHECKED, "那0002呢")
    assert asked == Asked((Request(operation="change_number", aspect="eligibility"),))


def test_a_number_without_a_check_before_is_asked_about() -> None:
    context = Context(operation="change_number", aspect="fee")
    assert isinstance(resolve(Understanding("clarify", numbers=("18600000002",)), context, "18600000002"), AskOn)


def test_whether_it_is_possible_asks_for_a_check_where_a_number_is_looked_at() -> None:
    possible = Understanding(
        "answer", operations=("cancel_service",), aspects=("conditions",), named=True, permission=True
    )
    assert resolve(possible, CHECKED, "能销户吗") == Asked((Request(operation="cancel_service", aspect="eligibility"),))
    general = Asked((Request(operation="cancel_service", aspect="conditions"),))
    assert resolve(possible, Context(operation="change_number", aspect="fee"), "能销户吗") == general
    conditions = Understanding("answer", operations=("cancel_service",), aspects=("conditions",), named=True)
    assert resolve(conditions, CHECKED, "销户有什么条件") == general


IN_A_CONVERSATION = Context(operation="replace_sim", aspect="documents", ownership="organization")
TIME_LIMIT = Asked((Request("replace_sim", aspect="time_limit", ownership="organization"),), assumed=True)


def test_an_unsure_guess_does_not_change_the_subject_of_a_short_question() -> None:
    guess = Understanding("answer", operations=("new_connection",), aspects=("time_limit",), confidence=0.3)
    assert resolve(guess, IN_A_CONVERSATION, "新卡多长时间能打通") == TIME_LIMIT
    alternatives = (Alternative("suspend_service", None, "time_limit", 0.2),)
    unsure = Understanding("clarify", aspects=("time_limit",), alternatives=alternatives)
    assert resolve(unsure, IN_A_CONVERSATION, "要等多久才好") == TIME_LIMIT


@pytest.mark.parametrize("changed", [{"confidence": 0.8}, {"named": True}, {"aspects": ("procedure",)}])
def test_a_sure_guess_a_named_service_and_a_cry_for_help_change_the_subject(changed: dict[str, Any]) -> None:
    guess = Understanding("answer", operations=("new_connection",), aspects=("time_limit",), confidence=0.3)
    asked = resolve(replace(guess, **changed), IN_A_CONVERSATION, "新卡多长时间能打通")
    assert isinstance(asked, Asked)
    assert [request.operation for request in asked.requests] == ["new_connection"]


def test_a_long_message_changes_the_subject_even_where_it_is_unsure() -> None:
    guess = Understanding("answer", operations=("new_connection",), aspects=("time_limit",), confidence=0.3)
    asked = resolve(guess, IN_A_CONVERSATION, "我们公司下个月要搬到新的办公楼里去多长时间能打通")
    assert isinstance(asked, Asked)
    assert asked.requests[0].operation == "new_connection"


def test_a_guess_that_includes_the_subject_of_the_conversation_is_about_it() -> None:
    alternatives = (
        Alternative("report_loss", None, "procedure", 0.6),
        Alternative("replace_sim", None, "procedure", 0.2),
    )
    understanding = Understanding("clarify", aspects=("procedure",), alternatives=alternatives)
    asked = resolve(understanding, IN_A_CONVERSATION, "这个到底怎么弄")
    assert asked == Asked((Request("replace_sim", aspect="procedure", ownership="organization"),))


def test_what_cannot_be_made_out_is_asked_on_about_the_subject() -> None:
    assert resolve(Understanding("clarify"), IN_A_CONVERSATION, "还有呢") == AskOn()
    assert resolve(Understanding("clarify"), Context(topic="data_cap"), "还有呢") == AskOn()
    assert resolve(Understanding("clarify"), Context(), "还有呢") == AskBack()


def test_a_question_about_a_topic_stays_with_the_topic() -> None:
    asked = resolve(Understanding("clarify", aspects=("fee",)), Context(topic="data_cap"), "超出的怎么收费")
    assert asked == Asked((Request(topic="data_cap"),))


def test_yes_takes_the_only_choice_but_never_one_of_several() -> None:
    yes = Understanding("chitchat", small_talk="affirm")
    assert resolve(yes, Context(choices=OFFERED[:1]), "对") == Asked((OFFERED[0].request,))
    assert isinstance(resolve(yes, Context(choices=OFFERED), "对"), AskBack)


def test_several_operations_and_aspects_become_several_requests() -> None:
    understanding = Understanding("answer", operations=("cancel_service", "replace_sim"), aspects=("fee", "documents"))
    asked = resolve(understanding, Context(), "销户和补卡的收费和材料")
    assert isinstance(asked, Asked)
    assert [(r.operation, r.aspect) for r in asked.requests] == [
        ("cancel_service", "fee"),
        ("cancel_service", "documents"),
        ("replace_sim", "fee"),
        ("replace_sim", "documents"),
    ]


def test_each_operation_is_asked_its_own_question_where_the_message_says_so() -> None:
    pairs: tuple[tuple[str, Aspect], ...] = (("replace_sim", "documents"), ("cancel_service", "fee"))
    understanding = Understanding(
        "answer", operations=("replace_sim", "cancel_service"), aspects=("fee", "documents"), pairs=pairs
    )
    asked = resolve(understanding, Context(), "补卡要带什么,销户收费吗")
    assert isinstance(asked, Asked)
    assert tuple((r.operation, r.aspect) for r in asked.requests) == pairs


def test_a_topic_is_answered_as_a_topic() -> None:
    understanding = Understanding("answer", topic="data_cap", aspects=("conditions",))
    assert resolve(understanding, Context(operation="cancel_service"), "流量封顶") == Asked(
        (Request(topic="data_cap"),)
    )


def test_the_context_survives_its_journey_through_the_slots() -> None:
    from actions.conversation.context import from_slots

    context = Context("cancel_service", None, "documents", "individual", "18600000000", OFFERED)
    assert from_slots(context.to_slots()) == context
