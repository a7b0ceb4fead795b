"""What the database promises: one place for a message, one lease, one answer, and nothing kept in clear."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.conversations.models import conversation, entry, feedback
from bot.conversations.reading import glance, newest, outcome
from bot.conversations.store import ConversationStore, TooManyWaitingError
from tests.bot.conversations.parts import GUEST, Clock, make_store
from tests.bot.gateway.fakes import echo

ANSWER = [{**echo("在").to_json(), "understanding": {"confidence": 0.75, "alternatives": []}}]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database_url: str, clock: Clock) -> ConversationStore:
    return make_store(database_url, clock)


def submit(store: ConversationStore, text: str, client_id: str, owner: str = "a", conversation: str = "c"):
    return store.submit(conversation, GUEST, client_id, text, "sealed", owner, 20)


def test_a_message_that_comes_twice_has_one_place(store):
    first, again = submit(store, "销户", "m1"), submit(store, "销户", "m1")

    assert again.entry == first.entry
    assert not again.waits
    assert len(glance(store.engine, "c", None).entries) == 1


def test_the_same_id_in_another_conversation_is_another_message(store):
    assert submit(store, "销户", "m1").entry != submit(store, "销户", "m1", conversation="d").entry


def test_only_the_first_waiting_message_of_a_conversation_can_be_had(store):
    first, second = submit(store, "一", "m1"), submit(store, "二", "m2")

    assert first.mine is not None
    assert second.mine is None
    assert store.claim("c", "b") is None
    store.finish(first.mine, "a", ANSWER)
    claimed = store.claim("c", "b")
    assert claimed is not None
    assert claimed.entry == second.entry


def test_a_lease_that_is_not_renewed_passes_to_another_gateway_and_the_first_one_stores_nothing(store, clock):
    first = submit(store, "一", "m1").mine
    clock.pass_(seconds=16)
    taken = store.claim("c", "b")

    assert taken.entry == first.entry
    assert store.finish(first, "a", ANSWER) is None
    assert store.finish(taken, "b", ANSWER) == 0
    assert len(outcome(store.engine, first.entry).replies) == 1


def test_a_lease_that_is_renewed_stays(store, clock):
    first = submit(store, "一", "m1").mine
    clock.pass_(seconds=10)
    store.renew([first.entry], "a")
    clock.pass_(seconds=10)

    assert store.claim("c", "b") is None
    assert store.to_take_up(10) == []


def test_what_a_gateway_gives_up_is_taken_up_the_longest_waiting_first(store):
    for number, name in enumerate(("x", "y", "z")):
        submit(store, "一", f"m{number}", conversation=name)
        submit(store, "二", f"n{number}", conversation=name)
    assert store.to_take_up(10) == []
    store.release("a")

    assert store.to_take_up(10) == ["x", "y", "z"]
    assert store.to_take_up(2) == ["x", "y"]


@pytest.mark.parametrize("end", ["finish", "fail", "withdraw"])
def test_what_was_sealed_is_gone_when_nobody_waits_any_longer(store, end):
    message = submit(store, "一", "m1").mine
    with store.engine.connect() as connection:
        assert connection.execute(select(entry.c.sealed)).scalar_one() == "sealed"
    if end == "finish":
        store.finish(message, "a", ANSWER)
    elif end == "fail":
        store.fail(message, "a", "抱歉")
    else:
        store.withdraw("c", message.entry)

    with store.engine.connect() as connection:
        assert connection.execute(select(entry.c.sealed, entry.c.lease_by).order_by(entry.c.id)).first() == (None, None)


def test_an_answer_keeps_how_it_was_understood_and_how_long_it_took(store, clock):
    message = submit(store, "一", "m1").mine
    clock.pass_(seconds=1.25)
    store.finish(message, "a", ANSWER)

    with store.engine.connect() as connection:
        row = connection.execute(
            select(entry.c.decision, entry.c.confidence, entry.c.milliseconds, entry.c.reply_to).where(
                entry.c.kind == "assistant"
            )
        ).one()
    assert row == ("answer", 0.75, 1250, message.entry)


def test_a_customer_is_not_shown_how_an_answer_was_understood(store):
    store.finish(submit(store, "一", "m1").mine, "a", ANSWER)
    shown = glance(store.engine, "c", None).entries[-1].to_json()

    assert set(shown) == {"entry", "at", "from", "reply_to", "text", "blocks", "choices"}


def test_a_failed_message_that_is_sent_again_waits_again_in_its_old_place(store):
    message = submit(store, "一", "m1").mine
    store.fail(message, "a", "抱歉")
    again = submit(store, "一", "m1")

    assert again.entry == message.entry
    assert again.waits
    assert submit(store, "别的话", "m1").entry == message.entry


def test_beyond_the_bound_nothing_is_stored(store):
    for number in range(3):
        store.submit("c", GUEST, f"m{number}", "话", None, "a", 3)
    with pytest.raises(TooManyWaitingError):
        store.submit("c", GUEST, "m3", "话", None, "a", 3)

    assert len(glance(store.engine, "c", None).entries) == 3


def test_a_judgement_replaces_the_former_and_only_answers_of_the_conversation_are_judged(store):
    message = submit(store, "一", "m1").mine
    store.finish(message, "a", ANSWER)
    answer = newest(store.engine, "c")

    assert store.judge("c", answer, "down", "wrong", "不对")
    assert store.judge("c", answer, "up", None, None)
    assert not store.judge("c", message.entry, "up", None, None)
    assert not store.judge("d", answer, "down", None, None)
    with store.engine.connect() as connection:
        assert connection.execute(select(feedback.c.score, feedback.c.reason)).all() == [("up", None)]
    assert glance(store.engine, "c", None).entries[-1].to_json()["feedback"] == "up"


def test_a_conversation_that_is_older_than_it_may_be_is_gone_with_everything_in_it(store, clock):
    store.finish(submit(store, "一", "m1").mine, "a", ANSWER)
    store.judge("c", newest(store.engine, "c"), "up", None, None)
    clock.pass_(days=100)
    submit(store, "二", "m2", conversation="d")
    clock.pass_(days=81)

    assert store.purge(timedelta(days=180)) == 1
    with store.engine.connect() as connection:
        assert connection.execute(select(conversation.c.id)).scalars().all() == ["d"]
        assert connection.execute(select(entry.c.text)).scalars().all() == ["二"]
        assert connection.execute(select(feedback)).all() == []


def test_the_place_of_a_deleted_entry_is_never_given_to_another(store, clock):
    last = submit(store, "一", "m1").entry
    clock.pass_(days=200)
    store.purge(timedelta(days=180))

    assert submit(store, "二", "m2", conversation="d").entry > last
