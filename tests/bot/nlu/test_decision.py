from dataclasses import replace

import pytest

from bot.nlu.calibration import Calibration
from bot.nlu.decision import Thresholds, decide, intent_of
from bot.nlu.evidence import Trust
from bot.nlu.reading import Reading
from bot.nlu.terms import Found

THRESHOLDS = Thresholds(
    answer_with_term=0.2,
    answer_with_neighbour=0.3,
    answer_foreign=0.9,
    neighbour=0.3,
    clarify=0.3,
    alternative=0.02,
    second_operation=0.05,
    clause=0.8,
    second_aspect=0.01,
    unworded_aspect=0.6,
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


def test_a_foreign_thing_does_not_hide_what_is_very_sure():
    got = understand({CHANGE: 0.95, "out_of_scope": 0.05}, nearest={CHANGE: 0.9}, foreign=True)
    assert got.operations == ("change_number",)


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


def test_the_same_for_somebody_else_asks_for_no_other_aspect():
    got = understand({"fragment": 0.9}, aspects={"conditions": 1.0}, ownership="individual", follow_up=True)
    assert (got.aspects, got.ownership) == ((), "individual")
    worded = {"aspects": {"fee": 1.0}, "cued_aspects": ("fee",), "ownership": "individual", "follow_up": True}
    assert understand({"fragment": 0.9}, **worded).aspects == ("fee",)


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


def test_calibrated_confidence_decides_and_is_what_is_said():
    timid = reading(subjects={CANCEL: 0.15, "out_of_scope": 0.85}, terms=[term("cancel_service")])
    trust = Trust(Calibration((1.0, 0.0, 0.0, 0.0, 0.0), 3.0), Calibration.unlearnt(4))
    assert decide(timid, THRESHOLDS).decision == "out_of_scope"
    got = decide(timid, THRESHOLDS, trust)
    assert (got.decision, got.confidence) == ("answer", pytest.approx(0.78, abs=0.01))


def test_choices_share_the_confidence_that_it_is_ours():
    trust = Trust(Calibration.unlearnt(5), Calibration((1.0, 0.0, 0.0, 0.0), 2.0))
    got = decide(reading(subjects={CANCEL: 0.3, SUSPEND: 0.1, "out_of_scope": 0.6}), THRESHOLDS, trust)
    assert got.decision == "clarify"
    assert got.confidence == pytest.approx(0.83, abs=0.01)
    assert sum(one.confidence for one in got.alternatives) == pytest.approx(got.confidence, abs=1e-3)


def test_operations_that_stand_in_one_list_are_all_asked_for():
    subjects = {SUSPEND: 0.01, CANCEL: 0.99}
    terms = [term("suspend_service", 0), term("cancel_service", 3)]
    assert understand(subjects, text="保号和销户呢", terms=terms).operations == ("suspend_service", "cancel_service")
    assert understand(subjects, text="保号啊销户呢", terms=terms).operations == ("cancel_service",)


@pytest.mark.parametrize(
    ("places", "pairs"),
    [
        ([(2, "documents"), (7, "fee")], (("suspend_service", "documents"), ("cancel_service", "fee"))),
        ([(7, "documents"), (9, "fee")], ()),
        ([(2, "documents")], ()),
    ],
)
def test_each_operation_gets_the_question_that_stands_with_it(places, pairs):
    got = understand(
        {SUSPEND: 0.5, CANCEL: 0.5},
        terms=[term("suspend_service", 0), term("cancel_service", 5)],
        aspects={"documents": 0.5, "fee": 0.5},
        cued_aspects=("documents", "fee"),
        aspect_places=places,
    )
    assert got.pairs == pairs


def test_a_question_of_its_own_needs_no_probability():
    aspects = {"documents": 0.999, "eligibility": 0.0001, "fee": 0.0009}
    got = understand(
        {CANCEL: 1.0},
        terms=[term("cancel_service")],
        aspects=aspects,
        questions=[(0, 4, "eligibility"), (5, 9, "documents")],
    )
    assert got.aspects == ("documents", "eligibility")
    got = understand({CANCEL: 1.0}, terms=[term("cancel_service")], aspects=aspects, questions=[(0, 4, "eligibility")])
    assert got.aspects == ("documents",)


def test_several_questions_are_answered_in_their_order():
    aspects = {"fee": 0.7, "documents": 0.3}
    asked = [(0, 4, "documents"), (5, 9, "fee")]
    cued = ("documents", "fee")
    got = understand({CANCEL: 1.0}, terms=[term("cancel_service")], aspects=aspects, questions=asked, cued_aspects=cued)
    assert got.aspects == ("documents", "fee")


@pytest.mark.parametrize(("likelihood", "aspects"), [(0.59, ("fee",)), (0.61, ("procedure", "fee"))])
def test_what_no_word_asks_for_gives_way_to_a_question_in_so_many_words(likelihood, aspects):
    got = understand(
        {CANCEL: 1.0},
        terms=[term("cancel_service")],
        aspects={"procedure": likelihood, "fee": 1 - likelihood},
        questions=[(0, 4, "fee")],
        cued_aspects=("fee",),
    )
    assert got.aspects == aspects


def test_an_operation_in_a_question_of_its_own_is_answered_however_unlikely_beside_the_other():
    terms = [term("suspend_service", 0), term("cancel_service", 7)]
    asked = [(0, 6, "documents"), (7, 12, "fee")]
    subjects = {SUSPEND: 0.97, CANCEL: 0.01, "out_of_scope": 0.02}
    assert understand(subjects, terms=terms, questions=asked).operations == ("suspend_service", "cancel_service")
    assert understand(subjects, terms=terms, questions=asked[:1]).operations == ("suspend_service",)


def test_a_bare_question_waits_for_the_conversation_whatever_it_resembles():
    subjects = {"out_of_scope": 0.9, CANCEL: 0.1}
    got = understand(subjects, text="在哪", only_asks=True, cued_aspects=("channels",))
    assert (got.decision, got.aspects) == ("clarify", ("channels",))
    assert understand({CANCEL: 1.0}, terms=[term("cancel_service")], only_asks=True).decision == "answer"


def test_politeness_beside_a_question_does_not_hide_the_question():
    got = understand({"thank": 0.9, "out_of_scope": 0.1}, questions=[(3, 8, "time_limit")])
    assert (got.decision, got.aspects, got.small_talk) == ("clarify", ("time_limit",), None)


def test_a_telephone_number_that_is_only_pointed_at_is_no_question():
    subjects = {"out_of_scope": 0.9, CANCEL: 0.1}
    got = understand(subjects, text="那尾号0102的呢", tails=("0102",))
    assert (got.decision, got.tails, got.aspects) == ("clarify", ("0102",), ())
    assert understand(subjects, text="18600012345是谁的", numbers=("18600012345",)).decision == "out_of_scope"


def test_it_is_said_whether_the_subject_was_named():
    assert understand({CANCEL: 1.0}, terms=[term("cancel_service")]).named
    assert not understand({CANCEL: 1.0}, nearest={CANCEL: 0.9}).named


@pytest.mark.parametrize(
    "broken", [{}, {"neighbour": 2.0}, {"neighbour": True}, {"clarify": "0.3"}, {"something_else": 0.5}]
)
def test_thresholds_that_cannot_be_are_refused(broken):
    good = {name: getattr(THRESHOLDS, name) for name in Thresholds.__slots__}
    with pytest.raises(ValueError, match="thresholds"):
        Thresholds.of({**good, **broken} if broken else {})


def test_a_name_with_a_question_and_nothing_else_is_answered_whatever_it_resembles():
    subjects = {"operation:new_connection": 0.03, "other_service": 0.97}
    named = [term("new_connection")]
    got = understand(subjects, text="入网费是多少", terms=named, cued_aspects=("fee",))
    assert (got.decision, got.operations, got.aspects) == ("answer", ("new_connection",), ("fee",))
    assert understand(subjects, text="入网送手机是多少", terms=named).decision == "other_service"


def test_a_subject_is_called_by_its_name_only_where_that_name_is_its_own():
    subjects = {CANCEL: 0.99, SUSPEND: 0.01}
    assert understand(subjects, terms=[term("cancel_service")]).named
    assert not understand(subjects, terms=[term("suspend_service")], nearest={CANCEL: 0.9}).named


def test_a_bare_word_of_several_operations_is_asked_back_whatever_it_resembles():
    got = understand(
        {CANCEL: 0.9, SUSPEND: 0.1}, nearest={CANCEL: 1.0}, half_said=("suspend_service", "cancel_service")
    )
    assert (got.decision, got.operations) == ("clarify", ())
    assert [one.operation for one in got.alternatives] == ["suspend_service", "cancel_service"]
