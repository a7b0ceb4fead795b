"""How often a billing system is asked, how long is waited in between, and when it is left alone."""

import asyncio

import pytest

from actions.accounts.errors import SourceUnavailable
from tests.actions.accounts.billing.conftest import NUMBER, TRUE
from tests.simulators.billing import SECRET

POST = (
    '{number}"\n  auth',
    '"\n  method: POST\n  body: {query: {number: "{number}"}, as: ["{number}"]}\n  auth',
)


async def failed(source) -> str:
    with pytest.raises(SourceUnavailable) as caught:
        await source.find(NUMBER, TRUE)
    return str(caught.value)


@pytest.mark.parametrize("fault", ["error_500", "dropped", "dropped_midway"])
async def test_a_passing_fault_is_asked_again(source, system, fault):
    system.next_faults.extend([fault, fault])
    assert (await source.find(NUMBER, TRUE)).values() == TRUE
    assert len(system.requests) == 3


async def test_a_late_answer_is_asked_again(make_source, system):
    system.hold = asyncio.Event()
    system.next_faults.append("slow")
    assert (await make_source(each_seconds=0.5).find(NUMBER, TRUE)).values() == TRUE
    assert len(system.requests) == 2


async def test_it_is_not_asked_more_often_than_allowed(source, system):
    system.fault = "error_500"
    assert "500" in await failed(source)
    assert len(system.requests) == 3


@pytest.mark.parametrize("fault", ["busy", "forbidden", "truncated", "html", "huge", "redirect", "failure_code"])
async def test_what_would_be_answered_the_same_way_is_not_asked_again(source, system, naps, fault):
    system.fault = fault
    await failed(source)
    assert len(system.requests) == 1
    assert naps.seconds == []


async def test_the_waits_grow_and_are_random(make_source, system, naps):
    source = make_source(attempts=4, wait_seconds=0.1, failures=100, total_seconds=60)
    system.fault = "error_500"
    for _ in range(20):
        await failed(source)
    for attempt in range(3):
        waits = naps.seconds[attempt::3]
        assert len(set(waits)) == 20
        assert all(0 <= wait <= 0.1 * 2**attempt for wait in waits)
        assert max(waits) > 0.1 * 2**attempt / 2


async def test_what_a_post_does_is_asked_once_only(make_source, system):
    source = make_source(POST)
    system.fault = "error_500"
    await failed(source)
    [request] = system.requests
    assert request.method == "POST"


async def test_a_post_that_is_declared_repeatable_is_asked_again(make_source, system):
    source = make_source(POST, ("method: POST", "method: POST\n  repeatable: true"))
    system.fault = "error_500"
    await failed(source)
    assert len(system.requests) == 3


async def test_the_number_stands_in_the_body_of_a_post(make_source, system):
    assert (await make_source(POST).find(NUMBER, TRUE)).values() == TRUE
    assert system.bodies == [{"query": {"number": NUMBER}, "as": [NUMBER]}]


async def test_failures_in_a_row_stop_the_asking_until_a_trial_succeeds(make_source, system, clock):
    source = make_source(attempts=1, failures=3)
    system.fault = "error_500"
    for _ in range(3):
        assert "500" in await failed(source)
    system.fault = None
    assert "暂停" in await failed(source)
    assert "30 秒" in await failed(source)
    assert len(system.requests) == 3
    clock.seconds += 30
    assert (await source.find(NUMBER, TRUE)).values() == TRUE
    assert (await source.find(NUMBER, TRUE)).values() == TRUE
    assert len(system.requests) == 5


async def test_only_one_call_tries_after_the_pause(make_source, system, clock):
    source = make_source(attempts=1, failures=1)
    system.fault = "error_500"
    await failed(source)
    clock.seconds += 30
    results = await asyncio.gather(*(source.find(NUMBER, TRUE) for _ in range(20)), return_exceptions=True)
    assert sum("500" in str(result) for result in results) == 1
    assert sum("暂停" in str(result) for result in results) == 19


async def test_a_trial_that_is_cancelled_keeps_nobody_out(make_source, system, clock):
    source = make_source(attempts=1, failures=1)
    system.next_faults.extend(["error_500", "slow"])
    await failed(source)
    clock.seconds += 30
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await source.find(NUMBER, TRUE)
    assert (await source.find(NUMBER, TRUE)).values() == TRUE


@pytest.mark.parametrize("fault", ["forbidden", "truncated", "redirect", "failure_code", "wrong_number"])
async def test_an_answer_that_is_no_use_is_no_sign_of_a_system_that_is_unwell(make_source, system, fault):
    source = make_source(attempts=1, failures=2)
    system.next_faults.extend([fault] * 5)
    results = [await asyncio.gather(source.find(NUMBER, TRUE), return_exceptions=True) for _ in range(5)]
    assert "暂停" not in str(results)
    assert (await source.find(NUMBER, TRUE)).values() == TRUE


async def test_a_wrong_secret_is_refused_by_the_system_and_said(make_source, system):
    source = make_source(('format: "Bearer {secret}"', 'format: "Basic {secret}"'))
    assert "401" in await failed(source)
    assert SECRET in system.requests[0].headers["Authorization"]


async def test_connections_are_kept(source, system):
    for _ in range(5):
        await source.find(NUMBER, TRUE)
    assert len({request.transport.get_extra_info("peername") for request in system.requests if request.transport}) == 1
