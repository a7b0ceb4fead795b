"""The trail and its head, and triggers that let the trail only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

# A record may only follow the head, and the head may only move to the record that follows it. (An update of the head
# that changes nothing is how a writer takes its turn.)
_FOLLOWS_HEAD = "EXISTS (SELECT 1 FROM audit_head h WHERE h.sequence + 1 = NEW.sequence AND h.hash = NEW.previous)"
_HEAD_MOVES_ON = """(NEW.sequence = OLD.sequence AND NEW.hash = OLD.hash AND NEW.seal = OLD.seal) OR
    (NEW.sequence = OLD.sequence + 1 AND EXISTS (
        SELECT 1 FROM audit_look l WHERE l.sequence = NEW.sequence AND l.hash = NEW.hash AND l.previous = OLD.hash))"""
_REFUSAL = "the audit trail can only be appended to"

# (table, event, what it must satisfy; None: it is refused always)
_TRIGGERS = (
    ("audit_look", "INSERT", _FOLLOWS_HEAD),
    ("audit_look", "UPDATE", None),
    ("audit_look", "DELETE", None),
    ("audit_head", "INSERT", None),
    ("audit_head", "UPDATE", _HEAD_MOVES_ON),
    ("audit_head", "DELETE", None),
)


def upgrade() -> None:
    """Makes both tables, the empty chain's head, and the triggers."""
    op.create_table(
        "audit_look",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("on_day", sa.String(10), nullable=False),
        sa.Column("rules_version", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("assumed", sa.Text()),
        sa.Column("number_hash", sa.String(64)),
        sa.Column("number_masked", sa.String(64)),
        sa.Column("status", sa.String(32)),
        sa.Column("customer", sa.String(64)),
        sa.Column("numbers", sa.BigInteger()),
        sa.Column("counts", sa.Text()),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit_look"),
    )
    op.create_index("ix_audit_look_number_hash", "audit_look", ["number_hash"])
    op.create_index("ix_audit_look_hash", "audit_look", ["hash"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_only_one")),
    )
    op.bulk_insert(head, [{"id": 1, "sequence": 0, "hash": "0" * 64, "seal": ""}])
    make = _sqlite_trigger if op.get_bind().dialect.name == "sqlite" else _postgresql_trigger
    for table, event, condition in _TRIGGERS:
        make(table, event, condition)


def _sqlite_trigger(table: str, event: str, condition: str | None) -> None:
    when = f"WHEN NOT ({condition})" if condition else ""
    op.execute(
        f"CREATE TRIGGER {table}_{event.lower()} BEFORE {event} ON {table} {when} "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    )


def _postgresql_trigger(table: str, event: str, condition: str | None) -> None:
    name = f"{table}_{event.lower()}"
    guard = f"IF NOT ({condition}) THEN RAISE EXCEPTION '{_REFUSAL}'; END IF; RETURN NEW;" if condition else ""
    body = guard or f"RAISE EXCEPTION '{_REFUSAL}';"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    if event == "DELETE":
        op.execute(
            f"CREATE TRIGGER {table}_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    """Refuses: taking this back would destroy the trail. Whoever means to drops the database."""
    raise RuntimeError("the audit trail cannot be migrated away")
