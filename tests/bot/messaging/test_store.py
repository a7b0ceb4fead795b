"""Who writes, what came in and what is to be sent: the tables of the messaging platforms, on both databases."""

from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, insert, select, update

from actions.identity import Identity
from bot.conversations.migrations import upgrade as upgrade_conversations
from bot.identity.keys import Keys
from bot.messaging.bindings import Bindings
from bot.messaging.migrations import upgrade
from bot.messaging.models import delivery, former, metadata, person, received, seen_nonce
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


def away(store, engine, clock, days=181):
    """Somebody to whom everything has been told, after so many days."""
    taken = store.take("o-anna", "1", Credit(5, DAY))
    with engine.begin() as connection:
        connection.execute(update(person).values(open=False))
    clock.now += days * DAY
    return taken


def people(store, engine):
    store.purge()
    return len(rows(engine, person))


def test_whoever_has_not_written_for_too_long_is_forgotten_with_all_that_was_theirs(store, engine, clock):
    taken = away(store, engine, clock)
    put(engine, taken.person, state="sent", at=clock.now)
    assert people(store, engine) == 0
    assert rows(engine, delivery) == []
    assert rows(engine, received) == []
    # Whoever comes back is somebody new.
    again = store.take("o-anna", "2", None)
    assert again.first
    assert again.conversation != taken.conversation


def test_whoever_wrote_a_little_later_is_not_forgotten_yet(store, engine, clock):
    away(store, engine, clock, days=180)
    assert people(store, engine) == 1


def test_how_long_people_are_kept_can_be_set(engine, clock):
    store = MessagingStore(
        engine, Keys(b"k" * 32), "wechat", "app", idle_seconds=1800, retention=timedelta(days=7), clock=clock
    )
    away(store, engine, clock, days=7)
    assert people(store, engine) == 1
    clock.now += 1
    assert people(store, engine) == 0


@pytest.mark.parametrize("state", ["waiting", "sending", "held"])
def test_nobody_is_forgotten_to_whom_something_is_to_be_sent(store, engine, clock, state):
    taken = away(store, engine, clock)
    put(engine, taken.person, state=state, at=clock.now)
    assert people(store, engine) == 1
    assert [row.state for row in rows(engine, delivery)] == [state]


def test_nobody_is_forgotten_to_whom_more_may_be_said(store, engine, clock):
    away(store, engine, clock)
    with engine.begin() as connection:
        connection.execute(update(person).values(open=True))
    assert people(store, engine) == 1


def test_nobody_is_forgotten_in_whose_former_conversation_more_may_be_said(store, engine, clock):
    taken = away(store, engine, clock)
    with engine.begin() as connection:
        connection.execute(insert(former).values(conversation="former", person_id=taken.person, cursor=0))
    assert people(store, engine) == 1


def test_nobody_is_forgotten_who_has_a_number_bound(store, engine, clock):
    bindings = Bindings(store, Keys(b"k" * 32), lambda _number, _customer: True)
    store.take("o-anna", "0", None)
    bindings.bind("o-anna", Identity("customer", ("18600010101",), "G1001"))
    away(store, engine, clock)
    assert people(store, engine) == 1
    assert bindings.numbers("o-anna").counting == ("18600010101",)
    bindings.end("o-anna")
    assert people(store, engine) == 0


def test_whoever_writes_at_the_moment_of_being_forgotten_is_answered_as_somebody_new(
    store, engine, clock, database_url
):
    taken = away(store, engine, clock)
    other = MessagingStore(open_storage(database_url), Keys(b"k" * 32), "wechat", "app", idle_seconds=1800, clock=clock)

    moments = [other.purge]

    def forgets(_connection, _cursor, statement, *_rest):
        if statement.startswith("UPDATE messaging_person") and moments:
            moments.pop()()

    event.listen(engine, "before_cursor_execute", forgets)
    again = store.take("o-anna", "2", None)
    assert again.first
    assert again.person != taken.person or engine.dialect.name == "sqlite"
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
