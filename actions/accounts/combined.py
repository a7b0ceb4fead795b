"""Several sources as one: facts that live in different systems, each taken from the first source that knows it."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from actions.accounts.errors import AccountsError, SourceUnavailable
from actions.accounts.facts import NOT_RECORDED, Absent, AccountFacts, Fact, Known, Unknown
from actions.accounts.freshness import MaxAge, fresh
from actions.accounts.source import HOLDER, AccountSource
from actions.accounts.wording import say
from actions.identity import mask_number
from knowledge.facts import NONE

logger = logging.getLogger(__name__)

Conflict = Literal["first", "unknown"]
"""What holds where sources disagree: what the first says (and the difference is logged), or nothing."""
Found = AccountFacts | SourceUnavailable | None


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Member:
    """One of the sources: how old its facts may be, and how many seconds it has (None: it knows itself)."""

    source: AccountSource
    max_age: MaxAge | None = None
    seconds: float | None = None


class CombinedSource:
    """Asks its sources at the same time; one that fails leaves its facts unknown, and hurts no other."""

    def __init__(
        self,
        members: Mapping[str, Member],
        precedence: Mapping[str, tuple[str, ...]],
        conflict: Conflict,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Puts sources together.

        Args:
            members: the sources by identifier.
            precedence: for each fact the identifiers of the sources that may give it, the first that knows it wins.
            conflict: what holds where two of them know different things.
            now: the time, with its zone, by which the age of facts is judged.
        """
        self._members = members
        self._precedence = precedence
        self._conflict = conflict
        self._now = now

    @property
    def name(self) -> str:
        """The names of all."""
        return "、".join(member.source.name for member in self._members.values())

    @property
    def facts(self) -> frozenset[str]:
        """The facts that any of them may give."""
        return frozenset(self._precedence)

    async def find(self, number: str, needed: Collection[str]) -> AccountFacts | None:
        """What they know together; None where none of them has the number.

        Only the sources of needed facts are asked, unless none of those has the number, or knows the holder who is needed.
        Where the holder is needed and they name different ones, it is not known.
        Raises `AccountsError` where none of the sources that were asked can be read.
        """
        wanted = {identifier for fact in needed for identifier in self._precedence.get(fact, ())}
        found = await self._ask(wanted, number, needed)
        if not any(found.values()):
            found |= await self._ask(self._members.keys() - wanted, number, needed)
            if not any(found.values()):
                return None
        if HOLDER in needed and not _holders(found):
            found |= await self._ask(self._members.keys() - found.keys(), number, needed)
        failures = [result for result in found.values() if isinstance(result, SourceUnavailable)]
        if len(failures) == len(found):
            raise SourceUnavailable("；".join(map(str, failures)))
        accounts = [account for one in self._members if isinstance(account := found.get(one), AccountFacts)]
        customer = _first(account.customer for account in accounts)
        if HOLDER in needed and len(_holders(found)) > 1:
            logger.warning("The sources disagree on the holder of %s", mask_number(number))
            customer = None
        return AccountFacts(
            number=number,
            customer=customer,
            customer_name=_first(account.customer_name for account in accounts),
            facts={fact: self._chosen(fact, found) for fact in self._precedence},
        )

    async def close(self) -> None:
        """Closes every source."""
        for member in self._members.values():
            await member.source.close()

    async def _ask(self, identifiers: Iterable[str], number: str, needed: Collection[str]) -> dict[str, Found]:
        asked = [one for one in self._members if one in set(identifiers)]
        results = await asyncio.gather(*(_answer(self._members[one], number, needed) for one in asked))
        return dict(zip(asked, results, strict=True))

    def _chosen(self, name: str, found: Mapping[str, Found]) -> Fact:
        facts = [self._fact(name, one, found[one]) for one in self._precedence[name] if one in found]
        known = [fact for fact in facts if not isinstance(fact, Unknown)]
        if not known:
            reasons = dict.fromkeys(fact.reason for fact in facts if isinstance(fact, Unknown))
            return Unknown("；".join(reasons) or NOT_RECORDED)
        if len({_value(fact) for fact in known}) > 1:
            names = "、".join(fact.source for fact in known)
            logger.warning("The sources disagree on %s: %s", name, names)
            if self._conflict == "unknown":
                return Unknown(say("conflict", sources=names))
        return known[0]

    def _fact(self, name: str, identifier: str, found: Found) -> Fact:
        member = self._members[identifier]
        if isinstance(found, SourceUnavailable):
            return Unknown(str(found))
        if found is None:
            return Unknown(say("not_in_source", source=member.source.name))
        return fresh(found.fact(name), member.max_age, self._now(), member.source.name)


async def _answer(member: Member, number: str, needed: Collection[str]) -> Found:
    source = member.source
    try:
        async with asyncio.timeout(member.seconds):
            return await source.find(number, needed)
    except TimeoutError:
        logger.warning("%s: no answer within %s seconds", source.name, member.seconds)
        return SourceUnavailable(say("late", source=source.name, seconds=f"{member.seconds:g}"))
    except SourceUnavailable as failure:
        return failure
    except AccountsError as error:
        logger.error("%s cannot be read: %s", source.name, error)
        return SourceUnavailable(say("unreadable", source=source.name))


def _holders(found: Mapping[str, Found]) -> set[str]:
    return {one.customer for one in found.values() if isinstance(one, AccountFacts) and one.customer is not None}


def _value(fact: Known | Absent) -> object:
    return NONE if isinstance(fact, Absent) else fact.value


def _first(words: Iterable[str | None]) -> str | None:
    return next((word for word in words if word is not None), None)
