"""Between Rasa and the conversation room: a tracker in, one reply message and slot events out."""

import asyncio
import contextvars
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.context import Context, from_slots
from actions.conversation.respond import Turn
from actions.identity import from_metadata
from actions.reply import Reply
from actions.settings import today
from actions.understanding import KEY, Understanding, from_json

# Many more than processors: most of them wait for a billing system while the others answer from the rules.
_THREADS: Final = ThreadPoolExecutor(64, thread_name_prefix="answer")


def turn_of(tracker: Tracker) -> Turn:
    """The message that the tracker saw last. Identity is taken from the channel's metadata and from nowhere else."""
    message = tracker.latest_message or {}
    understanding = message.get(KEY)
    metadata = message.get("metadata") or {}
    return Turn(
        text=message.get("text") or "",
        understanding=from_json(understanding) if understanding else Understanding(decision="clarify"),
        context=from_slots(tracker.slots),
        identity=from_metadata(metadata.get("identity")),
        on=today(),
    )


async def send(
    dispatcher: CollectingDispatcher, tracker: Tracker, answer: Callable[[Turn], tuple[Reply, Context]]
) -> list[dict[str, Any]]:
    """Sends the one reply of this turn and returns the events that remember its subject.

    The answer may read files and wait for account sources, so it is computed outside the event loop.
    """
    run = contextvars.copy_context().run
    reply, context = await asyncio.get_running_loop().run_in_executor(_THREADS, run, answer, turn_of(tracker))
    dispatcher.utter_message(json_message=reply.to_json())
    return [SlotSet(name, value) for name, value in context.to_slots().items()]
