"""Checks that read a billing system, as the action server runs them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from rasa_sdk.executor import ActionExecutor

from actions.understanding import Understanding
from tests.actions.accounts.billing.conftest import FREE, NUMBER, OTHER, TRUE
from tests.actions.test_actions import ASK_CHANGE, CHECK, customer, run
from tests.simulators.billing import SECRET, BillingSystem


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


@pytest_asyncio.fixture
async def system(environment: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[BillingSystem]:
    """A running billing system that the settings point at."""
    async with BillingSystem({NUMBER: TRUE, OTHER: FREE}).running() as system:
        path = system.write_mapping(tmp_path, each_seconds=20, total_seconds=30, attempts=1)
        environment.setenv("ACCOUNTS_SOURCES", str(path))
        environment.setenv("ACCOUNTS_SECRET_BILLING", SECRET)
        environment.setenv("RULES_TODAY", "2026-11-22")
        yield system


async def test_a_verdict_rests_on_what_the_billing_system_says(executor: ActionExecutor, system: BillingSystem) -> None:
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(NUMBER))
    assert reply["verdict"]["status"] == "blocked"
    assert "32.50" in reply["text"]
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(OTHER))
    assert reply["verdict"]["status"] == "allowed"


async def test_a_number_that_it_does_not_have_is_said(executor: ActionExecutor, system: BillingSystem) -> None:
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer("18699999999"))
    assert reply["verdict"] is None
    assert "186****9999" in reply["text"]


async def test_a_billing_system_that_is_down_gives_no_verdict(executor: ActionExecutor, system: BillingSystem) -> None:
    system.fault = "error_500"
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(OTHER))
    assert reply["verdict"] is None
    assert "读不到账户资料" in reply["text"]


async def test_facts_of_another_number_give_no_verdict(executor: ActionExecutor, system: BillingSystem) -> None:
    system.fault = "wrong_number"
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(NUMBER))
    assert reply["verdict"]["status"] == "needs_review"
    assert reply["verdict"]["blockers"] == []


async def test_slow_look_ups_hold_up_no_other_answer(executor: ActionExecutor, system: BillingSystem) -> None:
    system.fault, system.hold = "slow", asyncio.Event()
    checks = [asyncio.create_task(run(executor, CHECK, ASK_CHANGE, identity=customer(OTHER))) for _ in range(40)]
    while len(system.requests) < len(checks):
        await asyncio.sleep(0.01)
    rule = Understanding("answer", operations=("cancel_service",), aspects=("documents",))
    reply, _ = await run(executor, "action_answer", rule)
    assert reply["citations"]
    assert not any(check.done() for check in checks)
    system.hold.set()
    assert {reply["verdict"]["status"] for reply, _ in await asyncio.gather(*checks)} == {"allowed"}
