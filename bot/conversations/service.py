"""Conversations: takes messages, has them answered once and in order, and tells everybody who follows them.

A message is in the database, masked, before anything else happens to it. From there it is answered by the gateway that
leased it, or by another one when that gateway is gone, so that an answer may be late but is never lost or doubled.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal, ParamSpec, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from actions.identity import Identity
from bot.assistant import Assistant
from bot.conversations.answering import Answering
from bot.conversations.desk_hours import DeskHours
from bot.conversations.entries import Entry, Outcome
from bot.conversations.handoffs import Handoff, Handoffs, HandoffState, find_handoff, open_handoffs
from bot.conversations.hub import Hub
from bot.conversations.limits import Limits
from bot.conversations.reading import Glance, glance, newest, outcome, versions
from bot.conversations.sealed import Mask, Said, Seal, Unseal, sealed_for
from bot.conversations.store import ConversationStore, Speaker, TooManyWaitingError
from bot.conversations.wording import say

P = ParamSpec("P")
T = TypeVar("T")
logger = logging.getLogger("bot.conversations")

Status = Literal["idle", "typing", "slow", "waiting"]
# How long a stream is left alone at most before it looks after itself (the session, the place in the queue).
_TICK_SECONDS: Final = 5.0
_PURGE_SECONDS: Final = 3600.0


class BusyError(Exception):
    """No more messages are taken now; nothing has been stored."""


class TooManyStreamsError(Exception):
    """The conversation has as many streams at this gateway as it may have."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A message that was taken. `known`: its result, where this gateway will know it first."""

    entry: int
    conversation: str
    known: asyncio.Future[Outcome | None] | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Something may have happened, or nothing has for a while: the time to look whether the session still lives."""


Event = Entry | HandoffState | Status | Tick


class Conversations:
    """All conversations, as one gateway sees them.

    Args:
        store: the database.
        assistant: what answers.
        mask: what is kept of a text.
        seal: puts the clear form of a waiting message into a text that only `unseal` reads.
        unseal: the reverse; raises anything for what it did not make.
        limits: bounds and patience.
        desk_hours: when a person can be asked for.
    """

    def __init__(
        self,
        store: ConversationStore,
        assistant: Assistant,
        *,
        mask: Mask,
        seal: Seal,
        unseal: Unseal,
        limits: Limits | None = None,
        desk_hours: DeskHours | None = None,
    ) -> None:
        self.store = store
        self.limits = limits or Limits()
        self._mask = mask
        self._seal = seal
        self._desk_hours = desk_hours or DeskHours()
        self._hub = Hub()
        self._handoffs = Handoffs(store)
        self._answering = Answering(store, self._hub, assistant, mask, unseal, self.limits)
        self._arriving = 0
        self._streams: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    # Life

    async def start(self) -> None:
        """Takes up what is waiting, and goes on doing so."""
        self._tasks = [
            asyncio.create_task(self._forever(work, seconds))
            for work, seconds in (
                (self._look_around, self.limits.poll),
                (self._answering.renew, self.store.lease_seconds / 4),
                (self._tend_handoffs, _TICK_SECONDS),
                (self._purge, _PURGE_SECONDS),
            )
        ]

    def end_streams(self) -> None:
        """Ends all streams, and takes no more messages; the first step of a stop."""
        self._stopping = True
        self._hub.close()

    async def stop(self) -> None:
        """Gives running answers their time; waiting messages stay in the database."""
        self.end_streams()
        for task in self._tasks:
            # The leases of what still runs are renewed until the end.
            if task is not self._tasks[1]:
                task.cancel()
        try:
            await self._answering.stop(self.limits.grace)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await asyncio.to_thread(self.store.engine.dispose)

    # Messages

    @property
    def waiting(self) -> int:
        """How many messages this gateway has taken and not answered yet."""
        return self._answering.load + self._arriving

    @property
    def stopping(self) -> bool:
        """Whether this gateway takes nothing any more because it ends."""
        return self._stopping

    @property
    def has_room(self) -> bool:
        """Whether another message would be taken."""
        return not self._stopping and self.waiting < self.limits.capacity

    async def submit(
        self, conversation: str, identity: Identity | None, text: str, client_id: str, channel: str
    ) -> Ticket:
        """Stores a message and has it answered, unless the client has sent one with this id before.

        Raises `BusyError`, and then nothing is stored.
        """
        if not self.has_room:
            raise BusyError
        said = Said(text, identity)
        self._arriving += 1
        try:
            submitted = await asyncio.to_thread(
                lambda: self.store.submit(
                    conversation,
                    _speaker(identity, channel),
                    client_id,
                    self._mask(text).text,
                    self._seal(said.to_json(), sealed_for(conversation)),
                    self._answering.owner,
                    self.limits.in_conversation,
                )
            )
        except TooManyWaitingError as error:
            raise BusyError from error
        finally:
            self._arriving -= 1
        known = self._answering.accept(conversation, submitted, said)
        self._hub.wake(conversation)
        return Ticket(submitted.entry, conversation, known)

    async def outcome(self, ticket: Ticket) -> Outcome:
        """What becomes of a message: waits until it is answered, failed, or given to a person.

        `waiting` where the gateway stops before that.
        """
        if ticket.known is not None:
            known = await asyncio.shield(ticket.known)
            if known is not None:
                return known
        with self._hub.watch(ticket.conversation) as watch:
            while True:
                found = await self.present_outcome(ticket)
                if found.state != "waiting" or watch.closed:
                    return found
                await watch.news(_TICK_SECONDS)

    async def present_outcome(self, ticket: Ticket) -> Outcome:
        """What has become of a message so far."""
        found = await asyncio.to_thread(outcome, self.store.engine, ticket.entry)
        return found or Outcome("failed")

    async def withdraw(self, ticket: Ticket) -> None:
        """Gives a message up whose sender has been told that there is no answer."""
        if await asyncio.to_thread(self.store.withdraw, ticket.conversation, ticket.entry):
            self._answering.abandon(ticket.entry)
            self._hub.wake(ticket.conversation)

    async def judge(self, conversation: str, place: int, score: str, reason: str | None, comment: str | None) -> bool:
        """Keeps what a user thinks of an answer; False for what is no answer of this conversation."""
        masked = self._mask(comment).text if comment else None
        return await asyncio.to_thread(self.store.judge, conversation, place, score, reason, masked)

    # Following

    async def look(self, conversation: str, after: int | None) -> tuple[Glance, Status]:
        """What was said after an entry (the newest entries where it is None), and how things stand."""
        found = await asyncio.to_thread(glance, self.store.engine, conversation, after)
        return found, self._status(found)

    async def subscribe(self, conversation: str, after: int) -> AsyncGenerator[Event, None]:
        """Everything that is said after an entry, as it is said; states first once, then when they change.

        Ends when the gateway stops. Between two events no connection of the database is held. Raises
        `TooManyStreamsError`.
        """
        if self._streams[conversation] >= self.limits.streams:
            raise TooManyStreamsError
        self._streams[conversation] += 1
        try:
            with self._hub.watch(conversation) as watch:
                # An id from somewhere else must not hide what is said here next.
                cursor = min(after, await asyncio.to_thread(newest, self.store.engine, conversation))
                told: tuple[Status, HandoffState] | tuple[None, None] = (None, None)
                while not watch.closed:
                    seen, status = await self.look(conversation, cursor)
                    for entry in seen.entries:
                        yield entry
                        cursor = entry.id
                    if seen.more:
                        continue
                    if status != told[0]:
                        yield status
                    if seen.handoff != told[1]:
                        yield seen.handoff
                    told = (status, seen.handoff)
                    await watch.news(self._patience(seen, status))
                    yield Tick()
        finally:
            self._streams[conversation] -= 1
            if not self._streams[conversation]:
                del self._streams[conversation]

    def ended(self, conversation: str) -> None:
        """Makes the streams of a conversation look after their session at once."""
        self._hub.wake(conversation)

    def _status(self, seen: Glance) -> Status:
        if seen.waiting_since is None:
            return "idle"
        if seen.delayed:
            return "waiting"
        return "slow" if self._waited(seen) >= self.limits.slow else "typing"

    def _waited(self, seen: Glance) -> float:
        return (self.store.clock() - seen.waiting_since).total_seconds() if seen.waiting_since else 0.0

    def _patience(self, seen: Glance, status: Status) -> float:
        """How long nothing can change by itself, in seconds."""
        if status == "typing":
            return min(max(self.limits.slow - self._waited(seen), 0.0) + 0.05, _TICK_SECONDS)
        return _TICK_SECONDS

    # Hand-over to a person

    async def request_handoff(self, conversation: str, identity: Identity | None, channel: str) -> HandoffState:
        """Asks for a person; where none can be had, the conversation is told so and the state is `none`."""
        return await self._changed(conversation, self._request_handoff, conversation, _speaker(identity, channel))

    def _request_handoff(self, conversation: str, speaker: Speaker) -> HandoffState:
        refusal = None
        if not self._desk_hours.open_at(self.store.clock()):
            refusal = say("handoff_outside_hours", hours=self._desk_hours)
        elif not self._handoffs.somebody_is_there(self.limits.presence):
            refusal = say("handoff_nobody")
        if refusal is None:
            return self._handoffs.request(
                conversation, speaker, lambda position: say("handoff_queued", position=position)
            )
        state = glance(self.store.engine, conversation, None).handoff
        if state.state == "none":
            self._handoffs.decline(conversation, speaker, refusal)
        return state

    async def cancel_handoff(self, conversation: str) -> bool:
        """Ends the conversation's hand-over on the customer's wish."""
        return await self._changed(conversation, self._handoffs.cancel, conversation, say("handoff_cancelled"))

    async def queue(self) -> list[Handoff]:
        """All open hand-overs, the oldest first."""
        return await asyncio.to_thread(open_handoffs, self.store.engine)

    async def claim(self, place: int, who: str) -> bool:
        """Gives a queued hand-over to a member of staff; False where it is no longer queued."""
        return await self._changed_handoff(place, self._handoffs.claim, who, say("handoff_claimed"))

    async def return_(self, place: int, who: str) -> bool:
        """Gives a conversation back to the assistant; False unless that member of staff had it."""
        return await self._changed_handoff(place, self._handoffs.give_back, who, say("handoff_returned"))

    async def add_staff_entry(self, conversation: str, who: str, text: str) -> int | None:
        """Says something to a customer; the entry's id, or None unless that member of staff has the conversation.

        The text is masked here.
        """
        return await self._changed(conversation, self._handoffs.say, conversation, who, self._mask(text).text)

    async def clerk_is_there(self, who: str) -> None:
        """Notes that a member of staff can take hand-overs; to be called again while the console is open."""
        await asyncio.to_thread(self._handoffs.seen, who)

    async def _changed(self, conversation: str, change: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        result = await asyncio.to_thread(change, *args, **kwargs)
        self._hub.wake(conversation)
        return result

    async def _changed_handoff(self, place: int, change: Callable[[int, str, str], bool], who: str, note: str) -> bool:
        found = await asyncio.to_thread(find_handoff, self.store.engine, place)
        if found is None:
            return False
        return await self._changed(found.conversation, change, place, who, note)

    # What is done all the time

    async def _forever(self, work: Callable[[], Any], seconds: float) -> None:
        while True:
            try:
                await work()
            except SQLAlchemyError:
                logger.exception("The conversations database cannot be used.")
            await asyncio.sleep(seconds)

    async def _look_around(self) -> None:
        """Wakes those whose conversation another gateway has changed, and takes up messages that nobody answers."""
        room = self.limits.capacity - self._answering.load
        waiting = await asyncio.to_thread(self.store.to_take_up, max(room, 1))
        for conversation in waiting:
            if not self._answering.is_answering(conversation):
                self._answering.take_up(conversation)
        if watched := self._hub.watched():
            self._hub.wake_changed(await asyncio.to_thread(versions, self.store.engine, watched))

    async def _tend_handoffs(self) -> None:
        left = await asyncio.to_thread(self._handoffs.give_back_left, self.limits.handoff_idle, say("handoff_left"))
        gone = await asyncio.to_thread(self._handoffs.requeue_gone, self.limits.handoff_gone, say("handoff_requeued"))
        closed: list[str] = []
        if not self._desk_hours.open_at(self.store.clock()):
            note = say("handoff_closed", hours=self._desk_hours)
            closed = await asyncio.to_thread(self._handoffs.cancel_queued, note)
        for conversation in [*left, *gone, *closed]:
            self._hub.wake(conversation)

    async def _purge(self) -> None:
        await asyncio.to_thread(self.store.purge, self.limits.retention)


def _speaker(identity: Identity | None, channel: str) -> Speaker:
    """Who speaks, as far as it is kept: a customer is never named."""
    if identity is None:
        return Speaker(channel, "customer", signed_in=False, name=None)
    return Speaker(channel, identity.role, signed_in=True, name=identity.name if identity.role == "staff" else None)
