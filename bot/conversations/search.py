"""The search index over masked entries: one interface, and the two ways in which the databases keep it.

SQLite keeps it as an FTS5 table, PostgreSQL as a `tsvector` with a GIN index. Both get the same words, cut before they
come to the database, so that both find the same.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Column, Connection, MetaData, Table, Text, cast, delete, func, insert, select
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.sql.expression import ColumnElement

from bot.conversations.models import entry
from bot.conversations.tokens import index_terms, query_terms

_CHUNK: Final = 500
_metadata = MetaData()
# Of FTS5 the key is the row id.
_sqlite = Table("entry_search", _metadata, Column("rowid", BigInteger, primary_key=True), Column("tokens", Text))
_postgresql = Table(
    "entry_search", MetaData(), Column("entry_id", BigInteger, primary_key=True), Column("tokens", TSVECTOR)
)
_SQLITE_ADD: Final = insert(_sqlite)


def index_entry(connection: Connection, entry_id: int, text: str) -> None:
    """Makes a new entry findable; call it in the transaction that stores the entry. Its text is masked already."""
    index_entries(connection, [(entry_id, text)])


def index_entries(connection: Connection, entries: Sequence[tuple[int, str]]) -> None:
    """Makes entries (id, masked text) findable that are not in the index."""
    if connection.dialect.name == "sqlite":
        rows = [{"rowid": entry_id, "tokens": " ".join(index_terms(text))} for entry_id, text in entries]
        connection.execute(_SQLITE_ADD, rows)
        return
    for entry_id, text in entries:
        # As they are, whatever the database's language settings would make of Chinese.
        vector = func.array_to_tsvector(cast(index_terms(text), ARRAY(Text)))
        connection.execute(insert(_postgresql).values(entry_id=entry_id, tokens=vector))


def rebuild(connection: Connection) -> int:
    """Makes the whole index anew from the entries; returns how many there are."""
    table, _ = _table(connection)
    connection.execute(delete(table))
    last = count = 0
    while True:
        rows = connection.execute(
            select(entry.c.id, entry.c.text).where(entry.c.id > last).order_by(entry.c.id).limit(_CHUNK)
        ).all()
        if not rows:
            return count
        index_entries(connection, [(row.id, row.text) for row in rows])
        last, count = rows[-1].id, count + len(rows)


def matching(connection: Connection, query: str) -> ColumnElement[bool] | None:
    """The condition that an entry has every word of a query; None where the query has no word.

    Only letters, digits and characters of the query reach the database: no sign in it can mean anything there.
    """
    terms = query_terms(query)
    if not terms:
        return None
    table, key = _table(connection)
    if connection.dialect.name == "sqlite":
        expression = " AND ".join(_either(word, parts, '"', " AND ", " OR ") for word, parts in terms)
        found = select(key).where(table.c.tokens.op("MATCH")(expression))
    else:
        expression = " & ".join(_either(word, parts, "'", " & ", " | ") for word, parts in terms)
        found = select(key).where(table.c.tokens.op("@@")(cast(expression, TSQUERY)))
    return entry.c.id.in_(found)


def _either(word: str, parts: Sequence[str], quote: str, both: str, either: str) -> str:
    """The word, or all of its parts."""
    whole = f"{quote}{word}{quote}"
    if not parts:
        return whole
    return f"({whole}{either}({both.join(f'{quote}{part}{quote}' for part in parts)}))"


def _table(connection: Connection) -> tuple[Table, Column[Any]]:
    if connection.dialect.name == "sqlite":
        return _sqlite, _sqlite.c.rowid
    return _postgresql, _postgresql.c.entry_id
