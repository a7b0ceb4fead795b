"""One running system for all attempts, real Rasa included."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from bot.gateway.staff_access import StaffRole
from tests.attacks.attacker import SETTINGS, Attacker, Staff, staff_session
from tests.system import RunningSystem, serving


@pytest.fixture(scope="session")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The system that is attacked; it must still work when everything has been tried."""
    with serving(tmp_path_factory.mktemp("target"), **SETTINGS) as system:
        yield system
        assert system.process.poll() is None, system.messages()
        assert system.is_ready()
        assert Attacker(system).say("销户要带什么")["decision"] == "answer"


@pytest.fixture
def attacker(target: RunningSystem) -> Attacker:
    """Who attacks."""
    return Attacker(target)


@pytest.fixture
def victim(target: RunningSystem) -> Attacker:
    """Whose things are to be stolen."""
    return Attacker(target)


@pytest.fixture(scope="session")
def staff(target: RunningSystem) -> Callable[[StaffRole], Staff]:
    """Signs in a member of staff."""
    return lambda role: staff_session(target.var, role)


@pytest.fixture
def rows(target: RunningSystem) -> Callable[..., list[tuple[object, ...]]]:
    """Asks one of the databases behind the gateway."""

    def ask(database: str, query: str, *values: object) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(target.var / f"{database}.db", timeout=30)) as connection:
            found = connection.execute(query, values).fetchall()
            connection.commit()
            return found

    return ask
