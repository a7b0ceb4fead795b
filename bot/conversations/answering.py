"""Answers the waiting messages: in order within a conversation, again and again while the assistant is down."""

import asyncio
import logging
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_delay, wait_exponential_jitter

from bot.assistant import Assistant, AssistantUnavailable
from bot.conversations.entries import Outcome
from bot.conversations.hub import Hub
from bot.conversations.limits import Limits
from bot.conversations.sealed import Mask, Said, Unseal, said_of, sealed_for
from bot.conversations.store import ConversationStore, Submitted, Waiting
from bot.conversations.wording import say

logger = logging.getLogger("bot.conversations")

_SECRET: Final = "secret"  # noqa: S105 - the name of a kind of masked text


class _NotOursError(Exception):
    """The message has been withdrawn, given to a person, or taken up by another gateway."""


@dataclass(slots=True)
class _Open:
    """A message that this process has in clear. `result`: None where the database has to be asked."""

    conversation: str
    said: Said
    result: asyncio.Future[Outcome | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    attempt: asyncio.Task[list[dict[str, Any]]] | None = None


class Answering:
    """One task for each conversation that has something to answer at this gateway."""

    def __init__(
        self, store: ConversationStore, hub: Hub, assistant: Assistant, mask: Mask, unseal: Unseal, limits: Limits
    ) -> None:
        self.owner = secrets.token_hex(8)
        self._store = store
        self._hub = hub
        self._assistant = assistant
        self._mask = mask
        self._unseal = unseal
        self._limits = limits
        self._open: dict[int, _Open] = {}
        self._leased: set[int] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._wanted: set[str] = set()
        self._stopping = False

    @property
    def load(self) -> int:
        """How many messages this gateway is answering, or has taken and not answered yet."""
        return len(self._open)

    def accept(self, conversation: str, message: Submitted, said: Said) -> asyncio.Future[Outcome | None] | None:
        """Sees to a message that was just submitted; its result, where this gateway will know it first."""
        if message.entry in self._open:
            return self._open[message.entry].result
        # What waits behind a message of another gateway is answered there.
        if not message.waits or (message.mine is None and conversation not in self._tasks):
            return None
        self._open[message.entry] = _Open(conversation, said)
        self._run(conversation, message.mine)
        return self._open[message.entry].result

    def take_up(self, conversation: str) -> None:
        """Answers what waits in a conversation, unless that is under way."""
        self._run(conversation, None)

    def abandon(self, place: int) -> None:
        """Stops answering a message that nobody waits for any longer."""
        if (message := self._open.get(place)) is not None and message.attempt is not None:
            message.attempt.cancel()

    def is_answering(self, conversation: str) -> bool:
        """Whether a task of this gateway is at it."""
        return conversation in self._tasks

    async def renew(self) -> None:
        """Keeps the leases of what is being answered."""
        if self._leased:
            await asyncio.to_thread(self._store.renew, set(self._leased), self.owner)

    async def stop(self, grace: float) -> None:
        """Lets running answers end within `grace` seconds; what is left stays waiting in the database."""
        self._stopping = True
        if tasks := list(self._tasks.values()):
            await asyncio.wait(tasks, timeout=grace)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for place in list(self._open):
            self._close(place, Outcome("waiting", delayed=True))
        await asyncio.to_thread(self._store.release, self.owner)

    def _run(self, conversation: str, first: Waiting | None) -> None:
        if first is None or conversation in self._tasks:
            self._wanted.add(conversation)
        if conversation not in self._tasks and not self._stopping:
            task = asyncio.create_task(self._answer_all(conversation, first))
            self._tasks[conversation] = task

    async def _answer_all(self, conversation: str, message: Waiting | None) -> None:
        try:
            more = message is None
            while not self._stopping:
                if message is None:
                    if not more and conversation not in self._wanted:
                        # What this process still has of it is being answered elsewhere.
                        for place in [key for key, kept in self._open.items() if kept.conversation == conversation]:
                            self._close(place, None)
                        return
                    self._wanted.discard(conversation)
                    message = await asyncio.to_thread(self._store.claim, conversation, self.owner)
                    more = False
                if message is not None:
                    more = await self._answer(message)
                    message = None
        except SQLAlchemyError:
            # The messages stay waiting, and are taken up when the database is back.
            logger.exception("The conversations database cannot be used.")
        finally:
            self._tasks.pop(conversation, None)

    async def _answer(self, message: Waiting) -> bool:
        """Answers or gives up one message; whether others may be waiting behind it."""
        self._leased.add(message.entry)
        try:
            outcome, more = await self._outcome(message)
            self._close(message.entry, outcome)
        finally:
            self._leased.discard(message.entry)
            self._hub.wake(message.conversation)
        return more

    async def _outcome(self, message: Waiting) -> tuple[Outcome | None, bool]:
        """Answers or gives up one message; None where that has become somebody else's business.

        And whether others may be waiting behind it.
        """
        kept = self._open.get(message.entry)
        if kept is None:
            try:
                said = said_of(self._unseal(message.sealed or "", sealed_for(message.conversation)))
            except Exception:
                logger.warning("A waiting message cannot be unsealed.", extra={"fields": {"entry": message.entry}})
                return await self._fail(message, "lost")
            kept = self._open[message.entry] = _Open(message.conversation, said)
        kept.attempt = asyncio.create_task(self._replies(message, kept.said))
        try:
            await asyncio.wait({kept.attempt})
        except asyncio.CancelledError:
            kept.attempt.cancel()
            raise
        try:
            replies = kept.attempt.result()
        except (asyncio.CancelledError, _NotOursError):
            return None, True
        except (AssistantUnavailable, TimeoutError):
            return await self._fail(message, "given_up")
        except SQLAlchemyError:
            raise
        except Exception:
            logger.exception("A message could not be answered.", extra={"fields": {"entry": message.entry}})
            return await self._fail(message, "given_up", broken=True)
        # The answer is there: a database that is away for a moment is waited for, while the lease lasts.
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(SQLAlchemyError),
            wait=wait_exponential_jitter(0.1, 2.0, jitter=0.1),
            stop=stop_after_delay(self._store.lease_seconds / 2),
            reraise=True,
        ):
            with attempt:
                waiting = await asyncio.to_thread(self._store.finish, message, self.owner, replies)
        return (None, True) if waiting is None else (Outcome("answered", tuple(replies)), waiting > 0)

    async def _replies(self, message: Waiting, said: Said) -> list[dict[str, Any]]:
        """Asks until there is an answer; raises what the last attempt raised, once it has lasted too long."""
        give_up = message.at + timedelta(seconds=self._limits.give_up)

        async def note_delay(_attempt: RetryCallState) -> None:
            if not await asyncio.to_thread(self._store.delay, message, self.owner):
                raise _NotOursError
            self._hub.wake(message.conversation)

        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type((AssistantUnavailable, TimeoutError)),
            wait=wait_exponential_jitter(
                self._limits.first_pause, self._limits.longest_pause, jitter=self._limits.first_pause
            ),
            stop=lambda _attempt: self._store.clock() >= give_up,
            before_sleep=note_delay,
            reraise=True,
        ):
            with attempt:
                async with asyncio.timeout(self._limits.attempt):
                    replies = await self._assistant.reply(message.conversation, said.text, said.identity)
        return self._finished(replies, said)

    def _finished(self, replies: list[dict[str, Any]], said: Said) -> list[dict[str, Any]]:
        """The replies with what this room adds: a warning about a secret, and the offer of a person."""
        finished = [
            {**reply, "offers": ["handoff"]} if reply.get("decision") == "handoff" else reply for reply in replies
        ]
        if _SECRET in self._mask(said.text).found:
            warning = say("secret_removed")
            first = finished[0]
            finished[0] = {
                **first,
                "text": f"{warning}\n{first.get('text') or ''}".rstrip(),
                "blocks": [{"type": "text", "tone": "warning", "text": warning}, *first.get("blocks", [])],
            }
        return finished

    async def _fail(self, message: Waiting, note: str, *, broken: bool = False) -> tuple[Outcome | None, bool]:
        failed = await asyncio.to_thread(self._store.fail, message, self.owner, say(note))
        return Outcome("failed", broken=broken) if failed else None, True

    def _close(self, place: int, outcome: Outcome | None) -> None:
        """Forgets the clear text, and tells those who wait here."""
        kept = self._open.pop(place, None)
        if kept is not None and not kept.result.done():
            kept.result.set_result(outcome)
