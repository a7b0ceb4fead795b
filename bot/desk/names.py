"""What the interface calls operations, aspects and topics: by name, and with the question that asks for them."""

from typing import cast

from actions.conversation.wording import aspect_label
from knowledge.identifiers import Aspect
from knowledge.model import RuleBase


def subject(rules: RuleBase, operation: str | None, topic: str | None) -> str:
    """The name of an operation or topic; one that is no longer in the rules stays as it is."""
    if topic:
        return rules.topics[topic].name if topic in rules.topics else topic
    if operation:
        return rules.operations[operation].name if operation in rules.operations else operation
    return ""


def question(rules: RuleBase, operation: str | None, aspect: str | None, topic: str | None) -> str:
    """The question that asks for it; its name where it has no aspect."""
    name = subject(rules, operation, topic)
    return aspect_label(name, cast(Aspect, aspect)) if operation and aspect and not topic else name


def aspect_name(rules: RuleBase, aspect: str) -> str:
    """The Chinese name of an aspect."""
    return rules.wording.aspects.get(aspect, aspect)
