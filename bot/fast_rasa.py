"""Makes Rasa's server spend less on each message; what it does stays the same.

Measured on whole conversations, two thirds of a message's time went into checking Rasa's own JSON schema against the
schema of schemas, again for every action. What is replaced here is only work whose result never changes.

Import it after `bot.lean_rasa.import_rasa`.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import rasa.core.processor
from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.events import Event

_Plan = Sequence[tuple[str, GraphNode, tuple[str, ...]]]
_resolve: Final = Event.resolve_by_type


def speed_up() -> None:
    """Puts the replacements into Rasa; call it before a model is loaded."""
    RemoteAction._validate_action_result = _validate_action_result
    Event.resolve_by_type = staticmethod(_resolve_by_type)
    rasa.core.processor.DaskGraphRunner = PlannedGraphRunner


@cache
def _action_results() -> Any:
    """The validator of what an action server returns; its schema is checked here, once."""
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)
    validator.check_schema(schema)
    return validator(schema)


def _validate_action_result(_action: RemoteAction, result: Any) -> bool:
    """Whether it is a result; raises the validation error where it is not, as Rasa does."""
    if not _is_plain(result):
        try:
            _action_results().validate(result)
        except ValidationError as error:
            error.message += (
                ". The action server's response does not have the form that Rasa's documentation describes."
            )
            raise
    return True


def _is_plain(result: Any) -> bool:
    """Whether it sets slots and sends messages and nothing else, which is what nearly every action does.

    The schema lets every such result pass; it needs 4 ms to find out, because it compares each event with all kinds.
    """
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events"), result.get("responses")
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(isinstance(one, dict) for one in responses)
        and all(
            isinstance(one, dict) and one.get("event") == "slot" and isinstance(one.get("name"), str) and "value" in one
            for one in events
        )
    )


@cache
def _event_class(type_name: str) -> type[Event] | None:
    try:
        found: type[Event] | None = _resolve(type_name)
    except ValueError:
        return None
    return found


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """The class of an event; Rasa walks the tree of all classes for each of them."""
    known = _event_class(type_name)
    if known is not None:
        return known
    found: type[Event] | None = _resolve(type_name, default)
    return found


class PlannedGraphRunner(DaskGraphRunner):  # type: ignore[misc]  # Rasa has no type information
    """Runs the nodes of a model one after the other in an order worked out once, instead of once a message."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the targets, by node."""
        wanted = tuple(targets or self._graph_schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        results: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, node, needs in self._plans[wanted]:
                results[name] = node(*(results.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(results[target] for target in wanted)

    def _plan(self, targets: tuple[str, ...]) -> _Plan:
        """Every node that the targets need, after the nodes that it needs itself."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        plan: dict[str, tuple[str, GraphNode, tuple[str, ...]]] = {}

        def add(name: str) -> None:
            if name in plan or name not in nodes:  # a placeholder for what the caller passes in
                return
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                add(need)
            plan[name] = (name, self._instantiated_nodes[name], needs)

        for target in targets:
            add(target)
        return tuple(plan.values())
