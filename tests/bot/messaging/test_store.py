"""Who writes, what came in and what is to be sent: the tables of the messaging platforms, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, insert, select, update

from bot.conversations.migrations import upgrade as upgrade_conversations
from bot.identity.keys import Keys
from bot.messaging.migrations import upgrade
from bot.messaging.models import delivery, metadata, person, received, seen_nonce
from bot.messaging.store import Credit, MessagingStore
from bot.storage import open_storage

DAY = 86_400.0


class Time:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def environment(monkeypatch, tmp_path):
    monkeypatch.setenv("BOT_VAR", str(tmp_path / "var"))


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def engine(database_url):
    engine = open_storage(database_url)
    upgrade_conversations(engine)
    upgrade(engine)
    return engine


@pytest.fixture
def store(engine, clock):
    return MessagingStore(engine, Keys(b"k" * 32), "wechat", "app", idle_seconds=1800, clock=clock)


def put(engine, who, text="前一个回答", state="waiting", reason="-1", at=0.0, place=1):
    new = {
        "person_id": who, "entry": place, "part": 0, "text": text, "state": state, "reason": reason, "attempts": 1,
        "due_at": at, "lease_until": 0.0,
    }  # fmt: skip
    with engine.begin() as connection:
        connection.execute(insert(delivery).values(new))


def rows(engine, what):
    with engine.connect() as connection:
        return connection.execute(select(what)).all()


def test_the_migrations_make_what_the_tables_describe(engine):
    ours = set(metadata.tables)

    def mine(thing, name, kind, _reflected, _other):
        return kind != "table" or name in ours

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": mine})
        assert compare_metadata(context, metadata) == []


def test_a_person_who_was_away_begins_another_conversation(store, engine, clock):
    first = store.take("o-anna", "1", None)
    clock.now += 1799
    assert store.take("o-anna", "2", None).conversation == first.conversation
    with engine.begin() as connection:
        connection.execute(update(person).values(open=False))
    clock.now += 1801
    later = store.take("o-anna", "3", None)
    assert later.conversation != first.conversation
    assert later.person == first.person


def test_what_is_still_to_be_told_keeps_the_conversation_of_a_person_who_was_away(store, clock):
    first = store.take("o-anna", "1", None)
    clock.now += 5000
    assert store.take("o-anna", "2", None).conversation == first.conversation


def test_purging_forgets_what_is_over_and_keeps_what_is_not(store, engine, clock):
    taken = store.take("o-anna", "old", Credit(5, DAY))
    store.is_first_use("old", "", 600)
    put(engine, taken.person, state="sent", at=clock.now, place=1)
    put(engine, taken.person, state="waiting", at=clock.now, place=2)
    clock.now += 31 * DAY
    store.take("o-anna", "new", None)
    store.is_first_use("new", "", 600)
    store.purge()
    assert len(rows(engine, received)) == 1
    assert len(rows(engine, seen_nonce)) == 1
    assert [row.state for row in rows(engine, delivery)] == ["waiting"]
    assert len(rows(engine, person)) == 1


def test_what_was_not_sent_goes_in_front_of_the_next_answer(store, engine):
    taken = store.take("o-anna", "1", None)
    put(engine, taken.person)
    assert store.settle(taken, "这一个回答", 2048).text == "前一个回答\n\n这一个回答"
    assert [row.state for row in rows(engine, delivery)] == ["sent"]


def test_what_another_gateway_has_begun_to_send_is_not_given_with_the_next_answer_as_well(store, engine, database_url):
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    taken = store.take("o-anna", "1", None)
    put(engine, taken.person)
    other = open_storage(database_url)

    def claims(_connection, _cursor, statement, *_rest):
        if statement.startswith("UPDATE messaging_delivery"):
            with other.begin() as connection:
                connection.execute(update(delivery).values(state="sending"))

    event.listen(engine, "before_cursor_execute", claims)
    assert store.settle(taken, "这一个回答", 2048).text == "这一个回答"
    assert [row.state for row in rows(engine, delivery)] == ["sending"]


def test_a_delivery_that_a_gateway_is_at_is_an_entry_only_when_it_is_stored(store):
    assert not store.is_entry(store.take("o-anna", "1", None))
