"""The trail in its database: appends one record at a time, and reads them back in order."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, insert, select, true, update

from actions.audit.chain import Chain, Content
from actions.audit.database import AuditMissingError, audit_engine, audit_faults, parse_audit_url
from actions.audit.errors import AuditError
from actions.audit.models import CONTENT, head, look
from actions.secret import kept_secret
from actions.settings import SettingsError, settings

_PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Head:
    """How many records the chain has, the hash of the last one, and the seal on both."""

    sequence: int
    hash: str
    seal: str


@dataclass(frozen=True, slots=True)
class Record:
    """One stored record; `content` is what happened, by column."""

    sequence: int
    content: Content
    previous: str
    hash: str


class Trail:
    """One audit database. Safe to use from several threads and processes.

    Args:
        url: SQLAlchemy URL of the database.
        chain: its seals.

    Raises `AuditMissingError` where the database has not been made, `AuditError` for a bad URL.
    """

    def __init__(self, url: str, chain: Chain) -> None:
        self.chain = chain
        self._url = parse_audit_url(url)
        with audit_faults(self._url):
            self._writer = audit_engine(self._url)
            self._reader = audit_engine(self._url, reading=True)

    def append(self, content: Content) -> int:
        """Adds a record, with the present time, and returns its sequence number. Raises `AuditError`.

        Writers take turns: the update that changes nothing locks the head's row (PostgreSQL) or the file (SQLite) until
        the transaction ends, and returns the head as the last writer left it.
        """
        with audit_faults(self._url), self._writer.begin() as connection:
            row = self._take_turn(connection)
            # Read while the others wait, so that the times are in the order of the records.
            stamped = {**content, "at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
            sequence = int(row.sequence) + 1
            sealed = self.chain.record(stamped, row.hash)
            connection.execute(insert(look).values(sequence=sequence, previous=row.hash, hash=sealed, **stamped))
            connection.execute(
                update(head).values(sequence=sequence, hash=sealed, seal=self.chain.head(sequence, sealed))
            )
        return sequence

    def check(self) -> None:
        """Raises `AuditError` unless a record could be added now; adds none."""
        with audit_faults(self._url), self._writer.connect() as connection, connection.begin() as transaction:
            self._take_turn(connection)
            transaction.rollback()

    def _take_turn(self, connection: Connection) -> Row[tuple[int, str, str]]:
        """Waits for the other writers, and gives the head; raises `AuditError` where nothing may be added to it."""
        turn = update(head).values(sequence=head.c.sequence).returning(head.c.sequence, head.c.hash, head.c.seal)
        row = connection.execute(turn).one_or_none()
        if row is None or self.chain.head(row.sequence, row.hash) != row.seal:
            raise AuditError("审计库的链头对不上，不能接着登记：密钥换过，或者有人动过审计库。请用 audit verify 核对。")
        return row

    def pages(self) -> Iterator[tuple[Head | None, list[Record]]]:
        """All records in order, a page at a time, each page with the head of the same moment; an empty page ends them.

        Nobody who writes has to wait for somebody who reads the whole trail.
        """
        last: ColumnElement[bool] = true()
        while True:
            # One statement is one moment, in both databases.
            page = select(look).where(last).order_by(look.c.sequence).limit(_PAGE).subquery()
            anchored = select(head.c.sequence, head.c.hash, head.c.seal, page)
            joined = anchored.select_from(head.outerjoin(page, true())).order_by(page.c.sequence)
            with audit_faults(self._url), self._reader.connect() as connection:
                rows = connection.execute(joined).all()
                # A head that somebody has removed leaves nothing to join to.
                alone = [] if rows else connection.execute(select(page).order_by(page.c.sequence)).all()
                anchor = Head(*rows[0][:3]) if rows else None
                records = [_record(row[3:]) for row in rows if row[3] is not None] or [_record(row) for row in alone]
            yield anchor, records
            if not records:
                return
            last = look.c.sequence > records[-1].sequence

    def has(self, sealed: str) -> bool:
        """Whether some record has this hash."""
        with audit_faults(self._url), self._reader.connect() as connection:
            return connection.execute(select(look.c.sequence).where(look.c.hash == sealed).limit(1)).first() is not None

    def latest(self, count: int, *, number: str | None = None, who: str | None = None) -> list[Record]:
        """The last records, the oldest of them first; only looks at one number, or by one person, where asked for."""
        wanted = select(look).order_by(look.c.sequence.desc()).limit(count)
        if number is not None:
            wanted = wanted.where(look.c.number_hash == self.chain.number(number))
        if who is not None:
            wanted = wanted.where(look.c.who == who)
        with audit_faults(self._url), self._reader.connect() as connection:
            return [_record(row) for row in reversed(connection.execute(wanted).all())]

    def close(self) -> None:
        """Gives the connections back."""
        self._writer.dispose()
        self._reader.dispose()


_COLUMNS: Final = [column.name for column in look.c]
_CONTENT: Final = {column.name for column in CONTENT}


def _record(row: Any) -> Record:
    values: Mapping[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    content = {name: value for name, value in values.items() if name in _CONTENT}
    return Record(int(values["sequence"]), content, values["previous"], values["hash"])


def audit_chain() -> Chain:
    """The seals with the key of the settings, made on first use. Raises `AuditError` where there can be none."""
    try:
        key = kept_secret(settings().audit_key, "AUDIT_KEY", settings().var / "audit.key", "审计密钥")
    except SettingsError as error:
        raise AuditError(str(error)) from error
    except OSError as error:
        raise AuditError(f"审计密钥的文件 {settings().var / 'audit.key'} 用不了：{error.strerror}。") from error
    return _chain(key)


@lru_cache(maxsize=4)
def _chain(key: bytes) -> Chain:
    return Chain(key)


def prepare_audit() -> None:
    """Makes or migrates the audit database of the settings, and its key. Raises `AuditError`."""
    from actions.audit.migrations import upgrade  # Alembic takes long to import, and is needed once

    audit_chain()
    upgrade(settings().audit_url)


def record(content: Content) -> None:
    """Appends to the trail of the settings, which is made where there is none yet. Raises `AuditError`."""
    chain = audit_chain()
    with contextlib.suppress(AuditMissingError):
        _trail(settings().audit_url, chain).append(content)
        return
    prepare_audit()
    _trail(settings().audit_url, chain).append(content)


def check_trail() -> None:
    """Raises `AuditError` unless a look could be recorded in the trail of the settings now; records none."""
    _trail(settings().audit_url, audit_chain()).check()


@lru_cache(maxsize=4)
def _trail(url: str, chain: Chain) -> Trail:
    return Trail(url, chain)
