"""Customers and their numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

_DATES = ("subsidy_agreement_end", "plan_agreement_end", "special_number_agreement_end", "roaming_closed_on")


def upgrade() -> None:
    """Makes the two tables; amounts are whole numbers of the smallest unit (分, thousandths of a GB)."""
    op.create_table(
        "customer",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200)),
        sa.Column("blacklisted", sa.Boolean()),
        sa.Column("key_person", sa.Boolean()),
        sa.PrimaryKeyConstraint("id", name="pk_customer"),
    )
    op.create_table(
        "subscription",
        sa.Column("number", sa.String(64), nullable=False),
        sa.Column("customer_id", sa.String(64)),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String(64)) for name in ("ownership", "service", "payment", "status", "lifecycle")),
        *(sa.Column(name, sa.BigInteger()) for name in ("arrears", "balance", "refundable", "points")),
        sa.Column("relocated", sa.String(64)),
        *(sa.Column(name, sa.Boolean()) for name in ("campaign_restricted", "special_number_restricted")),
        *(sa.Column(name, sa.Date()) for name in _DATES),
        *(sa.Column(f"{name}_is_none", sa.Boolean(), nullable=False, server_default=sa.false()) for name in _DATES),
        sa.Column("special_terms", sa.Boolean()),
        sa.Column("prepayment_kind", sa.String(64)),
        sa.Column("roaming", sa.Boolean()),
        sa.Column("roaming_prepayment", sa.BigInteger()),
        sa.Column("data_used_gb", sa.BigInteger()),
        sa.Column("signed_member", sa.Boolean()),
        sa.PrimaryKeyConstraint("number", name="pk_subscription"),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_subscription_customer_id"),
        *(
            sa.CheckConstraint(
                f"NOT ({name}_is_none AND {name} IS NOT NULL)", name=op.f(f"ck_subscription_{name}_is_none")
            )
            for name in _DATES
        ),
    )
    op.create_index("ix_subscription_customer_id", "subscription", ["customer_id"])


def downgrade() -> None:
    """Drops both tables."""
    op.drop_table("subscription")
    op.drop_table("customer")
