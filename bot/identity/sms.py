"""One-time codes by SMS: six digits, kept as a keyed hash, five minutes, five tries, one use, a minute between two."""

import asyncio
import hmac
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Engine, delete, select, update

from bot.identity.database import insert_unless_there
from bot.identity.keys import Keys
from bot.identity.models import sms_code

CODE_SECONDS: Final = 300
RESEND_SECONDS: Final = 60
_MAX_TRIES: Final = 5
_KEEP_SECONDS: Final = 86_400


class SmsSender(Protocol):
    """What takes messages to telephones."""

    async def send(self, number: str, text: str) -> None:
        """Hands a message over; raises `OSError` where that fails."""
        ...


class DemoSms:
    """Stands for the SMS gateway in demo mode: messages go to a file that only this user can read.

    Args:
        file: JSON Lines, one message a line.
        clock: seconds since the epoch.
    """

    def __init__(self, file: Path, clock: Callable[[], float]) -> None:
        self._file = file
        self._clock = clock

    async def send(self, number: str, text: str) -> None:
        """Appends the message."""
        await asyncio.to_thread(self._append, {"at": int(self._clock()), "number": number, "text": text})

    def messages(self, number: str) -> list[dict[str, object]]:
        """What was sent to a number while it was of use, newest first."""
        if not self._file.is_file():
            return []
        lines = self._file.read_text(encoding="utf-8").splitlines()[-200:]
        sent = [json.loads(line) for line in reversed(lines)]
        fresh = self._clock() - CODE_SECONDS
        return [{"at": one["at"], "text": one["text"]} for one in sent if one["number"] == number and one["at"] > fresh]

    def _append(self, message: dict[str, object]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(json.dumps(message, ensure_ascii=False) + "\n")


class SmsCodes:
    """Makes codes and checks them; a code counts only on the link it was asked for on.

    Args:
        engine: the identity database.
        keys: what numbers and codes are hashed with.
        clock: seconds since the epoch.
    """

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock

    def issue(self, link: str, number: str) -> tuple[str | None, int]:
        """A new code that takes the place of the former one, and 0; or none, and the seconds until there may be one."""
        code = f"{secrets.randbelow(1_000_000):06d}"
        key, now, row = self._number(number), int(self._clock()), sms_code.c
        with self._engine.begin() as database:
            insert_unless_there(database, sms_code, {"number_hash": key, "code_hash": None, "sent_at": 0, "tries": 0})
            # One statement judges and takes the turn: two requests at the same moment get one code.
            issued = database.execute(
                update(sms_code)
                .where(row.number_hash == key, row.sent_at <= now - RESEND_SECONDS)
                .values(code_hash=self._code(link, number, code), sent_at=now, tries=0)
            ).rowcount
            if issued:
                return code, 0
            sent_at = database.scalar(select(row.sent_at).where(row.number_hash == key)) or 0
            return None, max(int(sent_at) + RESEND_SECONDS - now, 1)

    def accept(self, link: str, number: str, code: str) -> bool:
        """Whether this is the code; a right one is used up, and a fifth wrong one ends it."""
        key, now, row = self._number(number), int(self._clock()), sms_code.c
        given = self._code(link, number, code)
        with self._engine.begin() as database:
            counted = database.execute(
                update(sms_code)
                .where(
                    row.number_hash == key,
                    row.code_hash.is_not(None),
                    row.sent_at > now - CODE_SECONDS,
                    row.tries < _MAX_TRIES,
                )
                .values(tries=row.tries + 1)
            ).rowcount
            stored = database.scalar(select(row.code_hash).where(row.number_hash == key)) if counted else None
            if not hmac.compare_digest(stored or "", given):
                return False
            used = update(sms_code).where(row.number_hash == key, row.code_hash == given).values(code_hash=None)
            return database.execute(used).rowcount == 1

    def purge(self) -> None:
        """Forgets codes that have long been of no use."""
        with self._engine.begin() as database:
            database.execute(delete(sms_code).where(sms_code.c.sent_at < int(self._clock()) - _KEEP_SECONDS))

    def _number(self, number: str) -> str:
        return self._keys.digest("sms number", number)

    def _code(self, link: str, number: str, code: str) -> str:
        return self._keys.digest("sms code", link, number, code)
