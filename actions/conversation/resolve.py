"""Decides what a message asks for, from its understanding and the conversation before it."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import product
from typing import Final

from actions.conversation.context import Choice, Context, Request
from actions.understanding import Alternative, Understanding
from knowledge.identifiers import Aspect, Ownership

# A message of at most this many characters may lean on the conversation without saying so.
_SHORT: Final = 16
# A guess of less confidence than this does not change the subject of a conversation.
_UNSURE: Final = 0.75
# 「不是查,是打印」: what is denied is what the conversation was about.
_NOT_BUT: Final = re.compile(r"不是[^,。;?!]{1,8}[,。;]?(?:我|咱)?(?:说的|问的|要的|想)?(?:是|要|问|办)")
# What is asked of something that is known. 「怎么办」 asks it of whatever has just happened.
_SPECIFIC: Final[frozenset[Aspect]] = frozenset(("documents", "conditions", "channels", "fee", "time_limit"))


@dataclass(frozen=True, slots=True)
class Asked:
    """The message asks for these, in this order. `assumed`: that it asks for them was not certain.

    `also`: checks worth telling besides, where the rules say that the first would change anything for them.
    """

    requests: tuple[Request, ...]
    assumed: bool = False
    also: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True)
class AskBack:
    """The message is not clear enough; `aspect` where at least that was said, `alternatives` where there are guesses."""

    aspect: Aspect | None = None
    alternatives: tuple[Alternative, ...] = ()
    ownership: Ownership | None = None


@dataclass(frozen=True, slots=True)
class AskOn:
    """Nothing in the message can be made out, but the conversation has a subject: that may be gone on with."""


@dataclass(frozen=True, slots=True)
class BadChoice:
    """The user picked choice `number`, but only `offered` choices stand."""

    number: int
    offered: int


Resolution = Asked | AskBack | AskOn | BadChoice


def resolve(understanding: Understanding, context: Context, text: str) -> Resolution:
    """What `text` asks for, given its understanding and the conversation so far."""
    picked = _picked(understanding, context, text)
    if picked is not None:
        return picked
    if understanding.decision == "answer" and understanding.topic:
        return Asked((Request(topic=understanding.topic),))
    stays = _stays(understanding, context, text)
    remembered = context.ownership if stays else _remembered_ownership(understanding, context)
    ownership = understanding.ownership or remembered
    if understanding.decision == "answer" and understanding.operations and not stays:
        aspects = _expressed(understanding, context) or _inherited(understanding, context)
        said = () if aspects == ("eligibility",) else understanding.pairs
        pairs = said or tuple(product(understanding.operations, aspects))
        return Asked(tuple(Request(operation=one, aspect=aspect, ownership=ownership) for one, aspect in pairs))
    if corrected := _corrected(understanding, context, text):
        aspects = _expressed(understanding, context) or (context.aspect or "overview",)
        return Asked(tuple(Request(operation=corrected, aspect=one, ownership=ownership) for one in aspects))
    if stays or _goes_on(understanding, context):
        if context.topic:
            return Asked((Request(topic=context.topic),))
        aspects = _expressed(understanding, context) or (context.aspect or "overview",)
        requests = tuple(Request(operation=context.operation, aspect=one, ownership=ownership) for one in aspects)
        return Asked(requests, assumed=stays)
    return _asked_back(understanding, context)


def _corrected(understanding: Understanding, context: Context, text: str) -> str | None:
    """The one operation that is left of the guesses where the message says that the subject so far is not meant."""
    guessed = {one.operation for one in understanding.alternatives}
    if understanding.decision != "clarify" or context.operation not in guessed or not _NOT_BUT.search(text):
        return None
    left = guessed - {context.operation}
    return left.pop() if len(left) == 1 else None


def _asked_back(understanding: Understanding, context: Context) -> AskBack | AskOn:
    """What to ask; a question of ours that stands is asked on with what has been added to it."""
    aspect = next(iter(understanding.aspects), None)
    alternatives = understanding.alternatives
    pending = _pending(context)
    if pending and not alternatives:
        if understanding.ownership and not aspect:
            aspect = pending.aspect
        offered = dict.fromkeys(choice.request.operation for choice in context.choices)
        alternatives = tuple(Alternative(one, None, aspect, 0.0) for one in offered if aspect and one)
    if not (aspect or alternatives or understanding.ownership) and (context.operation or context.topic):
        return AskOn()
    return AskBack(aspect, alternatives, understanding.ownership)


def _picked(understanding: Understanding, context: Context, text: str) -> Asked | BadChoice | None:
    """The choices that the message takes, where it takes any of those offered: by words, by place or by number."""
    offered = context.choices
    if labelled := _label(offered, text):
        return Asked((labelled.request,))
    if (choice := understanding.choice) is not None:
        if not offered or choice > len(offered):
            return BadChoice(choice, len(offered))
        taken = offered if choice == 0 else (offered[choice - 1 if choice > 0 else choice],)
        return Asked(tuple(one.request for one in taken))
    if understanding.small_talk == "affirm" and len(offered) == 1:
        return Asked((offered[0].request,))
    ends = (*understanding.numbers, *understanding.tails)
    meant = [one.request for one in offered if one.request.number and one.request.number.endswith(ends)]
    return Asked(tuple(meant)) if len(meant) == 1 and not understanding.operations else None


def _label(choices: tuple[Choice, ...], text: str) -> Choice | None:
    wanted = _plain(text)
    return next((choice for choice in choices if _plain(choice.label) == wanted), None)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def _remembered_ownership(understanding: Understanding, context: Context) -> Ownership | None:
    """Whose account it is, where it was said before anything was asked, or the message goes on about the same thing.

    A new question gets the answers for both kinds of customer again: an individual must never be taken for a unit.
    """
    if pending := _pending(context):
        return pending.ownership
    same_subject = not understanding.operations or context.operation in (None, *understanding.operations)
    return context.ownership if same_subject or understanding.follow_up else None


def _inherited(understanding: Understanding, context: Context) -> tuple[Aspect, ...]:
    """A message that names only an operation asks what our question was about, or leans on the message before."""
    if pending := _pending(context):
        return (pending.aspect,)
    if understanding.follow_up and context.aspect:
        return (context.aspect,)
    return ("overview",)


def _pending(context: Context) -> Request | None:
    """One of the offered requests where all of them ask the same thing: we have asked back which subject is meant."""
    requests = [choice.request for choice in context.choices if choice.request.operation]
    return requests[0] if len({request.aspect for request in requests}) == 1 else None


def _goes_on(understanding: Understanding, context: Context) -> bool:
    """Whether a message that names no subject says enough to be about the subject of the conversation."""
    guessed = [(one.operation, one.topic) for one in understanding.alternatives]
    if guessed and (context.operation, context.topic) not in guessed:
        return False
    if context.operation is None:
        return bool(context.topic and understanding.aspects)
    return bool(understanding.aspects or understanding.ownership or _checks_again(understanding, context))


def _stays(understanding: Understanding, context: Context, text: str) -> bool:
    """Whether a short question is rather one about the subject of the conversation than what it was guessed to be."""
    guesses = [one.confidence for one in understanding.alternatives]
    confidence = understanding.confidence if understanding.decision == "answer" else max(guesses, default=1.0)
    guessed = not understanding.named and confidence < _UNSURE and len(_plain(text)) <= _SHORT
    return guessed and bool(context.operation and understanding.aspects) and _SPECIFIC.issuperset(understanding.aspects)


def _checks_again(understanding: Understanding, context: Context) -> bool:
    """Whether it is only about which number is to be checked."""
    names_a_number = understanding.numbers or understanding.tails or understanding.other_number
    still_unknown = understanding.follow_up and context.number is None
    return context.aspect == "eligibility" and bool(names_a_number or still_unknown)


def _expressed(understanding: Understanding, context: Context) -> tuple[Aspect, ...]:
    """The aspects asked for; where a number is looked at, 「能销户吗」 asks for a check of it, not for the rules.

    So it does behind 「我现在能换号吗」 in the same message.
    """
    number = understanding.numbers or understanding.tails or context.number
    asks_now = context.aspect == "eligibility" or "eligibility" in understanding.aspects
    if understanding.permission and (number or asks_now):
        return ("eligibility",)
    return understanding.aspects
