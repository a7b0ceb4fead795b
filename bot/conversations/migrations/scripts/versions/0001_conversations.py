"""Conversations, what was said in them, judgements, hand-overs and reviews."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _moment(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _in_conversation() -> sa.Column[Any]:
    return sa.Column("conversation_id", sa.String(64), nullable=False)


def upgrade() -> None:
    """Makes all tables."""
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("signed_in", sa.Boolean(), nullable=False),
        sa.Column("who", sa.String(200)),
        _moment("opened_at", nullable=False),
        _moment("last_at", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
    )
    op.create_table(
        "entry",
        sa.Column("id", _SEQUENCE, autoincrement=True, nullable=False),
        _in_conversation(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("client_id", sa.String(64)),
        sa.Column("reply_to", sa.BigInteger()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text()),
        sa.Column("decision", sa.String(32)),
        sa.Column("operation", sa.String(64)),
        sa.Column("aspect", sa.String(32)),
        sa.Column("topic", sa.String(64)),
        sa.Column("confidence", sa.Float()),
        sa.Column("rules_version", sa.String(64)),
        sa.Column("state", sa.String(16)),
        sa.Column("sealed", sa.Text()),
        sa.Column("lease_by", sa.String(32)),
        _moment("lease_until"),
        sa.Column("delayed", sa.Boolean(), nullable=False),
        sa.Column("milliseconds", sa.Integer()),
        _moment("at", nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entry"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_entry_conversation_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("conversation_id", "client_id", name="uq_entry_conversation_id_client_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "feedback",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("score", sa.String(8), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("comment", sa.Text()),
        _moment("at", nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_feedback_entry_id", ondelete="CASCADE"),
    )
    op.create_table(
        "handoff",
        sa.Column("id", _SEQUENCE, autoincrement=True, nullable=False),
        _in_conversation(),
        sa.Column("state", sa.String(16), nullable=False),
        _moment("requested_at", nullable=False),
        _moment("claimed_at"),
        sa.Column("claimed_by", sa.String(200)),
        _moment("active_at"),
        _moment("closed_at"),
        sa.PrimaryKeyConstraint("id", name="pk_handoff"),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversation.id"], name="fk_handoff_conversation_id", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "presence",
        sa.Column("name", sa.String(200), nullable=False),
        _moment("seen_at", nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_presence"),
    )
    op.create_table(
        "review",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(32)),
        sa.Column("operation", sa.String(64)),
        sa.Column("aspect", sa.String(32)),
        sa.Column("topic", sa.String(64)),
        sa.Column("use", sa.String(16), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("reviewed_by", sa.String(200), nullable=False),
        _moment("reviewed_at", nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_review"),
        sa.ForeignKeyConstraint(["entry_id"], ["entry.id"], name="fk_review_entry_id", ondelete="CASCADE"),
    )
    for table, columns in (
        ("conversation", ("opened_at",)),
        ("conversation", ("last_at",)),
        ("entry", ("at",)),
        ("entry", ("conversation_id", "id")),
        ("entry", ("state",)),
        ("feedback", ("at",)),
        ("handoff", ("conversation_id",)),
        ("handoff", ("state",)),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def downgrade() -> None:
    """Drops all tables."""
    for table in ("review", "presence", "handoff", "feedback", "entry", "conversation"):
        op.drop_table(table)
