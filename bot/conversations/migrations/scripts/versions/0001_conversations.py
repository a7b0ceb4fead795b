"""Conversations, what was said in them, judgements, hand-overs and reviews."""

from alembic import op

from bot.conversations.models import metadata

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Makes all tables: this schema has not been released yet, so that its first step is its present form."""
    metadata.create_all(op.get_bind())
