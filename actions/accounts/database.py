"""Engines for the accounts database, and its faults as Chinese sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError, ProgrammingError, SQLAlchemyError

from actions.accounts.errors import AccountsError, AccountsMissing

_BACKENDS = ("sqlite", "postgresql")
_NO_TABLE = ("no such table", "UndefinedTable")


def parse_url(url: str, title: str = "账户数据库") -> URL:
    """The URL of a database, of which `title` is the Chinese name. Raises `AccountsError` where it cannot be one."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise AccountsError(
            f"{title}的地址写得不对，应像 sqlite:///var/x.db 或 postgresql://用户@主机/库名。"
        ) from error
    if parsed.get_backend_name() not in _BACKENDS:
        raise AccountsError(f"{title}只支持 SQLite 和 PostgreSQL，不支持 {parsed.get_backend_name()}。")
    return parsed


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL and for a database in memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def open_engine(url: URL, *, reading: bool = False, **options: Any) -> Engine:
    """An engine; `reading`: every statement stands alone, so that one look-up is one round trip.

    `options` are SQLAlchemy's own.
    """
    try:
        engine = create_engine(url, **({"isolation_level": "AUTOCOMMIT"} if reading else {}), **options)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise AccountsError(f"没有安装数据库驱动 {url.drivername}。") from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA foreign_keys = ON"))
    return engine


def open_existing(url: URL, *, reading: bool = False) -> Engine:
    """An engine for a database that has been made; raises `AccountsMissing` where a SQLite file has not."""
    file = sqlite_file(url)
    # Connecting would quietly make an empty file.
    if file is not None and not file.exists():
        raise missing(url)
    return open_engine(url, reading=reading)


@contextmanager
def chinese_faults(url: URL) -> Iterator[None]:
    """Turns faults of the database into `AccountsError`; the password of the URL is never shown."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        if any(sign in f"{type(error.orig).__name__} {error.orig}" for sign in _NO_TABLE):
            raise missing(url) from error
        raise AccountsError(f"账户数据库 {shown(url)} 现在用不了：{first_line(error)}") from error
    except SQLAlchemyError as error:
        raise AccountsError(f"账户数据库 {shown(url)} 出错：{first_line(error)}") from error
    except (ValueError, ArithmeticError) as error:
        # SQLite keeps whatever it is given: a column of dates may hold anything that another program wrote.
        raise AccountsError(f"账户数据库 {shown(url)} 里有读不懂的值：{error}") from error


def missing(url: URL) -> AccountsMissing:
    """The error for a database that has not been made yet."""
    return AccountsMissing(
        f"账户数据库还没有建立（{shown(url)}）。请先导入账户数据：python -m bot accounts import data/demo/accounts.jsonl"
    )


def shown(url: URL) -> str:
    """The database as it may be named to a user: never with its password."""
    return str(sqlite_file(url) or url.render_as_string(hide_password=True))


def first_line(error: SQLAlchemyError) -> str:
    """What the database complains of, in one line."""
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().partition("\n")[0] or type(cause).__name__
