"""Which user of WeCom is which member of staff: a file that is read again when it changes.

A file and not a field of the local accounts, because staff who sign in at the company's own provider have no local
account. A local account that is disabled ends the access here as well.
"""

import logging
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from actions.identity import Identity
from actions.settings import STAFF_ROLES, SettingsError
from bot.gateway.staff_access import LOOKING
from knowledge.yaml_source import KnowledgeError, read_yaml

logger = logging.getLogger("bot.wecom")

# As WeCom allows them; it tells none from another by capitals.
_USERID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_MOST_NAME: Final = 64


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff, and the user of WeCom they are."""

    userid: str
    name: str
    role: str

    @property
    def account(self) -> str:
        """Who writes, for the messaging room: the same user as somebody else, or in another role, is another person."""
        return f"{self.userid} {self.role} {self.name}"

    @property
    def identity(self) -> Identity:
        """The identity their messages are answered for."""
        return Identity(role="staff", name=self.name, accounts=self.role in LOOKING)


@dataclass
class StaffFile:
    """The file as it stands.

    Args:
        path: the file; None where there is none, and then nobody is known.
        disabled: whether the local account of this name, if there is one, is disabled.
    """

    path: Path | None
    disabled: Callable[[str], bool]
    _version: tuple[int, int, int] | None = None
    _members: Mapping[str, Member] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def check(self) -> None:
        """Raises `SettingsError` where the file cannot be used."""
        if self.path is not None:
            read_members(self.path)

    def find(self, userid: str) -> Member | None:
        """Who this user is; None for whoever is nobody in the file, and for everybody while it cannot be used."""
        member = self._current().get(userid.casefold())
        if member is None or self.disabled(member.name):
            return None
        # As WeCom writes the id, not as the file does.
        return replace(member, userid=userid)

    def by_account(self, account: str) -> Member | None:
        """The member whose `account` this is, as long as they are that."""
        member = self.find(account.partition(" ")[0])
        return member if member is not None and member.account == account else None

    def _current(self) -> Mapping[str, Member]:
        if self.path is None:
            return {}
        with self._lock:
            try:
                found = self.path.stat()
                version = (found.st_mtime_ns, found.st_size, found.st_ino)
                if version != self._version:
                    self._members, self._version = read_members(self.path), version
            except (OSError, SettingsError) as error:
                # Whoever was taken out of it must not stay in because of a slip elsewhere in the file.
                if self._version is not None:
                    logger.error("%s", error)
                self._members, self._version = {}, None
            return self._members


def read_members(path: Path) -> dict[str, Member]:
    """The members by user id, its capitals folded. Raises `SettingsError`."""
    try:
        content: Any = read_yaml(path)
    except KnowledgeError as error:
        raise SettingsError(f"企业微信员工文件不能用：{error}") from error
    if not isinstance(content, Mapping):
        raise SettingsError(f"企业微信员工文件 {path} 应是“用户ID: {{name: 姓名, role: 岗位}}”，每人一项。")
    members: dict[str, Member] = {}
    for userid, value in content.items():
        text = str(userid)
        if not _USERID.fullmatch(text):
            raise SettingsError(f"企业微信员工文件 {path} 里“{text}”不是企业微信的用户ID。")
        if text.casefold() in members:
            raise SettingsError(f"企业微信员工文件 {path} 里“{text}”出现了两次（企业微信的用户ID不分大小写）。")
        members[text.casefold()] = _member(path, text, value)
    return members


def _member(path: Path, userid: str, value: Any) -> Member:
    fields = value if isinstance(value, Mapping) else {}
    name, role = fields.get("name"), fields.get("role")
    if set(fields) != {"name", "role"} or not isinstance(name, str) or not 0 < len(name.strip()) <= _MOST_NAME:
        raise SettingsError(f"企业微信员工文件 {path} 里“{userid}”应有 name（姓名或账号名）和 role（岗位）两项。")
    if role not in STAFF_ROLES:
        raise SettingsError(
            f"企业微信员工文件 {path} 里“{userid}”的 role 应是 {'、'.join(STAFF_ROLES)} 之一，现在是“{role}”。"
        )
    return Member(userid, name.strip(), str(role))
