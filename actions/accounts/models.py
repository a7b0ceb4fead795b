"""The tables of the accounts database (SQLite and PostgreSQL).

NULL always means "unknown". Where "there is none" is itself a fact, it is stored explicitly: as the word `none` in a
column of words, and for a date in the column `<date>_is_none` beside it. Money is stored as whole 分, so that it is
exact in every database.

These are SQLAlchemy Core tables: nothing here needs objects that change or load themselves, and the ORM would add a
quarter of a second to the start of every command.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    MetaData,
    String,
    Table,
    false,
)

from actions.accounts.types import Scaled, UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# Who holds numbers: a company or a person.
customer = Table(
    "customer",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", String(200)),
    Column("blacklisted", Boolean),
    Column("key_person", Boolean),
)


def _word(name: str) -> Column[str]:
    return Column(name, String(64))


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean)


def _date_or_none(name: str) -> tuple[Column[Any] | CheckConstraint, ...]:
    """A date column with its marker "there is none"; both at once would be a contradiction."""
    return (
        Column(name, Date),
        Column(f"{name}_is_none", Boolean, nullable=False, server_default=false()),
        CheckConstraint(f"NOT ({name}_is_none AND {name} IS NOT NULL)", name=f"{name}_is_none"),
    )


# One number: a mobile number, a fixed line or a circuit.
subscription = Table(
    "subscription",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("customer_id", String(64), ForeignKey("customer.id"), index=True),
    Column("recorded_at", UtcDateTime, nullable=False),
    _word("ownership"),
    _word("service"),
    _word("payment"),
    _word("status"),
    _word("lifecycle"),
    Column("arrears", Scaled(2)),
    Column("balance", Scaled(2)),
    Column("refundable", Scaled(2)),
    Column("points", BigInteger),
    _word("relocated"),
    _flag("campaign_restricted"),
    _flag("special_number_restricted"),
    *_date_or_none("subsidy_agreement_end"),
    *_date_or_none("plan_agreement_end"),
    *_date_or_none("special_number_agreement_end"),
    _flag("special_terms"),
    _word("prepayment_kind"),
    _flag("roaming"),
    Column("roaming_prepayment", Scaled(2)),
    *_date_or_none("roaming_closed_on"),
    Column("data_used_gb", Scaled(3)),
    _flag("signed_member"),
)
