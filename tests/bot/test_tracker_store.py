"""Conversations in Rasa's own table, read and written more cheaply."""

import json

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from sqlalchemy import text

from bot.tracker_store import ConversationStore

WHO = "conversation-1"


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'tracker.db'}"


@pytest.fixture
def domain():
    return Domain.from_dict({"slots": {"operation": {"type": "any", "mappings": [{"type": "custom"}]}}})


@pytest.fixture
def store(url, domain):
    store = ConversationStore(url)
    store.domain = domain
    return store


def events_of(tracker):
    return [json.loads(json.dumps(event.as_dict())) for event in tracker.events]


async def said(store, words, operation=None):
    """One turn as Rasa makes it."""
    tracker = await store.get_or_create_tracker(WHO, append_action_listen=False)
    if not tracker.events:
        tracker.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], store.domain)
    tracker.update(UserUttered(words, {"name": "ask_fee", "confidence": 1.0}), store.domain)
    tracker.update(BotUttered(f"回答：{words}"), store.domain)
    if operation:
        tracker.update(SlotSet("operation", operation), store.domain)
    await store.save(tracker)
    return tracker


async def test_a_conversation_is_written_as_rasa_itself_would(url, store, domain, tmp_path):
    tracker = await said(store, "销户多少钱", "cancel_service")
    await said(store, "那要带什么")
    plain = SQLTrackerStore(domain, host=url)
    read = await plain.retrieve(WHO)
    own = SQLTrackerStore(domain, host=f"sqlite:///{tmp_path / 'own.db'}")
    await own.save(tracker)

    assert events_of(read) == events_of(tracker)[1:]  # Rasa reads from the beginning of the session, not of its action
    assert read.slots["operation"].value == "cancel_service"
    columns = text("SELECT sender_id, type_name, timestamp, intent_name, action_name FROM events ORDER BY id")
    with store.engine.connect() as ours, own.engine.connect() as theirs:
        assert ours.execute(columns).all() == theirs.execute(columns).all()


async def test_a_conversation_goes_on_after_a_restart(url, store, domain):
    await said(store, "销户多少钱", "cancel_service")
    again = ConversationStore(url)
    again.domain = domain
    tracker = await said(again, "那要带什么")

    assert tracker.slots["operation"].value == "cancel_service"
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["销户多少钱", "那要带什么"]


async def test_what_another_server_wrote_is_seen(url, store, domain):
    other = ConversationStore(url)
    other.domain = domain
    for number in range(6):
        await said((store, other)[number % 2], f"第{number}句", f"operation_{number}")
    tracker = await store.retrieve(WHO)

    assert [one.text for one in tracker.events if isinstance(one, UserUttered)] == [f"第{n}句" for n in range(6)]
    assert tracker.slots["operation"].value == "operation_5"


async def test_a_message_that_failed_halfway_leaves_nothing_behind(store):
    await said(store, "销户多少钱", "cancel_service")
    broken = await store.retrieve(WHO)
    broken.update(SlotSet("operation", "transfer_ownership"), store.domain)
    tracker = await store.retrieve(WHO)

    assert tracker is not broken
    assert tracker.slots["operation"].value == "cancel_service"


async def test_a_new_session_begins_without_what_was_before(store):
    first = await said(store, "销户多少钱", "cancel_service")
    first.update_with_events([ActionExecuted("action_session_start"), SessionStarted()], store.domain)
    first.update(UserUttered("在吗"), store.domain)
    await store.save(first)
    tracker = await store.retrieve(WHO)

    assert [one.text for one in tracker.events if isinstance(one, UserUttered)] == ["在吗"]
    assert len(events_of(await store.retrieve_full_tracker(WHO))) == len(first.events)


async def test_nobody_is_there_who_said_nothing(store):
    assert await store.retrieve("conversation-2") is None


async def test_saving_twice_writes_once(store):
    tracker = await said(store, "销户多少钱")
    await store.save(tracker)

    assert events_of(await store.retrieve_full_tracker(WHO)) == events_of(tracker)
