"""Numbers bound to people of platforms, and conversations that end with a change of identity."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None

# SQLite counts rows itself only where the key is INTEGER.
_SEQUENCE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Makes the two tables, and lets people's conversations know whose they are."""
    op.add_column("messaging_person", sa.Column("identity_hash", sa.String(length=64), nullable=True))
    op.create_table(
        "messaging_former",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["messaging_person.id"], name=op.f("fk_messaging_former_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_messaging_former")),
    )
    op.create_index(op.f("ix_messaging_former_person_id"), "messaging_former", ["person_id"], unique=False)
    op.create_table(
        "messaging_binding",
        sa.Column("id", _SEQUENCE, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("number_hash", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["messaging_person.id"], name=op.f("fk_messaging_binding_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messaging_binding")),
        sa.UniqueConstraint("person_id", "number_hash", name=op.f("uq_messaging_binding_person_id_number_hash")),
    )
    op.create_index(op.f("ix_messaging_binding_number_hash"), "messaging_binding", ["number_hash"], unique=False)
