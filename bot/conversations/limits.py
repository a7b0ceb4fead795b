"""The bounds and the patience of the conversation room."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """How much at once, and how long; seconds where nothing else is said.

    Args:
        capacity: messages that one gateway takes before it says that it is busy.
        in_conversation: messages that may wait in one conversation.
        streams: event streams of one conversation at one gateway.
        attempt: how long the assistant may take for one answer before it is asked again.
        slow: after how long the customer is told that it takes longer than usual.
        give_up: how long a message waits for an answer at all.
        first_pause: the pause after the first failed attempt; it doubles with each further one.
        longest_pause: at most so long.
        poll: how often the database is asked for what other gateways wrote.
        grace: how long running answers get when the gateway stops.
        handoff_idle: after how long a person who has a conversation, and does nothing, loses it.
        handoff_gone: after how long a person whose console is closed loses a conversation to the queue.
        presence: how long a console that was seen counts as open.
        retention: how long a conversation is kept after its last entry.
    """

    capacity: int = 200
    in_conversation: int = 20
    streams: int = 6
    attempt: float = 30.0
    slow: float = 4.0
    give_up: float = 600.0
    first_pause: float = 0.5
    longest_pause: float = 15.0
    poll: float = 1.0
    grace: float = 4.0
    handoff_idle: timedelta = timedelta(minutes=10)
    handoff_gone: timedelta = timedelta(minutes=2)
    presence: timedelta = timedelta(seconds=60)
    retention: timedelta = timedelta(days=180)
