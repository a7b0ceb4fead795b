"""The search index over entries, and what reviews and figures look answers up by."""

from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Makes the index of the database at hand; `search-index` fills it for entries that are there already."""
    op.create_index("ix_entry_reply_to", "entry", ["reply_to"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE entry_search USING fts5(tokens, tokenize = 'unicode61 remove_diacritics 0')")
        # A virtual table knows no foreign keys.
        op.execute(
            "CREATE TRIGGER entry_search_removed AFTER DELETE ON entry"
            " BEGIN DELETE FROM entry_search WHERE rowid = OLD.id; END"
        )
        return
    op.execute(
        "CREATE TABLE entry_search (entry_id BIGINT PRIMARY KEY REFERENCES entry (id) ON DELETE CASCADE,"
        " tokens TSVECTOR NOT NULL)"
    )
    op.execute("CREATE INDEX ix_entry_search_tokens ON entry_search USING gin (tokens)")
