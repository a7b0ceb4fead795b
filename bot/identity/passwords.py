"""Passwords of customers (service passwords) and of staff: argon2id, and the same time whether or not there is one."""

import asyncio
import json
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final, Protocol

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import Argon2Error, InvalidHashError
from argon2.low_level import Type
from sqlalchemy import Engine, delete, select

from bot.errors import UsageError
from bot.identity.keys import Keys
from bot.identity.models import service_password

_MAX_PASSWORD: Final = 128
# Each takes 64 MiB of memory while it is computed.
_AT_ONCE: Final = 2


class ServicePasswords(Protocol):
    """Where service passwords are checked: the operator's own system, or the identity database."""

    async def verify(self, number: str, password: str) -> bool:
        """Whether this is the service password of the number; takes as long for a number that has none."""
        ...


class Passwords:
    """Makes and checks argon2id hashes.

    Args:
        hasher: its parameters; tests use weak ones.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    def hash(self, password: str) -> str:
        """A hash with a salt of its own."""
        return self._hasher.hash(password)

    def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the hash is of this password; without one, as much work is done for nothing."""
        try:
            matches = self._hasher.verify(password_hash or self._dummy, password[:_MAX_PASSWORD])
        except (Argon2Error, InvalidHashError):
            return False
        return matches and password_hash is not None and len(password) <= _MAX_PASSWORD

    @cached_property
    def _dummy(self) -> str:
        return self._hasher.hash("nobody's password")


class SqlServicePasswords:
    """Service passwords in the identity database.

    Args:
        engine: the identity database.
        keys: what numbers are hashed with.
        passwords: how hashes are checked.
        demo: whether demo passwords count.
    """

    def __init__(self, engine: Engine, keys: Keys, passwords: Passwords, *, demo: bool) -> None:
        self._engine = engine
        self._keys = keys
        self._passwords = passwords
        self._demo = demo
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def verify(self, number: str, password: str) -> bool:
        """Whether this is the service password of the number."""
        async with self._turns:
            return await asyncio.to_thread(self._verify, number, password)

    def _verify(self, number: str, password: str) -> bool:
        row = service_password.c
        with self._engine.begin() as database:
            found = database.execute(
                select(row.password_hash, row.demo).where(row.number_hash == self._key(number))
            ).one_or_none()
        counts = found is not None and (self._demo or not found.demo)
        return self._passwords.verify(found.password_hash if found is not None and counts else None, password)

    def store(self, entries: Iterable[tuple[str, str]], *, demo: bool = False) -> int:
        """Keeps argon2id hashes by number, replacing former ones, all or none; how many."""
        rows = [{"number_hash": self._key(number), "password_hash": hashed, "demo": demo} for number, hashed in entries]
        with self._engine.begin() as database:
            for row in rows:
                database.execute(delete(service_password).where(service_password.c.number_hash == row["number_hash"]))
                database.execute(service_password.insert().values(row))
        return len(rows)

    def without_password(self, numbers: Iterable[str]) -> list[str]:
        """Those of the numbers that have none yet."""
        with self._engine.begin() as database:
            present = set(database.scalars(select(service_password.c.number_hash)))
        return [number for number in numbers if self._key(number) not in present]

    def _key(self, number: str) -> str:
        return self._keys.digest("service password", number)


def read_passwords(file: Path, passwords: Passwords) -> list[tuple[str, str]]:
    """Numbers and argon2id hashes from JSON Lines: `{"number", "password"}`, or `hash` where it has been hashed already.

    Raises `UsageError` that names every bad line; no line of it shows a password.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"文件 {file} 读不了，应是 UTF-8 的 JSON Lines。") from error
    entries: dict[str, tuple[str | None, str | None]] = {}
    problems = []
    for position, line in enumerate(lines, start=1):
        if line.strip():
            try:
                number, password, hashed = _entry(line)
                if number in entries:
                    raise ValueError("这个号码前面已经有了")
                entries[number] = (password, hashed)
            except ValueError as error:
                problems.append(f"{file} 第 {position} 行：{error}。")
    if problems:
        raise UsageError("\n".join(problems))
    return [(number, hashed or passwords.hash(password or "")) for number, (password, hashed) in entries.items()]


def _entry(line: str) -> tuple[str, str | None, str | None]:
    try:
        value = json.loads(line)
    except ValueError:
        raise ValueError("不是正确的 JSON") from None
    if not isinstance(value, dict) or not isinstance(value.get("number"), str) or not value["number"].isalnum():
        raise ValueError("缺少 number（号码），或者不是文字")
    if not set(value) <= {"number", "password", "hash"}:
        raise ValueError("有不认识的字段，只能有 number、password、hash")
    password, hashed = value.get("password"), value.get("hash")
    if (password is None) == (hashed is None):
        raise ValueError("password 和 hash 要有一个，也只能有一个")
    if password is not None and (not isinstance(password, str) or not 6 <= len(password) <= _MAX_PASSWORD):
        raise ValueError(f"password 应是 6 到 {_MAX_PASSWORD} 个字符的文字")
    if hashed is not None and not _is_argon2id(hashed):
        raise ValueError("hash 应是 argon2id 的编码（以 $argon2id$ 开头）")
    return value["number"], password, hashed


def _is_argon2id(value: object) -> bool:
    try:
        return isinstance(value, str) and extract_parameters(value).type is Type.ID
    except InvalidHashError:
        return False
