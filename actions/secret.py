"""Secrets that are made once and kept in a file that only this user can read, where none is configured."""

import os
import secrets
from pathlib import Path
from typing import Final

from actions.settings import SettingsError

_MINIMUM_LENGTH: Final = 16


def kept_secret(configured: str | None, variable: str, path: Path, title: str) -> bytes:
    """The configured secret of the environment variable `variable`, else the one in `path`, made on first use.

    Raises `SettingsError` for a secret that is too short to protect anything, `OSError` where the file cannot be used.
    """
    if configured is not None:
        return _checked(configured, f"环境变量 {variable}", title)
    if not path.exists():
        _create(path)
    return _checked(path.read_text(encoding="ascii", errors="replace").strip(), f"文件 {path}", title)


def _checked(secret: str, place: str, title: str) -> bytes:
    if len(secret) < _MINIMUM_LENGTH:
        raise SettingsError(f"{place} 里的{title}太短，至少要 {_MINIMUM_LENGTH} 个字符。")
    return secret.encode()


def _create(path: Path) -> None:
    """Writes the file in one step, so that nobody who asks at the same moment reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # somebody else was quicker; its secret is the one
    finally:
        draft.unlink()
