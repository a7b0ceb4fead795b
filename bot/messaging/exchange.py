"""From what somebody wrote to the answer: in the reply to the delivery where it comes in time, else by the outbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from actions.identity import Identity
from bot.conversations.service import BusyError, Conversations
from bot.gateway.errors import GatewayError
from bot.gateway.requests import MAX_TEXT_CHARACTERS
from bot.incoming_text import clean_text, says_nothing
from bot.messaging.outbox import Outbox
from bot.messaging.store import Credit, MessagingStore, Taken
from bot.messaging.wording import say

logger = logging.getLogger("bot.messaging")

# The platforms wait for 5 seconds; what is left is for the way back.
PASSIVE_SECONDS: Final = 4.0
HANDOFF: Final = frozenset({"人工", "转人工", "人工客服", "转人工客服", "人工服务", "找人工", "轉人工"})

# How often a further delivery looks whether the first one has been answered.
_LOOK_SECONDS: Final = 0.1

# message: it is for the assistant; told: the text is the answer; silent: nothing is to be answered; left: the person has
# gone, and nothing is to be answered.
Kind = Literal["message", "told", "silent", "left"]
# Who somebody is, by their id on the platform; None for whoever is nobody known.
Who = Callable[[str], Awaitable[Identity | None]]
# The texts in which a reply is told over this platform, each small enough for one message.
Render = Callable[[Sequence[dict[str, object]]], Sequence[str]]


class NotTakenError(GatewayError):
    """This gateway cannot take the message now; nothing has been decided, and a further delivery may succeed.

    The platform delivers again what is answered so, and perhaps to another gateway.
    """

    def __init__(self) -> None:
        super().__init__(503, "not_taken", "现在不能接收，请稍后再试。")


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a delivery says. `key` is the same for each delivery of the same thing."""

    account: str
    key: str
    kind: Kind
    text: str = ""
    credit: Credit | None = None


class Commands(Protocol):
    """What people can have done by a message, instead of asking the assistant."""

    def takes(self, text: str) -> bool:
        """Whether a text may be such a message, by its look alone."""
        ...

    async def answer(self, account: str, conversation: str, text: str) -> str | None:
        """Does what a text says, and the answer; None where it is for the assistant after all."""
        ...

    async def left(self, account: str) -> None:
        """The person has gone: nothing that was theirs stays."""
        ...


class Exchange:
    """Answers what comes in over one platform's account.

    Args:
        conversations: where messages are kept and answered.
        store: what came in.
        outbox: what is sent afterwards.
        who: who writes.
        render: replies as texts.
        commands: what people can have done by a message.
        limit: how many bytes one text may have.
        passive_seconds: so long the reply to a delivery may wait for an answer.
    """

    def __init__(
        self,
        conversations: Conversations,
        store: MessagingStore,
        outbox: Outbox,
        who: Who,
        render: Render,
        *,
        limit: int,
        commands: Commands | None = None,
        passive_seconds: float = PASSIVE_SECONDS,
    ) -> None:
        self._conversations = conversations
        self._store = store
        self._outbox = outbox
        self._who = who
        self._render = render
        self._limit = limit
        self._commands = commands
        self._seconds = passive_seconds

    async def answer(self, incoming: Incoming, since: float) -> str | None:
        """The text for the reply to this delivery; None where there is none (yet).

        `since`: when the delivery came, as the event loop counts time. Raises `NotTakenError`.
        """
        taken = await asyncio.to_thread(self._store.take, incoming.account, incoming.key, incoming.credit)
        if taken.state == "taken":
            taken = await self._settled(taken, incoming, since)
        if taken.state == "deferred":
            self._outbox.wake()
        return taken.text

    async def _settled(self, taken: Taken, incoming: Incoming, since: float) -> Taken:
        if incoming.kind == "left" and self._commands is not None:
            await self._commands.left(incoming.account)
        if incoming.kind != "message":
            return await self._settle(taken, incoming.text or None)
        text = clean_text(incoming.text)
        if says_nothing(text):
            return await self._settle(taken, say("nothing_said"))
        if len(text) > MAX_TEXT_CHARACTERS:
            return await self._settle(taken, say("too_long", most=MAX_TEXT_CHARACTERS))
        if text in HANDOFF:
            return await self._handed_over(taken, incoming)
        if self._commands is not None and self._commands.takes(text):
            if not taken.first and (taken := await self._first_result(taken, since)).state != "taken":
                return taken
            told = await self._commands.answer(incoming.account, taken.conversation, text)
            if told is not None:
                return await self._settle(taken, told)
        taken, identity = await self._known(taken, incoming)
        channel = self._store.platform
        try:
            ticket = await self._conversations.submit(taken.conversation, identity, text, taken.key, channel)
        except BusyError as error:
            # A further delivery of a message that is being answered needs no place of its own.
            if await asyncio.to_thread(self._store.is_entry, taken):
                return await self._settle(taken, None)
            # What another gateway, or this one a moment later, can take is not to be answered with an excuse; and a
            # delivery beside this one may be about to put the message in.
            if self._conversations.stopping or not taken.first:
                raise NotTakenError from error
            return await self._settle(taken, say("busy"))
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout_at(since + self._seconds):
                outcome = await self._conversations.outcome(ticket)
        except TimeoutError:
            logger.info("an answer follows as a message of its own", extra={"waited": loop.time() - since})
            return await self._settle(taken, None)
        texts = (
            self._render([{**reply, "message": ticket.entry} for reply in outcome.replies])
            if outcome.state == "answered"
            else ()
        )
        taken = await self._settle(taken, texts[0] if texts else None)
        self._outbox.wake()
        return taken

    async def _handed_over(self, taken: Taken, incoming: Incoming) -> Taken:
        taken, identity = await self._known(taken, incoming)
        if taken.first:
            await self._conversations.request_handoff(taken.conversation, identity, self._store.platform)
        # What becomes of it is a note in the conversation, which the outbox sends.
        return await self._settle(taken, None)

    async def _known(self, taken: Taken, incoming: Incoming) -> tuple[Taken, Identity | None]:
        """Who writes, and the same with the conversation that is theirs as such."""
        identity = await self._who(incoming.account)
        return await asyncio.to_thread(self._store.conversation_of, taken, identity), identity

    async def _first_result(self, taken: Taken, since: float) -> Taken:
        """What the first delivery led to; undecided still where it does not end in time, as that of a dead gateway."""
        loop = asyncio.get_running_loop()
        while taken.state == "taken" and loop.time() < since + self._seconds / 2:
            await asyncio.sleep(_LOOK_SECONDS)
            taken = await asyncio.to_thread(self._store.look, taken)
        return taken

    async def _settle(self, taken: Taken, text: str | None) -> Taken:
        return await asyncio.to_thread(self._store.settle, taken, text, self._limit)
