"""The tables of the conversations database (SQLite and PostgreSQL).

Everything people typed is masked before it comes here; nothing in these tables names a number or a person in clear.
"""

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

from actions.accounts.types import UtcDateTime
from bot.storage import NAMING, SEQUENCE

metadata = MetaData(naming_convention=NAMING)


# A conversation under one identity; another identity is always another conversation.
conversation = Table(
    "conversation",
    metadata,
    Column("id", String(64), primary_key=True),
    # web, console, wechat, wecom
    Column("channel", String(16), nullable=False),
    # customer, staff
    Column("role", String(16), nullable=False),
    Column("signed_in", Boolean, nullable=False),
    # The name of a member of staff; a customer is never named.
    Column("who", String(200)),
    Column("opened_at", UtcDateTime, nullable=False, index=True),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    # Counts the changes, so that a gateway sees what another one wrote.
    Column("version", Integer, nullable=False, default=1),
)

# What was said, in order: the id of an entry is its place in the stream that a browser follows.
entry = Table(
    "entry",
    metadata,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column("conversation_id", String(64), ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False),
    # user, assistant, staff, note
    Column("kind", String(16), nullable=False),
    # The id that the client gave its message, so that a message that comes twice is answered once.
    Column("client_id", String(64)),
    # The message that this one answers.
    Column("reply_to", BigInteger, index=True),
    Column("text", Text, nullable=False),
    # Of an assistant's entry: the reply (JSON), what only staff see of it (`understanding`) included.
    Column("reply", Text),
    # What was understood, of an assistant's entry.
    Column("decision", String(32)),
    Column("operation", String(64)),
    Column("aspect", String(32)),
    Column("topic", String(64)),
    Column("confidence", Float),
    Column("rules_version", String(64)),
    # Of a user's entry: waiting, answered, failed (nobody waits for it any longer), staff (a person answers it).
    Column("state", String(16)),
    # Of a waiting entry: the clear text and the identity, sealed; gone as soon as nobody waits.
    Column("sealed", Text),
    # Of a waiting entry: which gateway answers it, and until when the others leave it alone.
    Column("lease_by", String(32)),
    Column("lease_until", UtcDateTime),
    # Whether an attempt to answer it has failed already.
    Column("delayed", Boolean, nullable=False, default=False),
    # From the message to its answer, in milliseconds.
    Column("milliseconds", Integer),
    Column("at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("conversation_id", "client_id"),
    Index("ix_entry_conversation_id_id", "conversation_id", "id"),
    Index("ix_entry_state", "state"),
    # The place of an entry in the stream is never given to another one.
    sqlite_autoincrement=True,
)

# What a user thinks of an answer; a later judgement replaces the former.
feedback = Table(
    "feedback",
    metadata,
    Column("entry_id", BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # up, down
    Column("score", String(8), nullable=False),
    # wrong, outdated, unclear, other
    Column("reason", String(16)),
    Column("comment", Text),
    Column("at", UtcDateTime, nullable=False, index=True),
)

# A wish to talk to a person, from the request until it is given back; while one is claimed the assistant is silent.
handoff = Table(
    "handoff",
    metadata,
    Column("id", SEQUENCE, primary_key=True, autoincrement=True),
    Column(
        "conversation_id", String(64), ForeignKey("conversation.id", ondelete="CASCADE"), nullable=False, index=True
    ),
    # queued, claimed, returned, cancelled
    Column("state", String(16), nullable=False, index=True),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("claimed_at", UtcDateTime),
    Column("claimed_by", String(200)),
    # When the member of staff last did something for it.
    Column("active_at", UtcDateTime),
    Column("closed_at", UtcDateTime),
    sqlite_autoincrement=True,
)

# Members of staff who can take hand-overs, with the time their console was last seen.
presence = Table(
    "presence",
    metadata,
    Column("name", String(200), primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
)

# What a member of staff says that a question should have been understood as.
review = Table(
    "review",
    metadata,
    Column("entry_id", BigInteger, ForeignKey("entry.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("decision", String(32)),
    Column("operation", String(64)),
    Column("aspect", String(32)),
    Column("topic", String(64)),
    # test, training, ignored
    Column("use", String(16), nullable=False),
    Column("note", Text),
    Column("reviewed_by", String(200), nullable=False),
    Column("reviewed_at", UtcDateTime, nullable=False),
)
