"""Several sources as one: precedence, conflicts, and sources that fail."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from actions.accounts.combined import CombinedSource, Conflict, Member
from actions.accounts.errors import AccountsError, SourceUnavailable
from actions.accounts.facts import Absent, AccountFacts, Fact, Known, Unknown
from actions.accounts.freshness import parse_age
from knowledge.facts import NONE, Value

NUMBER = "18600000001"
NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)


class Source:
    """A source that answers what it is told to, or fails."""

    def __init__(
        self,
        name: str,
        values: Mapping[str, Value | None] | None,
        *,
        failure: Exception | None = None,
        age: timedelta = timedelta(0),
        waits_for: asyncio.Event | None = None,
    ) -> None:
        self.name = name
        self.values = values
        self.failure = failure
        self.asked: list[set[str]] = []
        self.closed = False
        self.read_at = NOW - age
        self.started = asyncio.Event()
        self.waits_for = waits_for

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(self.values or ())

    async def find(self, number: str, needed: Collection[str]) -> AccountFacts | None:
        self.asked.append(set(needed))
        self.started.set()
        if self.waits_for:
            await self.waits_for.wait()
        if self.failure:
            raise self.failure
        if self.values is None:
            return None
        return AccountFacts(number, f"{self.name}的客户", None, {n: self._fact(v) for n, v in self.values.items()})

    def _fact(self, value: Value | None) -> Fact:
        if value is None:
            return Unknown(f"{self.name}没有记录")
        return Absent(self.name, self.read_at) if value == NONE else Known(value, self.name, self.read_at)

    async def close(self) -> None:
        self.closed = True


def combined(
    *members: Source | Member, conflict: Conflict = "first", precedence: Mapping[str, tuple[str, ...]] | None = None
) -> CombinedSource:
    all_members = [one if isinstance(one, Member) else Member(one) for one in members]
    by_name = {one.source.name: one for one in all_members}
    usual = {name: tuple(by_name) for name in ("arrears", "status", "plan_agreement_end")}
    return CombinedSource(by_name, precedence or usual, conflict, now=lambda: NOW)


FACTS = {"arrears", "status", "plan_agreement_end"}


async def test_each_fact_is_of_the_first_source_that_knows_it():
    first = Source("计费", {"arrears": Decimal("1.00"), "status": None})
    second = Source("档案", {"arrears": Decimal("2.00"), "status": "lost", "plan_agreement_end": NONE})
    account = await combined(first, second).find(NUMBER, FACTS)
    assert account.values() == {"arrears": Decimal("1.00"), "status": "lost", "plan_agreement_end": NONE}
    assert {name: fact.source for name, fact in account.facts.items()} == {
        "arrears": "计费",
        "status": "档案",
        "plan_agreement_end": "档案",
    }
    assert account.customer == "计费的客户"


async def test_a_fact_is_taken_only_from_the_sources_named_for_it():
    first, second = Source("计费", {"arrears": None}), Source("档案", {"arrears": Decimal("2.00")})
    account = await combined(first, second, precedence={"arrears": ("计费",)}).find(NUMBER, FACTS)
    assert account.fact("arrears") == Unknown("计费没有记录")


@pytest.mark.parametrize("failure", [SourceUnavailable("计费连不上"), AccountsError("秘密的内部细节")])
async def test_a_source_that_fails_leaves_its_facts_unknown_and_hurts_no_other(failure):
    first, second = Source("计费", {"arrears": None}, failure=failure), Source("档案", {"status": "lost"})
    source = combined(first, second, precedence={"arrears": ("计费",), "status": ("计费", "档案")})
    account = await source.find(NUMBER, FACTS)
    assert account.values() == {"status": "lost"}
    assert "计费" in account.fact("arrears").reason
    assert "秘密" not in account.fact("arrears").reason


async def test_a_source_that_is_late_leaves_its_facts_unknown():
    first = Source("档案", {"arrears": Decimal("1.00")}, waits_for=asyncio.Event())
    account = await combined(Member(first, seconds=0.01), Source("计费", {"status": "lost"})).find(NUMBER, FACTS)
    assert account.values() == {"status": "lost"}
    assert "没有在 0.01 秒内答复" in account.fact("arrears").reason


async def test_the_sources_are_asked_at_the_same_time():
    first = Source("计费", {"arrears": Decimal("1.00")})
    second = Source("档案", {"status": "lost"}, waits_for=first.started)
    first.waits_for = second.started
    async with asyncio.timeout(5):
        account = await combined(first, second).find(NUMBER, FACTS)
    assert set(account.values()) == {"arrears", "status"}


async def test_where_all_fail_nothing_can_be_read():
    failing = [Source(name, {}, failure=SourceUnavailable(f"{name}连不上")) for name in ("计费", "档案")]
    with pytest.raises(AccountsError, match="计费连不上；档案连不上"):
        await combined(*failing).find(NUMBER, FACTS)


async def test_a_number_that_none_of_them_has_is_none():
    assert await combined(Source("计费", None), Source("档案", None)).find(NUMBER, FACTS) is None


async def test_a_number_that_one_of_them_does_not_have_has_unknown_facts_there():
    account = await combined(Source("计费", None), Source("档案", {"status": "lost"})).find(NUMBER, FACTS)
    assert account.values() == {"status": "lost"}
    assert "计费里没有这个号码" in account.fact("arrears").reason


async def test_while_one_cannot_be_read_no_number_is_said_not_to_exist():
    failing = Source("档案", {}, failure=SourceUnavailable("档案连不上"))
    account = await combined(Source("计费", None), failing).find(NUMBER, FACTS)
    assert account.values() == {}
    assert account.fact("arrears") == Unknown("计费里没有这个号码；档案连不上")


async def test_only_the_sources_of_needed_facts_are_asked():
    first, second = Source("计费", {"arrears": Decimal("1.00")}), Source("档案", {"status": "lost"})
    source = combined(first, second, precedence={"arrears": ("计费",), "status": ("档案",)})
    account = await source.find(NUMBER, {"arrears"})
    assert account.values() == {"arrears": Decimal("1.00")}
    assert (first.asked, second.asked) == ([{"arrears"}], [])


async def test_before_a_number_is_said_not_to_exist_the_others_are_asked_as_well():
    first, second = Source("计费", None), Source("档案", {"status": "lost"})
    source = combined(first, second, precedence={"arrears": ("计费",), "status": ("档案",)})
    account = await source.find(NUMBER, {"arrears"})
    assert account is not None
    assert isinstance(account.fact("arrears"), Unknown)


@pytest.mark.parametrize(
    ("one", "other"), [(Decimal("0.00"), Decimal("5.00")), ("lost", "active"), (NONE, datetime(2027, 1, 1).date())]
)
async def test_where_sources_disagree_the_policy_decides(one, other, caplog):
    first, second = Source("计费", {"status": one}), Source("档案", {"status": other})
    account = await combined(first, second).find(NUMBER, FACTS)
    assert account.values() == {"status": one}
    assert "disagree on status" in caplog.text
    account = await combined(first, second, conflict="unknown").find(NUMBER, FACTS)
    assert account.fact("status") == Unknown("几个来源的说法不一致（计费、档案）")


async def test_sources_that_agree_are_no_conflict():
    first, second = Source("计费", {"arrears": Decimal("5.00")}), Source("档案", {"arrears": Decimal("5.0")})
    account = await combined(first, second, conflict="unknown").find(NUMBER, FACTS)
    assert account.values() == {"arrears": Decimal("5.00")}


async def test_what_is_too_old_in_one_source_is_taken_from_the_next():
    old = Source("档案", {"arrears": Decimal("1.00"), "status": "lost"}, age=timedelta(days=1, seconds=1))
    new = Source("计费", {"arrears": Decimal("2.00")})
    account = await combined(Member(old, parse_age("1d")), new, conflict="unknown").find(NUMBER, FACTS)
    assert account.values() == {"arrears": Decimal("2.00")}
    assert "时效" in account.fact("status").reason
    old.read_at = NOW - timedelta(days=1)
    assert (await combined(Member(old, parse_age("1d"))).find(NUMBER, FACTS)).values()["status"] == "lost"


async def test_what_has_no_time_is_too_old_where_there_is_a_limit():
    source = Source("档案", {"status": "lost"})
    source.read_at = None
    assert (await combined(source).find(NUMBER, FACTS)).values() == {"status": "lost"}
    account = await combined(Member(source, parse_age("1d"))).find(NUMBER, FACTS)
    assert "没有说明" in account.fact("status").reason


async def test_all_are_closed():
    sources = [Source("计费", {}), Source("档案", {})]
    await combined(*sources).close()
    assert all(source.closed for source in sources)


@pytest.mark.parametrize("text", ["", "1", "d", "0d", "-1d", "1.5h", "1w", "1 d", "٣d"])
def test_an_age_is_a_whole_number_with_its_unit(text):
    assert parse_age(text) is None
