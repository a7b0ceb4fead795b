import pytest

from bot.nlu.labels import LabelError, is_answerable, labels_of, operation_of, topic_of


@pytest.mark.parametrize(
    ("intent", "block", "labels"),
    [
        ("ask_fee", {"operation": "cancel_service"}, ("operation:cancel_service", "fee")),
        ("ask_topic", {"topic": "data_cap"}, ("topic:data_cap", None)),
        ("ask_fee", None, ("fragment", "fee")),
        ("state_ownership", None, ("fragment", None)),
        ("out_of_scope", None, ("out_of_scope", None)),
        ("greet", None, ("greet", None)),
        ("choose", None, ("choose", None)),
    ],
)
def test_an_example_teaches_a_subject_and_an_aspect(intent, block, labels):
    metadata = {"intent": block} if block else None
    assert labels_of(intent, metadata) == labels


@pytest.mark.parametrize(
    ("intent", "block"),
    [
        ("ask_topic", None),
        ("ask_topic", {"operation": "cancel_service"}),
        ("ask_fee", {"topic": "data_cap"}),
        ("greet", {"operation": "cancel_service"}),
        ("no_such_intent", None),
    ],
)
def test_an_example_that_contradicts_itself_is_refused(intent, block):
    with pytest.raises(LabelError, match=intent):
        labels_of(intent, {"intent": block})


def test_only_operations_and_topics_are_answered_from_the_rules():
    assert operation_of("operation:relocate") == "relocate"
    assert operation_of("topic:data_cap") is None
    assert topic_of("topic:data_cap") == "data_cap"
    assert topic_of("greet") is None
    assert [is_answerable(one) for one in ("operation:x", "topic:x", "fragment", "greet")] == [True, True, False, False]
