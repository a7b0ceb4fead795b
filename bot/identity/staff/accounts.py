"""Local staff accounts: argon2id and a time-based one-time code (TOTP), of which none is taken twice."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, get_args

import pyotp
from sqlalchemy import Engine, delete, select, update

from actions.privacy.sealing import seal, unseal
from bot.errors import UsageError
from bot.gateway.staff_access import StaffMember, StaffRole
from bot.identity.database import insert_unless_there
from bot.identity.models import staff_account, staff_session
from bot.identity.passwords import Passwords

ROLES: Final[tuple[StaffRole, ...]] = get_args(StaffRole)
ISSUER: Final = "业务规则助手"
_STEP_SECONDS: Final = 30
_MIN_PASSWORD: Final = 12
_MAX_PASSWORD: Final = 128
# No "@": that is what names from a provider have.
_NAME: Final = re.compile(r"[\w.\-]{2,64}")
_CODE: Final = re.compile(r"[0-9]{6}")
# Verifying without an account takes a secret too, so that it takes as long.
_NOBODY: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True, slots=True)
class Account:
    """A local account, as it is listed."""

    name: str
    role: str
    disabled: bool
    demo: bool


class StaffAccounts:
    """All local accounts. Synchronous, except for `authenticate`.

    Args:
        engine: the identity database.
        passwords: how passwords are hashed and checked.
        clock: seconds since the epoch.
        demo: whether demo accounts count.
    """

    def __init__(self, engine: Engine, passwords: Passwords, clock: Callable[[], float], *, demo: bool) -> None:
        self._engine = engine
        self._passwords = passwords
        self._clock = clock
        self._demo = demo
        self._turns = asyncio.Semaphore(2)

    def add(self, name: str, role: StaffRole, password: str, *, demo: bool = False) -> str:
        """A new account; returns its TOTP secret (base32). Raises `UsageError`."""
        if not _NAME.fullmatch(name):
            raise UsageError("用户名应是 2 到 64 个字母、数字、汉字、点、横线或下划线。")
        _check_password(password, name)
        secret = pyotp.random_base32()
        values = {
            "name": name,
            "role": role,
            "password_hash": self._passwords.hash(password),
            "totp_secret": seal(secret, _context(name)),
            "totp_step": 0,
            "disabled": False,
            "demo": demo,
            "created_at": int(self._clock()),
        }
        with self._engine.begin() as database:
            if not insert_unless_there(database, staff_account, values):
                raise UsageError(f"已经有员工账号“{name}”了。")
        return secret

    def reset(self, name: str, password: str) -> str:
        """A new password and TOTP secret, which is returned; ends the sessions, and enables again. Raises `UsageError`."""
        _check_password(password, name)
        secret = pyotp.random_base32()
        with self._engine.begin() as database:
            found = database.execute(
                update(staff_account)
                .where(staff_account.c.name == name)
                .values(
                    password_hash=self._passwords.hash(password),
                    totp_secret=seal(secret, _context(name)),
                    totp_step=0,
                    disabled=False,
                )
            )
            if not found.rowcount:
                raise UsageError(f"没有员工账号“{name}”。")
            database.execute(delete(staff_session).where(staff_session.c.name == name))
        return secret

    def disable(self, name: str) -> None:
        """Nobody signs in with the account any more, and nobody is signed in. Raises `UsageError` where there is none."""
        with self._engine.begin() as database:
            found = database.execute(
                update(staff_account).where(staff_account.c.name == name).values(disabled=True)
            ).rowcount
            ended = database.execute(delete(staff_session).where(staff_session.c.name == name)).rowcount
        if not (found or ended):
            raise UsageError(f"没有员工账号“{name}”。")

    def list(self) -> list[Account]:
        """All accounts by name."""
        row = staff_account.c
        with self._engine.begin() as database:
            rows = database.execute(select(row.name, row.role, row.disabled, row.demo).order_by(row.name)).all()
        return [Account(*found) for found in rows]

    async def authenticate(self, name: str, password: str, code: str) -> StaffMember | None:
        """Who this is; None for any mistake, after the same work. The code is used up."""
        async with self._turns:
            return await asyncio.to_thread(self._authenticate, name, password, code)

    def _authenticate(self, name: str, password: str, code: str) -> StaffMember | None:
        with self._engine.begin() as database:
            found = database.execute(select(staff_account).where(staff_account.c.name == name)).one_or_none()
        if found is not None and (found.disabled or (found.demo and not self._demo)):
            found = None
        right = self._passwords.verify(found.password_hash if found is not None else None, password)
        try:
            secret = _NOBODY if found is None else str(unseal(found.totp_secret, _context(name)))
        except ValueError:
            return None
        step = self._step_of(secret, code)
        if found is None or not right or step is None:
            return None
        # A code that was seen over a shoulder, or two requests with the same one: only the first counts.
        row = staff_account.c
        with self._engine.begin() as database:
            taken = database.execute(
                update(staff_account)
                .where(row.name == name, row.totp_step < step, row.disabled.is_(False))
                .values(totp_step=step)
            ).rowcount
        return StaffMember(found.name, found.role) if taken else None

    def _step_of(self, secret: str, code: str) -> int | None:
        """The time step a code is of: this one, the last or the next (clocks of telephones differ)."""
        totp, now = pyotp.TOTP(secret), int(self._clock()) // _STEP_SECONDS
        if not _CODE.fullmatch(code):
            return None
        matching = [
            step for step in (now - 1, now, now + 1) if pyotp.utils.strings_equal(totp.generate_otp(step), code)
        ]
        return max(matching, default=None)

    def demo_code(self, name: str) -> str | None:
        """A code of a demo account that has not been used; None while there is none, or it is not a demo account."""
        with self._engine.begin() as database:
            found = database.execute(select(staff_account).where(staff_account.c.name == name)).one_or_none()
        now = int(self._clock()) // _STEP_SECONDS
        if not self._demo or found is None or not found.demo or found.totp_step > now:
            return None
        secret = str(unseal(found.totp_secret, _context(name)))
        return pyotp.TOTP(secret).generate_otp(max(now, int(found.totp_step) + 1))


def is_disabled(engine: Engine, name: str) -> bool:
    """Whether there is a local account of this name that is disabled."""
    with engine.begin() as database:
        return bool(database.scalar(select(staff_account.c.disabled).where(staff_account.c.name == name)))


def totp_address(name: str, secret: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def _check_password(password: str, name: str) -> None:
    if not _MIN_PASSWORD <= len(password) <= _MAX_PASSWORD:
        raise UsageError(f"密码应有 {_MIN_PASSWORD} 到 {_MAX_PASSWORD} 个字符。")
    if len(set(password)) < 5 or name.lower() in password.lower():
        raise UsageError("密码太容易猜：不要重复同几个字符，也不要含有用户名。")


def _context(name: str) -> str:
    return f"totp {name}"
