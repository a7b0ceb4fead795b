"""Fixtures of the tests of the billing source: a running simulator, and a source that asks it."""

from collections.abc import AsyncIterator, Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from actions.accounts.billing.circuit import Circuit
from actions.accounts.billing.client import BillingClient
from actions.accounts.billing.mapping_file import read_mapping
from actions.accounts.billing.source import HttpSource
from knowledge.facts import FactSpec, Value
from tests.simulators.billing import SECRET, BillingSystem

NUMBER, OTHER, NOBODY = "18600000001", "18600000002", "18699999999"
TRUE: dict[str, Value] = {
    "ownership": "organization",
    "blacklisted": False,
    "key_person": True,
    "service": "mobile",
    "payment": "postpaid",
    "status": "active",
    "lifecycle": "none",
    "arrears": Decimal("32.50"),
    "balance": Decimal("-1.05"),
    "refundable": Decimal("0.00"),
    "points": 120,
    "relocated": "none",
    "campaign_restricted": False,
    "special_number_restricted": False,
    "subsidy_agreement_end": date(2027, 12, 31),
    "plan_agreement_end": "none",
    "special_number_agreement_end": date(2028, 2, 29),
    "special_terms": False,
    "prepayment_kind": "ordinary",
    "roaming": True,
    "roaming_prepayment": Decimal("500.00"),
    "roaming_closed_on": "none",
    "data_used_gb": Decimal("5.125"),
    "signed_member": True,
}
FREE: dict[str, Value] = {**TRUE, "arrears": Decimal("0.00"), "subsidy_agreement_end": "none"}
MakeSource = Callable[..., HttpSource]


class Naps:
    """In place of `asyncio.sleep`: nobody sleeps, and how long they would have is kept."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest_asyncio.fixture
async def system() -> AsyncIterator[BillingSystem]:
    async with BillingSystem({NUMBER: TRUE, OTHER: FREE}).running() as system:
        yield system


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture
async def make_source(
    system: BillingSystem, facts: dict[str, FactSpec], tmp_path: Path, naps: Naps, clock: Clock
) -> AsyncIterator[MakeSource]:
    """A source that asks the running system; `limits` and `changes` of the mapping text may be given."""
    made: list[HttpSource] = []

    def make(*changes: tuple[str, str], **limits: Any) -> HttpSource:
        path = system.write_mapping(tmp_path, **limits)
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        mapping = read_mapping(path, facts, lambda name: SECRET)
        circuit = Circuit(mapping.limits.failures, mapping.limits.pause_seconds, clock)
        made.append(HttpSource(mapping, BillingClient(mapping, circuit, naps)))
        return made[-1]

    yield make
    for source in made:
        await source.close()


@pytest.fixture
def source(make_source: MakeSource) -> HttpSource:
    return make_source()
