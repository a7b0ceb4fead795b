"""Decides what a message asks for, from its understanding and the conversation before it."""

import unicodedata
from dataclasses import dataclass

from actions.conversation.context import Choice, Context, Request
from actions.understanding import Alternative, Understanding
from knowledge.identifiers import Aspect, Ownership

# More than this many answers in one reply is no longer read by anybody.
MAX_REQUESTS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """The message asks for these."""

    requests: tuple[Request, ...]


@dataclass(frozen=True, slots=True)
class AskBack:
    """The message is not clear enough; `aspect` where at least that was said, `alternatives` where there are guesses."""

    aspect: Aspect | None = None
    alternatives: tuple[Alternative, ...] = ()
    ownership: Ownership | None = None


@dataclass(frozen=True, slots=True)
class BadChoice:
    """The user picked choice `number`, but only `offered` choices stand."""

    number: int
    offered: int


Resolution = Asked | AskBack | BadChoice


def resolve(understanding: Understanding, context: Context, text: str) -> Resolution:
    """What `text` asks for, given its understanding and the conversation so far."""
    chosen = _label(context.choices, text)
    if chosen:
        return Asked((chosen.request,))
    if understanding.choice is not None:
        if not 1 <= understanding.choice <= len(context.choices):
            return BadChoice(understanding.choice, len(context.choices))
        return Asked((context.choices[understanding.choice - 1].request,))
    if understanding.small_talk == "affirm" and len(context.choices) == 1:
        return Asked((context.choices[0].request,))

    ownership = understanding.ownership or _remembered_ownership(understanding, context)
    if understanding.decision == "answer" and understanding.topic:
        return Asked((Request(topic=understanding.topic),))
    if understanding.decision == "answer" and understanding.operations:
        aspects = understanding.aspects or _inherited(understanding, context)
        return Asked(_product(understanding.operations, aspects, ownership))
    if context.operation and (understanding.aspects or understanding.ownership) and not understanding.alternatives:
        aspects = understanding.aspects or (context.aspect or "overview",)
        return Asked(_product((context.operation,), aspects, ownership))
    aspect = understanding.aspects[0] if understanding.aspects else None
    return AskBack(aspect, understanding.alternatives, understanding.ownership)


def _label(choices: tuple[Choice, ...], text: str) -> Choice | None:
    wanted = _plain(text)
    return next((choice for choice in choices if _plain(choice.label) == wanted), None)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _remembered_ownership(understanding: Understanding, context: Context) -> Ownership | None:
    """Whose account it is, where the message goes on about the same thing.

    A new question gets the answers for both kinds of customer again: an individual must never be taken for a unit.
    """
    same_subject = not understanding.operations or context.operation in understanding.operations
    return context.ownership if same_subject or understanding.follow_up else None


def _inherited(understanding: Understanding, context: Context) -> tuple[Aspect, ...]:
    """A message that names only an operation asks the same thing of it when it leans on the message before."""
    if understanding.follow_up and context.aspect:
        return (context.aspect,)
    return ("overview",)


def _product(
    operations: tuple[str, ...], aspects: tuple[Aspect, ...], ownership: Ownership | None
) -> tuple[Request, ...]:
    requests = [
        Request(operation=operation, aspect=aspect, ownership=ownership)
        for operation in operations
        for aspect in aspects
    ]
    return tuple(requests[:MAX_REQUESTS])
