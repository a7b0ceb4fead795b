import pytest

from actions.accounts.billing.circuit import Circuit
from tests.actions.accounts.billing.conftest import Clock


@pytest.fixture
def circuit(clock: Clock) -> Circuit:
    return Circuit(failures=3, pause_seconds=30, clock=clock)


def fail(circuit: Circuit, times: int) -> None:
    for _ in range(times):
        circuit.failed(circuit.admit())


def test_it_opens_after_so_many_failures_in_a_row(circuit):
    fail(circuit, 2)
    circuit.succeeded(circuit.admit())
    fail(circuit, 2)
    assert circuit.admit() is not None
    fail(circuit, 1)
    assert circuit.admit() is None
    assert circuit.seconds_left == 30


def test_after_the_pause_one_call_tries_and_the_others_wait_for_it(circuit, clock):
    fail(circuit, 3)
    clock.seconds += 29.9
    assert circuit.admit() is None
    clock.seconds += 0.1
    trial = circuit.admit()
    assert trial is not None
    assert circuit.admit() is None
    circuit.succeeded(trial)
    assert circuit.admit() is not None
    fail(circuit, 2)
    assert circuit.admit() is not None


def test_a_trial_that_fails_opens_it_again(circuit, clock):
    fail(circuit, 3)
    clock.seconds += 30
    fail(circuit, 1)
    clock.seconds += 29
    assert circuit.admit() is None
    clock.seconds += 1
    assert circuit.admit() is not None


def test_a_trial_that_nobody_waited_for_lets_the_next_one_try(circuit, clock):
    fail(circuit, 3)
    clock.seconds += 30
    circuit.given_up(circuit.admit())
    assert circuit.admit() is not None


def test_calls_made_before_it_opened_decide_nothing_any_more(circuit, clock):
    early = [circuit.admit() for _ in range(3)]
    fail(circuit, 3)
    circuit.succeeded(early[0])
    assert circuit.admit() is None
    clock.seconds += 30
    trial = circuit.admit()
    circuit.succeeded(early[1])
    circuit.given_up(early[1])
    circuit.failed(early[2])
    assert circuit.admit() is None
    circuit.succeeded(trial)
    assert circuit.admit() is not None
