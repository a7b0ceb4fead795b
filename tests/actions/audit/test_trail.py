"""The trail on real databases: several processes at once, and a database that only lets it grow."""

import signal
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from actions.accounts.migrations import upgrade as upgrade_accounts
from actions.audit.chain import Chain
from actions.audit.errors import AuditError
from actions.audit.migrations import upgrade
from actions.audit.models import metadata
from actions.audit.trail import Trail
from actions.audit.verify import verify
from actions.settings import ROOT
from tests.actions.audit.conftest import KEY, content

_APPENDS = """
import sys
from actions.audit.trail import record
from tests.actions.audit.conftest import content
for number in range(int(sys.argv[2])):
    record(content(who=f"process {sys.argv[1]}", purpose=str(number)))
"""
_TAKES_ITS_TURN_AND_STOPS = """
import os, signal, sys
from sqlalchemy import insert, update
from actions.audit.chain import Chain
from actions.audit.models import head, look
from actions.audit.trail import Trail
from tests.actions.audit.conftest import KEY, content
trail = Trail(sys.argv[1], Chain(KEY))
with trail._writer.begin() as connection:
    turn = update(head).values(sequence=head.c.sequence).returning(head.c.sequence, head.c.hash)
    sequence, last = connection.execute(turn).one()
    stamped = {**content(), "at": "2026-11-22T00:00:00.000000Z"}
    connection.execute(insert(look).values(sequence=sequence + 1, previous=last, hash="f" * 64, **stamped))
    print("in the middle", flush=True)
    signal.pause()
"""


def test_the_migration_makes_exactly_the_tables_of_the_models(database_url):
    upgrade(database_url)
    with create_engine(database_url).connect() as connection:
        options = {"compare_type": True, "version_table": "audit_version"}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_the_trail_and_the_accounts_can_share_a_database(database_url):
    upgrade_accounts(database_url)
    upgrade(database_url)
    upgrade_accounts(database_url)
    upgrade(database_url)
    assert Trail(database_url, Chain(KEY)).append(content()) == 1


def test_records_come_back_as_they_were_written_in_their_order(filled):
    records = filled.latest(3)
    assert [record.sequence for record in records] == [6, 7, 8]
    assert [record.content["who"] for record in records] == ["员工6", "员工7", "员工8"]
    assert [record.previous for record in records[1:]] == [record.hash for record in records[:-1]]
    assert records[0].content["at"] < records[1].content["at"] < records[2].content["at"]


def test_the_looks_at_one_number_are_found_by_its_hash(trail):
    trail.append(content(number_hash=trail.chain.number("18600010101"), who="王芳"))
    trail.append(content(number_hash=trail.chain.number("18600010102"), who="李强"))
    assert [record.content["who"] for record in trail.latest(9, number="18600010102")] == ["李强"]
    assert [record.sequence for record in trail.latest(9, who="王芳")] == [1]


def test_many_processes_that_find_no_trail_yet_write_one_chain_without_a_gap(database_url, tmp_path, monkeypatch):
    # How long a writer waits for its turn is another matter: on a busy machine five seconds may not be enough.
    patient = f"{database_url}?timeout=60" if database_url.startswith("sqlite") else database_url
    monkeypatch.setenv("AUDIT_URL", patient)
    monkeypatch.setenv("AUDIT_KEY", KEY.decode())
    monkeypatch.setenv("BOT_VAR", str(tmp_path))
    command = [sys.executable, "-c", _APPENDS]
    processes = [subprocess.Popen([*command, str(number), "20"], cwd=ROOT) for number in range(5)]
    assert [process.wait(120) for process in processes] == [0] * 5
    trail = Trail(database_url, Chain(KEY))
    records = trail.latest(1000)
    assert [record.sequence for record in records] == list(range(1, 101))
    assert verify(trail).findings == ()
    for number in range(5):
        written = [record.content["purpose"] for record in records if record.content["who"] == f"process {number}"]
        assert written == [str(each) for each in range(20)]


def test_a_writer_that_is_killed_in_the_middle_leaves_nothing_behind(trail, database_url):
    trail.append(content())
    command = [sys.executable, "-c", _TAKES_ITS_TURN_AND_STOPS, database_url]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "in the middle\n"
        process.send_signal(signal.SIGKILL)
    assert trail.append(content()) == 2
    assert verify(trail).findings == ()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_look SET who = 'nobody' WHERE sequence = 3",
        "DELETE FROM audit_look WHERE sequence = 8",
        "DELETE FROM audit_look",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET sequence = 7",
        "UPDATE audit_head SET sequence = 9",
        "UPDATE audit_head SET hash = 'x'",
        "INSERT INTO audit_head (id, sequence, hash, seal) VALUES (2, 0, '', '')",
        "INSERT INTO audit_look SELECT 9, at, channel, role, who, purpose, operation, on_day, rules_version, facts, "
        "assumed, number_hash, number_masked, status, customer, numbers, counts, 'x', 'x' FROM audit_look "
        "WHERE sequence = 1",
    ],
)
def test_the_database_itself_refuses_everything_but_the_next_record(filled, database_url, statement):
    before = filled.latest(99)
    with pytest.raises(DBAPIError, match="append"), create_engine(database_url).begin() as connection:
        connection.execute(text(statement))
    assert filled.latest(99) == before
    assert filled.append(content()) == 9


def test_sqlite_does_not_replace_a_record_and_postgresql_does_not_truncate(filled, database_url):
    engine = create_engine(database_url)
    columns = "SELECT sequence, at, channel, role, who, purpose, operation, on_day, rules_version, facts"
    rest = ", assumed, number_hash, number_masked, status, customer, numbers, counts, previous, hash FROM audit_look"
    statement = {
        "sqlite": f"INSERT OR REPLACE INTO audit_look {columns}{rest} WHERE sequence = 3",
        "postgresql": "TRUNCATE audit_look",
    }[engine.dialect.name]
    with pytest.raises(DBAPIError, match="append"), engine.begin() as connection:
        connection.execute(text(statement))
    assert len(filled.latest(99)) == 8


def test_nothing_is_written_into_a_file_that_somebody_has_removed(tmp_path):
    file = tmp_path / "audit.db"
    upgrade(f"sqlite:///{file}")
    trail = Trail(f"sqlite:///{file}", Chain(KEY))
    trail.append(content())
    file.unlink()
    with pytest.raises(AuditError):
        trail.append(content())


def test_nothing_is_appended_with_another_key(filled, database_url):
    with pytest.raises(AuditError, match="密钥"):
        Trail(database_url, Chain(b"quite another key")).append(content())
    assert filled.append(content()) == 9


def test_nothing_is_appended_after_a_head_that_was_set_back(filled, tamper):
    tamper(
        "DELETE FROM audit_look WHERE sequence > 6",
        "UPDATE audit_head SET sequence = 6, hash = (SELECT hash FROM audit_look WHERE sequence = 6)",
    )
    with pytest.raises(AuditError, match="链头"):
        filled.append(content())


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/base", "sqlite:////nowhere/at/all.db"])
def test_an_address_that_is_none_is_said_in_chinese(url):
    with pytest.raises(AuditError, match="审计库"):
        Trail(url, Chain(KEY))


def test_a_password_is_never_shown():
    with pytest.raises(AuditError) as raised:
        Trail("postgresql+psycopg2://bot:hush@127.0.0.1:1/audit", Chain(KEY)).append(content())
    assert "hush" not in str(raised.value)


def test_a_postgresql_account_without_more_rights_than_it_needs_can_write_and_not_tamper(postgres_url):
    upgrade(postgres_url)
    owner = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    role = f"writer_{make_url(postgres_url).database}"
    with owner.connect() as connection:
        for statement in (
            f"CREATE ROLE {role} LOGIN",
            f"GRANT SELECT, INSERT ON audit_look TO {role}",
            f"GRANT SELECT, UPDATE ON audit_head TO {role}",
            f"GRANT SELECT ON audit_version TO {role}",
        ):
            connection.execute(text(statement))
    limited = make_url(postgres_url).set(username=role).render_as_string(hide_password=False)
    upgrade(limited)
    trail = Trail(limited, Chain(KEY))
    assert trail.append(content()) == 1
    with pytest.raises(DBAPIError, match="owner"), create_engine(limited).begin() as connection:
        connection.execute(text("ALTER TABLE audit_look DISABLE TRIGGER USER"))
    trail.close()
    with owner.connect() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))


def test_a_locked_postgresql_trail_is_not_waited_for_without_end(postgres_url):
    upgrade(postgres_url)
    with create_engine(postgres_url).begin() as holder:
        holder.execute(text("LOCK TABLE audit_head IN EXCLUSIVE MODE"))
        with pytest.raises(AuditError, match="审计库"):
            Trail(postgres_url, Chain(KEY)).append(content())
