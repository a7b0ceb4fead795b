import pytest

from benchmarks.nlu_compare.guess import Guess, figures, intent
from bot.nlu.evaluation import Labelled

RANKING = [("operation:cancel_service+fee", 0.4), ("operation:replace_sim+fee", 0.35), ("operation:replace_sim", 0.2)]


def question(subject: str | None, decision: str = "answer") -> Labelled:
    subjects = frozenset([subject] if subject else [])
    return Labelled("话", subject is not None, subject or decision, subjects, frozenset(), frozenset([decision]))


def test_the_likeliest_intent_is_answered_from_the_threshold_on():
    got = Guess.of_intents(RANKING, 0.4).given()
    assert (got.decision, got.operations, got.aspects) == ("answer", ("cancel_service",), ("fee",))


def test_below_it_the_first_three_of_ours_are_offered_each_once():
    ranking = [*RANKING, ("greet", 0.03), ("topic:leased_line", 0.02), ("operation:relocate", 0.01)]
    got = Guess.of_intents(ranking, 0.7).given()
    assert got.decision == "clarify"
    offered = [one.operation or one.topic for one in got.alternatives]
    assert offered == ["cancel_service", "replace_sim", "leased_line"]


def test_at_a_chosen_threshold_intents_of_one_operation_count_together():
    got = Guess.of_intents(RANKING, 0.7).at(0.5)
    assert (got.decision, got.operations, got.aspects) == ("answer", ("replace_sim",), ("fee",))


@pytest.mark.parametrize(
    ("subject", "decision", "small_talk"),
    [("greet", "chitchat", "greet"), ("other_service", "other_service", None), ("out_of_scope", "out_of_scope", None)],
)
def test_what_is_not_ours_gets_its_own_decision(subject, decision, small_talk):
    got = Guess.of_intents([(subject, 0.9)], 0.7).given()
    assert (got.decision, got.small_talk) == (decision, small_talk)


def test_two_heads_give_a_topic_no_aspect():
    got = Guess.of_heads({"topic:leased_line": 0.8, "greet": 0.1}, {"fee": 0.9}, 0.5).given()
    assert (got.topic, got.aspects) == ("leased_line", ())


def test_an_intent_holds_subject_and_aspect():
    assert intent("operation:relocate", "fee") == "operation:relocate+fee"
    assert intent("greet", None) == "greet"


def test_a_higher_threshold_gives_fewer_answers_right_and_false():
    sure = Guess.of_intents([("operation:relocate", 0.9)], 0.5)
    unsure = Guess.of_intents([("operation:relocate", 0.6)], 0.5)
    found = figures([question("relocate"), question(None, "out_of_scope")], [sure, unsure])
    assert found["given"]["right"] == 1.0
    assert found["given"]["false_answers"] == 1.0
    assert found["at"]["0.7"]["right"] == 1.0
    assert found["at"]["0.7"]["false_answers"] == 0.0
    assert found["at"]["0.99"]["right"] == 0.0
