"""Engines for the audit database, and its faults as Chinese sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from actions.accounts.database import first_line, open_engine, parse_url, shown, sqlite_file
from actions.accounts.errors import AccountsError
from actions.audit.errors import AuditError

_NO_TABLE: Final = ("no such table", "UndefinedTable")
# How long a writer waits for its turn: well below the time within which a message is answered.
_WAIT: Final = "SET lock_timeout = '4s'"


class AuditMissingError(AuditError):
    """There is no audit trail yet."""


def parse_audit_url(url: str) -> URL:
    """The URL of an audit database. Raises `AuditError` where it cannot be one."""
    try:
        return parse_url(url, "审计库")
    except AccountsError as error:
        raise AuditError(str(error)) from error


def audit_engine(url: URL, *, reading: bool = False, create: bool = False) -> Engine:
    """An engine; `create` makes the folder of a SQLite file, which otherwise must be there (`AuditMissingError`)."""
    file = sqlite_file(url)
    if file is not None and create:
        file.parent.mkdir(parents=True, exist_ok=True)
    if file is not None and not create and not url.query.get("uri") and not file.exists():
        # Connecting would quietly make an empty file.
        raise AuditMissingError(f"审计库还没有建立（{shown(url)}）。")
    # An open SQLite file can be written to even after somebody has removed it: it is opened anew for every record.
    engine = open_engine(url, reading=reading, **({"poolclass": NullPool} if file is not None else {}))
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _limit_waiting)
    return engine


def _limit_waiting(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WAIT)
    connection.commit()


@contextmanager
def audit_faults(url: URL) -> Iterator[None]:
    """Turns every fault of the database and its files into `AuditError`; the password of the URL is never shown."""
    try:
        yield
    except DBAPIError as error:
        if any(sign in f"{type(error.orig).__name__} {error.orig}" for sign in _NO_TABLE):
            raise AuditMissingError(f"审计库还没有建立（{shown(url)}）。") from error
        raise AuditError(f"审计库 {shown(url)} 现在用不了：{first_line(error)}") from error
    except SQLAlchemyError as error:
        raise AuditError(f"审计库 {shown(url)} 出错：{first_line(error)}") from error
    except (OSError, ValueError, AccountsError) as error:
        raise AuditError(f"审计库 {shown(url)} 现在用不了：{error}") from error
