"""Sessions: sealed, of limited life, ended by number or customer, and the database they are in."""

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from actions.identity import Identity
from actions.privacy import sealing
from bot.identity.database import open_database
from bot.identity.models import metadata
from bot.identity.sessions import SessionStore
from tests.bot.gateway.fakes import ALLOWED, ARREARS
from tests.bot.identity_parts import KEYS

MINE = Identity("customer", (ALLOWED, ARREARS), "G1001")


def store(url, clock, **more):
    return SessionStore(url, **{"idle_seconds": 1800, "demo": False, "clock": clock, "keys": KEYS, **more})


def test_a_session_ends_at_last_however_much_it_is_used(database_url, clock):
    sessions = store(database_url, clock, absolute_seconds=5_000)
    token = sessions.open(MINE)
    for _ in range(5):
        clock.now += 1_000
        assert sessions.find(token) is not None
    clock.now += 1

    assert sessions.find(token) is None


def test_the_database_tells_neither_number_nor_name(tmp_path, clock):
    sessions = store(f"sqlite:///{tmp_path / 's.db'}", clock)
    token = sessions.open(Identity("customer", (ALLOWED,), "G1001", "张三"))
    sessions.dispose()
    everything = b"".join(file.read_bytes() for file in tmp_path.glob("s.db*"))

    for secret in (token, ALLOWED, "G1001", "张三"):
        assert secret.encode() not in everything


def test_a_sealed_identity_counts_in_its_own_conversation_only(tmp_path, clock):
    url = f"sqlite:///{tmp_path / 's.db'}"
    sessions = store(url, clock)
    theirs, mine = sessions.open(MINE), sessions.open()
    with sqlite3.connect(tmp_path / "s.db") as database:
        database.execute(
            "UPDATE chat_session SET identity = (SELECT identity FROM chat_session WHERE identity IS NOT NULL)"
        )

    assert sessions.find(theirs).identity == MINE
    assert sessions.find(mine) is None


def test_with_another_key_nobody_is_signed_in(database_url, clock, monkeypatch):
    token = store(database_url, clock).open(MINE)

    monkeypatch.setattr(sealing, "_secret", lambda: b"another secret, long enough")

    assert store(database_url, clock).find(token) is None


def test_all_sessions_of_a_number_or_a_customer_can_be_ended(database_url, clock):
    sessions = store(database_url, clock)
    both, other, nobody = sessions.open(MINE), sessions.open(Identity("customer", ("1",), "G2")), sessions.open()

    assert sessions.end_all_of_number(ARREARS) == 1
    assert sessions.end_all_of_customer("G2") == 1
    assert [sessions.find(token) is None for token in (both, other, nobody)] == [True, True, False]


def test_a_database_of_the_time_before_versions_is_taken_over_without_its_clear_numbers(database_url, clock):
    engine = create_engine(database_url)
    with engine.begin() as database:
        database.execute(text("CREATE TABLE gateway_session (token_hash VARCHAR(64) PRIMARY KEY, identity TEXT)"))
        database.execute(text("INSERT INTO gateway_session VALUES ('x', '18600010101')"))
    engine.dispose()
    sessions = store(database_url, clock)

    assert sessions.find(sessions.open(MINE)).identity == MINE
    with sessions.engine.begin() as database:
        assert database.scalar(text("SELECT version_num FROM identity_version")) == "0001"
        with pytest.raises(Exception, match="gateway_session"):
            database.execute(text("SELECT * FROM gateway_session"))
    open_database(database_url)  # once more changes nothing


def test_the_migrations_make_the_tables_that_the_code_knows(database_url):
    with open_database(database_url).connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "version_table": "identity_version"}
        )

        assert compare_metadata(context, metadata) == []
