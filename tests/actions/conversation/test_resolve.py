from actions.conversation.context import Choice, Context, Request
from actions.conversation.resolve import AskBack, Asked, BadChoice, resolve
from actions.understanding import Alternative, Understanding

OFFERED = (
    Choice("销户要带什么", Request(operation="cancel_service", aspect="documents")),
    Choice("过户要带什么", Request(operation="transfer_ownership", aspect="documents")),
)


def test_a_complete_question_needs_no_context() -> None:
    understanding = Understanding("answer", operations=("cancel_service",), aspects=("fee",))
    assert resolve(understanding, Context(), "销户收费吗") == Asked(
        (Request(operation="cancel_service", aspect="fee"),)
    )


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
    understanding = Understanding("answer", operations=("cancel_service",), aspects=("documents",))
    asked = resolve(understanding, context, "这个号不用了要带什么去注销")
    assert asked == Asked((Request(operation="cancel_service", aspect="documents", ownership=None),))


def test_more_about_the_same_operation_keeps_whose_account_it_is() -> None:
    context = Context(operation="cancel_service", aspect="documents", ownership="individual")
    understanding = Understanding("answer", operations=("cancel_service",), aspects=("fee",))
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


def test_yes_takes_the_only_choice_but_never_one_of_several() -> None:
    yes = Understanding("chitchat", small_talk="affirm")
    assert resolve(yes, Context(choices=OFFERED[:1]), "对") == Asked((OFFERED[0].request,))
    assert isinstance(resolve(yes, Context(choices=OFFERED), "对"), AskBack)


def test_several_operations_and_aspects_become_several_requests_up_to_a_limit() -> None:
    understanding = Understanding("answer", operations=("cancel_service", "replace_sim"), aspects=("fee", "documents"))
    asked = resolve(understanding, Context(), "销户和补卡的收费和材料")
    assert isinstance(asked, Asked)
    assert [(r.operation, r.aspect) for r in asked.requests] == [
        ("cancel_service", "fee"),
        ("cancel_service", "documents"),
        ("replace_sim", "fee"),
    ]


def test_a_topic_is_answered_as_a_topic() -> None:
    understanding = Understanding("answer", topic="data_cap", aspects=("conditions",))
    assert resolve(understanding, Context(operation="cancel_service"), "流量封顶") == Asked(
        (Request(topic="data_cap"),)
    )


def test_the_context_survives_its_journey_through_the_slots() -> None:
    from actions.conversation.context import from_slots

    context = Context("cancel_service", None, "documents", "individual", "18600000000", OFFERED)
    assert from_slots(context.to_slots()) == context
