"""Messages by which people bind numbers, look at what is bound, and end it."""

import asyncio
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from actions.identity import Identity, mask_number
from actions.sentences import sentences, wording
from bot.gateway.limits import Limiter
from bot.identity.links import Links
from bot.messaging.bindings import MOST_NUMBERS, Bindings, Bound, Numbers, TooManyNumbersError

# What stands in a link for the page that made it: no page did, and the result goes to no page.
NO_PAGE: Final = ""
_LINKS_PER_PERSON: Final = "10/hour"
_CODE: Final = re.compile(r"[0-9]{8}")
_BETWEEN: Final = re.compile(r"[\s\-。，,.!！?？、:：“”\"']+")
_FILE: Final = Path(__file__).with_name("binding.yml")
_say = sentences(_FILE)


@dataclass(frozen=True, slots=True)
class BindingCommands:
    """Answers them.

    Args:
        bindings: the numbers.
        links: makes links to the verification page, and takes its codes.
        limiter: counts how often links are made.
        public_url: where people reach the gateway; without it there is no page to send them to.
    """

    bindings: Bindings
    links: Links
    limiter: Limiter
    public_url: str | None

    def takes(self, text: str) -> bool:
        """Whether a text is one of the messages, or may be a confirmation code."""
        return _read(text) is not None

    async def who(self, account: str) -> Identity | None:
        """Who a person is by the numbers bound."""
        return (await asyncio.to_thread(self.bindings.numbers, account)).identity

    async def answer(self, account: str, _conversation: str, text: str) -> str | None:
        """Does what a text says; None where it is for the assistant."""
        read = _read(text)
        if read is None:
            return None
        kind, rest = read
        if kind == "bind":
            return await self._link(account)
        if kind == "code":
            return await asyncio.to_thread(self._redeem, account, rest)
        numbers = await asyncio.to_thread(self.bindings.numbers, account)
        if kind == "show":
            return _listed(numbers)
        return await asyncio.to_thread(self._unbind, account, numbers, rest, kind == "unbind_all")

    async def left(self, account: str) -> None:
        """Ends all bindings of somebody who no longer follows."""
        await asyncio.to_thread(self.bindings.end, account)

    async def _link(self, account: str) -> str:
        if self.public_url is None:
            return _say("not_here")
        chat = self.bindings.chat_key(account)
        if wait := await self.limiter.wait(_LINKS_PER_PERSON, "link messenger", chat):
            return _say("too_many_links", minutes=-(-wait // 60))
        token = await asyncio.to_thread(self.links.open, chat, NO_PAGE)
        return _say("link", address=f"{self.public_url}/verify/{token}")

    def _redeem(self, account: str, code: str) -> str | None:
        chat = self.bindings.chat_key(account)
        identity = self.links.redeem(chat, code)
        if identity is None:
            return _say("wrong_code") if self.links.asked_for(chat) else None
        try:
            self.bindings.bind(account, identity)
        except TooManyNumbersError:
            return _say("too_many_numbers", most=MOST_NUMBERS)
        bound = "、".join(map(mask_number, identity.numbers))
        return "\n".join([_say("bound", numbers=bound), *_differing(self.bindings.numbers(account))])

    def _unbind(self, account: str, numbers: Numbers, choice: str, everything: bool) -> str:
        bound = numbers.bound
        if not bound:
            return _say("none_bound")
        if everything:
            self.bindings.end(account)
            return _say("all_unbound")
        chosen = bound[0] if len(bound) == 1 and not choice else _chosen(bound, choice)
        if chosen is None:
            return "\n".join([_say("which"), *_lines(bound), _say("how_to_unbind")])
        self.bindings.end(account, [chosen])
        return _say("unbound", number=mask_number(chosen.number))


def _read(text: str) -> tuple[str, str] | None:
    """(what is wanted, what follows on it); None for everything else."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)) if len(text) <= 40 else ""
    if _CODE.fullmatch(plain):
        return "code", plain
    for kind, words in wording(_FILE)["messages"].items():
        if plain in words:
            return str(kind), ""
    stem = plain.rstrip("0123456789")
    if stem != plain and stem in wording(_FILE)["messages"]["unbind"]:
        return "unbind", plain[len(stem) :]
    return None


def _chosen(bound: Sequence[Bound], choice: str) -> Bound | None:
    place = int(choice) if 0 < len(choice) <= 2 else 0
    return bound[place - 1] if 1 <= place <= len(bound) else None


def _lines(bound: Sequence[Bound]) -> list[str]:
    return [f"{place}. {mask_number(one.number)}" for place, one in enumerate(bound, 1)]


def _listed(numbers: Numbers) -> str:
    if not numbers.bound:
        return _say("none_bound")
    return "\n".join([_say("yours"), *_lines(numbers.bound), *_differing(numbers), _say("how_to_unbind")])


def _differing(numbers: Numbers) -> list[str]:
    """What is to be said where the numbers are not all one customer's."""
    counting = numbers.counting
    if len(counting) == len(numbers.bound):
        return []
    return [_say("one_customer", numbers="、".join(map(mask_number, counting)))]
