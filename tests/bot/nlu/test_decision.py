from dataclasses import replace

import pytest

from bot.nlu.decision import Reading, Thresholds, decide, intent_of
from bot.nlu.terms import Found

THRESHOLDS = Thresholds(
    answer_with_term=0.2,
    answer_with_neighbour=0.3,
    neighbour=0.3,
    clarify=0.3,
    alternative=0.02,
    second_operation=0.05,
    second_aspect=0.01,
)
CANCEL, SUSPEND, CHANGE = "operation:cancel_service", "operation:suspend_service", "operation:change_number"
FEE_ONLY = {"fee": 0.9, "overview": 0.1}


def reading(text="一句话", *, aspects=None, **more):
    return Reading(text=text, aspects=aspects or FEE_ONLY, **more)


def term(identifier, start=0, **more):
    return Found("operation", identifier, start, start + 2, **more)


def understand(subjects, **more):
    return decide(reading(subjects=subjects, **more), THRESHOLDS)


def test_a_sure_classifier_alone_never_gives_a_rule_answer():
    got = understand({CANCEL: 0.99, "out_of_scope": 0.01})
    assert got.decision == "clarify"
    assert got.operations == ()
    assert [alternative.operation for alternative in got.alternatives] == ["cancel_service"]


def test_a_wording_of_the_rule_base_makes_an_answer():
    got = understand({CANCEL: 0.6, "out_of_scope": 0.4}, terms=[term("cancel_service")])
    assert (got.decision, got.operations, got.aspects) == ("answer", ("cancel_service",), ("fee",))
    assert intent_of(got) == "ask_fee"


def test_a_close_training_utterance_makes_an_answer():
    subjects = {CANCEL: 0.6, "out_of_scope": 0.4}
    assert understand(subjects, nearest={CANCEL: 0.3}).decision == "answer"
    assert understand(subjects, nearest={CANCEL: 0.29}).decision == "clarify"
    assert understand(subjects, nearest={SUSPEND: 0.9}).decision == "clarify"


@pytest.mark.parametrize(("probability", "decision"), [(0.2, "answer"), (0.19, "out_of_scope")])
def test_a_wording_needs_some_probability_too(probability, decision):
    subjects = {CANCEL: probability, "out_of_scope": 1 - probability}
    assert understand(subjects, terms=[term("cancel_service")]).decision == decision


def test_a_named_operation_is_not_answered_where_another_is_likelier():
    got = understand({SUSPEND: 0.6, CANCEL: 0.3, "out_of_scope": 0.1}, terms=[term("cancel_service")])
    assert got.decision == "clarify"


def test_a_topic_is_answered_without_an_aspect():
    found = Found("topic", "data_cap", 0, 2)
    got = understand({"topic:data_cap": 0.9, "out_of_scope": 0.1}, terms=[found])
    assert (got.decision, got.topic, got.aspects) == ("answer", "data_cap", ())
    assert intent_of(got) == "ask_topic"


def test_several_operations_are_answered_where_each_is_named():
    subjects = {SUSPEND: 0.5, CANCEL: 0.4, CHANGE: 0.1}
    got = understand(subjects, terms=[term("cancel_service", 0), term("suspend_service", 5)])
    assert got.operations == ("cancel_service", "suspend_service")


def test_several_aspects_are_answered_where_each_has_its_words():
    aspects = {"documents": 0.8, "fee": 0.1, "channels": 0.1}
    got = understand({CANCEL: 1.0}, terms=[term("cancel_service")], aspects=aspects, cued_aspects=("documents", "fee"))
    assert got.aspects == ("documents", "fee")


def test_a_bare_name_expresses_no_aspect():
    got = understand({CANCEL: 1.0}, terms=[term("cancel_service")], aspects={"overview": 0.9, "fee": 0.1})
    assert got.aspects == ()
    assert intent_of(got) == "ask_overview"


def test_a_denied_operation_is_never_named():
    subjects = {CANCEL: 0.8, SUSPEND: 0.15, "out_of_scope": 0.05}
    got = understand(subjects, terms=[term("cancel_service", negated=True), term("suspend_service", 6)])
    assert got.operations == ("suspend_service",)
    only_denied = understand(subjects, terms=[term("cancel_service", negated=True)])
    assert "cancel_service" not in [one.operation for one in only_denied.alternatives]


def test_a_foreign_thing_is_not_answered_by_likeness():
    got = understand({CHANGE: 0.6, "out_of_scope": 0.4}, nearest={CHANGE: 0.9}, foreign=True)
    assert got.decision == "out_of_scope"


@pytest.mark.parametrize(
    ("subject", "decision", "intent"),
    [
        ("other_service", "other_service", "other_service"),
        ("out_of_scope", "out_of_scope", "out_of_scope"),
        ("handoff", "handoff", "handoff"),
        ("thank", "chitchat", "thank"),
        ("affirm", "chitchat", "affirm"),
    ],
)
def test_what_is_not_a_rule_question_keeps_its_kind(subject, decision, intent):
    got = understand({subject: 0.9, CANCEL: 0.1})
    assert got.decision == decision
    assert intent_of(got) == intent


def test_a_fragment_keeps_its_aspect_for_the_conversation():
    got = understand({"fragment": 0.9, CANCEL: 0.1})
    assert (got.decision, got.aspects, got.operations, got.alternatives) == ("clarify", ("fee",), (), ())
    assert intent_of(got) == "ask_fee"


def test_a_fragment_with_only_an_ownership_states_it():
    got = understand({"fragment": 0.9}, aspects={"overview": 1.0}, ownership="individual")
    assert got.decision == "clarify"
    assert intent_of(got) == "state_ownership"


def test_a_choice_goes_before_everything_else():
    got = understand({CANCEL: 1.0}, terms=[term("cancel_service")], choice=2)
    assert (got.decision, got.choice) == ("clarify", 2)
    assert intent_of(got) == "choose"


@pytest.mark.parametrize("text", ["", "??", "😀😀", "18600012345"])
def test_a_message_without_words_is_asked_about(text):
    got = decide(replace(reading(subjects={CANCEL: 1.0}), text=text, numbers=("18600012345",)), THRESHOLDS)
    assert got.decision == "clarify"
    assert intent_of(got) == "nlu_fallback"


def test_at_most_three_alternatives_are_offered_the_likeliest_first():
    subjects = {CANCEL: 0.2, SUSPEND: 0.3, CHANGE: 0.15, "operation:relocate": 0.1, "out_of_scope": 0.25}
    got = understand(subjects)
    assert [one.operation for one in got.alternatives] == ["suspend_service", "cancel_service", "change_number"]


@pytest.mark.parametrize(
    "broken", [{}, {"neighbour": 2.0}, {"neighbour": True}, {"clarify": "0.3"}, {"something_else": 0.5}]
)
def test_thresholds_that_cannot_be_are_refused(broken):
    good = {name: getattr(THRESHOLDS, name) for name in Thresholds.__slots__}
    with pytest.raises(ValueError, match="thresholds"):
        Thresholds.of({**good, **broken} if broken else {})
