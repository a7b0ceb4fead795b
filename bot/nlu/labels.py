"""What a training example teaches: its subject (what it is about) and its aspect (what it asks about that)."""

from typing import Any, Final, get_args

from knowledge.identifiers import ASPECTS, Aspect

# Subjects that are neither an operation nor a topic.
FRAGMENT: Final = "fragment"
CHOOSE: Final = "choose"
OTHER_SERVICE: Final = "other_service"
OUT_OF_SCOPE: Final = "out_of_scope"
HANDOFF: Final = "handoff"
SMALL_TALK: Final = ("greet", "thank", "goodbye", "ask_bot", "abuse", "affirm", "deny")

TOPIC_INTENT: Final = "ask_topic"
OWNERSHIP_INTENT: Final = "state_ownership"
FALLBACK_INTENT: Final = "nlu_fallback"

_OPERATION: Final = "operation:"
_TOPIC: Final = "topic:"
_ASPECT_OF_INTENT: Final[dict[str, Aspect]] = {f"ask_{aspect}": aspect for aspect in get_args(Aspect)}


class LabelError(ValueError):
    """A training example whose intent and metadata do not belong together."""


def aspect_intent(aspect: Aspect | None) -> str:
    """The intent of a message that asks for `aspect`; nothing said means the overview."""
    return f"ask_{aspect or ASPECTS[0]}"


def operation_subject(operation: str) -> str:
    """The subject label of an operation."""
    return _OPERATION + operation


def topic_subject(topic: str) -> str:
    """The subject label of a topic."""
    return _TOPIC + topic


def operation_of(subject: str) -> str | None:
    """The operation a subject label names, if it names one."""
    return subject.removeprefix(_OPERATION) if subject.startswith(_OPERATION) else None


def topic_of(subject: str) -> str | None:
    """The topic a subject label names, if it names one."""
    return subject.removeprefix(_TOPIC) if subject.startswith(_TOPIC) else None


def is_answerable(subject: str) -> bool:
    """Whether the rule base may answer this subject."""
    return subject.startswith((_OPERATION, _TOPIC))


def labels_of(intent: str, metadata: Any) -> tuple[str, Aspect | None]:
    """(subject, aspect) of a training example with this intent and this block metadata.

    Raises `LabelError` for an example that could not be learnt from.
    """
    # Rasa's YAML reader hands block metadata to every example under "intent".
    block = metadata.get("intent") if isinstance(metadata, dict) else None
    block = block if isinstance(block, dict) else {}
    operation, topic = block.get("operation"), block.get("topic")
    aspect = _ASPECT_OF_INTENT.get(intent)
    if intent == TOPIC_INTENT:
        if not topic:
            raise LabelError(f"意图 {intent} 的训练句缺少 metadata 里的 topic。")
        return topic_subject(topic), None
    if aspect is not None and operation:
        return operation_subject(operation), aspect
    if operation or topic:
        raise LabelError(f"意图 {intent} 的训练句不应带 metadata {block}。")
    if aspect is not None:
        return FRAGMENT, aspect
    if intent == OWNERSHIP_INTENT:
        return FRAGMENT, None
    if intent in (CHOOSE, OTHER_SERVICE, OUT_OF_SCOPE, HANDOFF, *SMALL_TALK):
        return intent, None
    raise LabelError(f"训练句的意图 {intent} 不认识。")
