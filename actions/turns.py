"""Between Rasa and the conversation room: a tracker in, one reply message and slot events out."""

import asyncio
import contextvars
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, Final

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.context import Context, from_slots
from actions.conversation.respond import Turn
from actions.identity import Identity, mask_number
from actions.privacy.envelope import SEALED, Envelope, seal_reply, take_out
from actions.privacy.masking import stand_in
from actions.privacy.sealing import SealError, seal, unseal
from actions.reply import Reply
from actions.settings import today
from actions.understanding import KEY, Understanding, from_json

# Many more than processors: most of them wait for a billing system while the others answer from the rules.
_THREADS: Final = ThreadPoolExecutor(64, thread_name_prefix="answer")


# The slots that hold numbers in clear, and the words of customers' choices.
_SEALED_SLOTS: Final = ("number", "choices")


def turn_of(tracker: Tracker) -> Turn:
    """The message that the tracker saw last, with its numbers in clear.

    Identity is taken from the sealed envelope of the channel and from nowhere else.
    """
    message = tracker.latest_message or {}
    understanding = message.get(KEY)
    envelope = take_out(tracker.sender_id, message.get("metadata"))
    context = from_slots(_opened(tracker.slots, tracker.sender_id))
    said = from_json(understanding) if understanding else Understanding(decision="clarify")
    return Turn(
        text=message.get("text") or "",
        understanding=_in_clear(said, envelope, context),
        context=context,
        identity=envelope.identity,
        on=today(),
    )


def _in_clear(said: Understanding, envelope: Envelope, context: Context) -> Understanding:
    """The understanding with the numbers that stand behind the masked ones, each once.

    Somebody who types a masked number means the one that they have seen so: their own, or the one talked about. Where
    there is none, it is no more to staff than the end of a number.
    """
    identity = envelope.identity or Identity(role="customer")
    meant = {mask_number(number): number for number in (*identity.numbers, *filter(None, (context.number,)))}
    meant |= envelope.numbers
    clear = {stand_in(form): number for form, number in meant.items()}
    numbers: dict[str, None] = {}
    tails = list(said.tails)
    for number in said.numbers:
        digits = number.partition("#")[0]
        if number in clear:
            numbers[clear[number]] = None
        elif identity.role == "staff":
            tails.append(digits[-len(mask_number(digits).rpartition("*")[2]) :])
        else:
            # Nobody's: the digits between are ours.
            numbers[mask_number(digits)] = None
    return replace(said, numbers=tuple(numbers), tails=tuple(tails))


def _opened(slots: Mapping[str, Any], conversation: str) -> dict[str, Any]:
    """The slots with what is sealed in them; nothing is left of a slot that was not sealed for this conversation."""
    opened = dict(slots)
    for name in _SEALED_SLOTS:
        try:
            opened[name] = unseal(slots[name], conversation) if slots.get(name) is not None else None
        except SealError:
            opened[name] = None
    return opened


def _sealed(slots: Mapping[str, Any], conversation: str) -> dict[str, Any]:
    return {
        name: seal(value, conversation) if name in _SEALED_SLOTS and value else value for name, value in slots.items()
    }


async def send(
    dispatcher: CollectingDispatcher, tracker: Tracker, answer: Callable[[Turn], tuple[Reply, Context]]
) -> list[dict[str, Any]]:
    """Sends the one reply of this turn and returns the events that remember its subject.

    The answer may read files and wait for account sources, so it is computed outside the event loop.
    """
    run = contextvars.copy_context().run
    turn = turn_of(tracker)
    reply, context = await asyncio.get_running_loop().run_in_executor(_THREADS, run, answer, turn)
    message = {**reply.to_json(), KEY: {**turn.understanding.to_trace(), "asked": reply.asked}}
    # Without an envelope it is somebody at Rasa's own shell: there is nobody known, and nobody to open a reply.
    has_envelope = SEALED in ((tracker.latest_message or {}).get("metadata") or {})
    dispatcher.utter_message(json_message=seal_reply(tracker.sender_id, message) if has_envelope else message)
    return [SlotSet(name, value) for name, value in _sealed(context.to_slots(), tracker.sender_id).items()]
