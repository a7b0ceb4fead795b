"""The tables for messaging platforms. They stand in the conversations database, beside the entries that are delivered.

Ids that platforms give to people stand here as keyed hashes, and sealed for sending. Times are seconds since the epoch.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage import NAMING, SEQUENCE

metadata = MetaData(naming_convention=NAMING)
_HASH: Final = String(64)

# Somebody who writes over a platform, and what may still be sent to them.
person = Table(
    "messaging_person",
    metadata,
    Column("id", SEQUENCE, primary_key=True),
    # wechat, wecom
    Column("platform", String(16), nullable=False),
    Column("account_hash", _HASH, nullable=False, unique=True),
    Column("account_sealed", Text, nullable=False),
    # The present conversation; after a while, or with another identity, it is another one.
    Column("conversation", String(64), nullable=False, index=True),
    # What stands for the identity of the present conversation; NULL: nobody known.
    Column("identity_hash", _HASH),
    Column("used_at", Float, nullable=False),
    # So many messages may be sent until then.
    Column("quota", Integer, nullable=False),
    Column("quota_until", Float, nullable=False),
    # Entries of the conversation up to this one have been handed to the outbox, or need not be.
    Column("cursor", BigInteger, nullable=False),
    # Whether there may be more to deliver.
    Column("open", Boolean, nullable=False),
    Index("ix_messaging_person_open", "open"),
)

# A conversation that another one has taken the place of, while more may still be said in it.
former = Table(
    "messaging_former",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("person_id", BigInteger, ForeignKey("messaging_person.id", ondelete="CASCADE"), nullable=False, index=True),
    # As in the table of people.
    Column("cursor", BigInteger, nullable=False),
)

# A number that somebody has proved to be theirs. Number and customer (its holder then) are sealed together.
binding = Table(
    "messaging_binding",
    metadata,
    Column("id", SEQUENCE, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("messaging_person.id", ondelete="CASCADE"), nullable=False),
    Column("number_hash", _HASH, nullable=False, index=True),
    Column("sealed", Text, nullable=False),
    Column("at", Float, nullable=False),
    UniqueConstraint("person_id", "number_hash"),
)

# Something that a platform delivered, and the first result of it, which every further delivery gets as well. A message
# becomes an entry whose client's id is the key.
received = Table(
    "messaging_received",
    metadata,
    Column("key_hash", _HASH, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("messaging_person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("conversation", String(64), nullable=False),
    # taken: the answer is awaited; passive: it was given in the answer to the delivery; deferred: the outbox sends it.
    Column("state", String(16), nullable=False),
    Column("text", Text),
    Column("at", Float, nullable=False, index=True),
)

# The outbox: one text to be sent as a message of its own.
delivery = Table(
    "messaging_delivery",
    metadata,
    Column("id", SEQUENCE, primary_key=True),
    Column("person_id", BigInteger, ForeignKey("messaging_person.id", ondelete="CASCADE"), nullable=False),
    Column("entry", BigInteger, nullable=False),
    Column("part", Integer, nullable=False),
    Column("text", Text, nullable=False),
    # waiting, sending, sent, held (nothing can be sent until the person writes again), failed, unconfirmed
    Column("state", String(16), nullable=False),
    # Why it is held or failed, as a code of the platform or a word.
    Column("reason", String(64)),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("lease_until", Float, nullable=False),
    UniqueConstraint("entry", "part"),
    Index("ix_messaging_delivery_state_due_at", "state", "due_at"),
    Index("ix_messaging_delivery_person_id_state", "person_id", "state"),
)

# Numbers used once in signed requests, and what came with them: nobody sends something else under the same signature.
seen_nonce = Table(
    "messaging_nonce",
    metadata,
    Column("nonce_hash", _HASH, primary_key=True),
    Column("content_hash", _HASH, nullable=False),
    Column("expires_at", Float, nullable=False, index=True),
)

# Access tokens, sealed; all gateways use the same, and one at a time renews it.
access_token = Table(
    "messaging_token",
    metadata,
    Column("account", String(200), primary_key=True),
    Column("token_sealed", Text),
    Column("expires_at", Float, nullable=False),
    Column("lease_until", Float, nullable=False),
)
