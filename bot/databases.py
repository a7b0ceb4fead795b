"""Finds out at the start whether a configured database can be used, rather than at a user's first question."""

from pathlib import Path

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from actions.settings import SettingsError


def require_database(variable: str, url: str) -> None:
    """Connects once; makes the folder of a SQLite file.

    Raises `SettingsError` that names the environment variable; it never shows the url, which may hold a password.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        finally:
            engine.dispose()
    except ArgumentError as error:
        raise SettingsError(f"环境变量 {variable} 不是正确的数据库地址，应像 sqlite:///var/x.db。") from error
    except ModuleNotFoundError as error:
        raise SettingsError(f"环境变量 {variable} 里的数据库缺少驱动 {error.name}。") from error
    except (SQLAlchemyError, OSError) as error:
        raise SettingsError(f"环境变量 {variable} 里的数据库连不上，请检查地址和权限。") from error
