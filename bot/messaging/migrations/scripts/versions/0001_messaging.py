"""People of platforms, what came in from them, what is to be sent, nonces and access tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

# SQLite counts rows itself only where the key is INTEGER.
_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes all tables."""
    op.create_table(
        "messaging_nonce",
        sa.Column("nonce_hash", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("nonce_hash", name=op.f("pk_messaging_nonce")),
    )
    op.create_index(op.f("ix_messaging_nonce_expires_at"), "messaging_nonce", ["expires_at"], unique=False)
    op.create_table(
        "messaging_person",
        sa.Column("id", _SEQUENCE, nullable=False),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("account_hash", sa.String(length=64), nullable=False),
        sa.Column("account_sealed", sa.Text(), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.Float(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("quota_until", sa.Float(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messaging_person")),
        sa.UniqueConstraint("account_hash", name=op.f("uq_messaging_person_account_hash")),
    )
    op.create_index(op.f("ix_messaging_person_conversation"), "messaging_person", ["conversation"], unique=False)
    op.create_index("ix_messaging_person_open", "messaging_person", ["open"], unique=False)
    op.create_table(
        "messaging_token",
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("token_sealed", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_messaging_token")),
    )
    op.create_table(
        "messaging_delivery",
        sa.Column("id", _SEQUENCE, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("entry", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.Float(), nullable=False),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["messaging_person.id"], name=op.f("fk_messaging_delivery_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messaging_delivery")),
        sa.UniqueConstraint("entry", "part", name=op.f("uq_messaging_delivery_entry_part")),
    )
    op.create_index("ix_messaging_delivery_person_id_state", "messaging_delivery", ["person_id", "state"], unique=False)
    op.create_index("ix_messaging_delivery_state_due_at", "messaging_delivery", ["state", "due_at"], unique=False)
    op.create_table(
        "messaging_received",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["messaging_person.id"], name=op.f("fk_messaging_received_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_messaging_received")),
    )
    op.create_index(op.f("ix_messaging_received_at"), "messaging_received", ["at"], unique=False)
    op.create_index(op.f("ix_messaging_received_person_id"), "messaging_received", ["person_id"], unique=False)
