"""Replacements in Rasa that cost less: they say what Rasa says."""

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import BotUttered, Event, SlotSet

from bot.fast_rasa import _resolve_by_type, _validate_action_result

SLOT = {"event": "slot", "timestamp": None, "name": "operation", "value": None}
theirs = RemoteAction._validate_action_result
ACTION = RemoteAction("action_answer", None)


def verdict(validate, result):
    try:
        return validate(ACTION, result)
    except ValidationError as error:
        return error.validator, list(error.absolute_path)


@pytest.mark.parametrize(
    "result",
    [
        {},
        {"events": [], "responses": []},
        {"events": [SLOT], "responses": [{"custom": {"text": "好"}}]},
        {"events": [SLOT, {"event": "bot", "text": "好"}], "responses": []},
        {"events": [{"event": "slot", "name": "operation"}], "responses": []},
        {"events": [{"event": "slot", "name": 1, "value": 1}], "responses": []},
        {"events": [{"event": "no_such_event"}], "responses": []},
        {"events": "slot", "responses": []},
        {"events": [SLOT], "responses": ["好"]},
        {"events": [SLOT], "responses": {}},
        {"events": [1], "responses": []},
        [],
        None,
        "好",
    ],
)
def test_a_result_is_judged_as_rasa_judges_it(result):
    assert verdict(_validate_action_result, result) == verdict(theirs, result)


def test_an_event_is_the_class_that_rasa_finds():
    assert _resolve_by_type("slot") is SlotSet
    assert _resolve_by_type("bot", SlotSet) is BotUttered
    assert _resolve_by_type("topic") is Event.resolve_by_type("topic") is None
    assert _resolve_by_type("no_such_event", SlotSet) is SlotSet
    with pytest.raises(ValueError, match="no_such_event"):
        _resolve_by_type("no_such_event")
