"""A conversation never goes on under another identity, in whichever order messages and changes come."""

import pytest

from actions.identity import Identity
from actions.privacy.sealing import seal
from bot.conversations.store import ConversationStore
from bot.messaging import migrations
from bot.messaging.store import MessagingStore
from tests.bot.conversations.parts import GUEST, make_store
from tests.bot.wechat.account import KEYS

ANNA = "o-anna"
KNOWN = Identity("customer", ("18600010101",), "G1001")


@pytest.fixture
def conversations(database_url):
    store = make_store(database_url)
    migrations.upgrade(store.engine)
    yield store
    store.engine.dispose()


@pytest.fixture
def store(conversations: ConversationStore) -> MessagingStore:
    return MessagingStore(conversations.engine, KEYS, "wechat", "wx1", idle_seconds=1800, clock=lambda: 1000.0)


def test_the_same_identity_goes_on_in_the_same_conversation(store):
    first = store.conversation_of(store.take(ANNA, "1", None), KNOWN)
    second = store.conversation_of(store.take(ANNA, "2", None), KNOWN)
    assert first.conversation == second.conversation
    assert store.take(ANNA, "1", None).conversation == first.conversation


def test_each_change_begins_another_one(store):
    other = Identity("customer", ("18600010101", "18600010102"), "G1001")
    told = [store.conversation_of(store.take(ANNA, key, None), who) for key, who in
            (("1", None), ("2", KNOWN), ("3", other), ("4", None))]  # fmt: skip
    assert len({one.conversation for one in told}) == 4


def test_a_message_that_came_before_the_change_and_is_known_after_it_goes_to_the_new_conversation(store):
    early = store.take(ANNA, "1", None)
    changed = store.conversation_of(store.take(ANNA, "2", None), KNOWN)
    assert early.conversation != changed.conversation
    assert store.conversation_of(early, KNOWN).conversation == changed.conversation


def test_a_further_delivery_of_what_was_submitted_stays_where_it_is(store, conversations):
    taken = store.conversation_of(store.take(ANNA, "1", None), None)
    conversations.submit(taken.conversation, GUEST, taken.key, "补卡", seal({}, "x"), "gateway", 10)
    again = store.take(ANNA, "1", None)
    assert store.conversation_of(again, KNOWN).conversation == taken.conversation
