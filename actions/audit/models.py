"""The tables of the audit trail (SQLite and PostgreSQL).

Points in time, days and lists are kept as text, exactly as they were hashed. The database itself refuses to change or
remove a record: see the triggers in the migration.
"""

from sqlalchemy import BigInteger, CheckConstraint, Column, MetaData, SmallInteger, String, Table, Text

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# One look at one number, or at a whole list of them.
look = Table(
    "audit_look",
    metadata,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    # UTC, as 2026-11-22T01:02:03.000004Z.
    Column("at", String(27), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("who", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("operation", String(64), nullable=False),
    Column("on_day", String(10), nullable=False),
    Column("rules_version", String(64), nullable=False),
    # JSON list of {"name", "source", "known"}: names of facts, never their values.
    Column("facts", Text, nullable=False),
    # JSON object: what was assumed instead of read.
    Column("assumed", Text),
    # Of one number: its keyed hash, its masked form, and the status of the verdict.
    Column("number_hash", String(64), index=True),
    Column("number_masked", String(64)),
    Column("status", String(32)),
    # Of a list: whose numbers (a customer's id, or `all`), how many, and JSON object of how many with which status.
    Column("customer", String(64)),
    Column("numbers", BigInteger),
    Column("counts", Text),
    Column("previous", String(64), nullable=False),
    # Not unique: SQLite's INSERT OR REPLACE would remove the older record of a pair without asking a trigger.
    Column("hash", String(64), nullable=False, index=True),
)

# How many records there are and the hash of the last, sealed with the key: so that a missing tail is noticed.
head = Table(
    "audit_head",
    metadata,
    Column("id", SmallInteger, CheckConstraint("id = 1", name="only_one"), primary_key=True, autoincrement=False),
    Column("sequence", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)

CONTENT = tuple(column for column in look.c if column.name not in ("sequence", "previous", "hash"))
