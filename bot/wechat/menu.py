"""The menu of an Official Account, from one YAML: read, checked, and in the form that the platform takes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from actions.settings import SettingsError

DEFAULT: Final = Path(__file__).with_name("menu.yml")
_MOST_BUTTONS, _MOST_BELOW = 3, 5
_MOST_NAME_BYTES, _MOST_NAME_BELOW_BYTES, _MOST_KEY_BYTES, _MOST_URL_BYTES = 16, 60, 128, 1024
_ANSWERS: Final = ("asks", "says", "url")


class MenuError(SettingsError):
    """A menu that cannot be used; the message is one Chinese sentence that says where and why."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One thing to choose. Exactly one of the three is there: a question that is asked, a text that is said, or a page."""

    name: str
    key: str
    asks: str | None = None
    says: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Button:
    """One button at the bottom: an entry, or a name with entries above it."""

    name: str
    entries: tuple[MenuEntry, ...]
    single: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """The whole menu."""

    buttons: tuple[Button, ...]

    def entry(self, key: str) -> MenuEntry | None:
        """The entry with this key."""
        return next((one for button in self.buttons for one in button.entries if one.key == key), None)

    def to_platform(self) -> dict[str, Any]:
        """The body of the call that creates the menu."""
        return {
            "button": [
                _entry_body(button.entries[0])
                if button.single
                else {"name": button.name, "sub_button": [_entry_body(one) for one in button.entries]}
                for button in self.buttons
            ]
        }


def read_menu(file: Path = DEFAULT) -> Menu:
    """The menu in a file; raises `MenuError`."""
    try:
        content = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise MenuError(f"菜单文件 {file} 读不了。") from error
    except YAMLError as error:
        raise MenuError(f"菜单文件 {file} 不是正确的 YAML。") from error
    if not isinstance(content, dict) or not isinstance(content.get("menu"), list):
        raise MenuError(f"菜单文件 {file} 最外层应是 menu: 和一串按钮。")
    given = content["menu"]
    if not 1 <= len(given) <= _MOST_BUTTONS:
        raise MenuError(f"菜单应有 1 到 {_MOST_BUTTONS} 个按钮，现在是 {len(given)} 个。")
    buttons = tuple(_button(one, f"第 {number} 个按钮") for number, one in enumerate(given, 1))
    keys = [one.key for button in buttons for one in button.entries]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise MenuError(f"菜单里有两项的 key 都是“{twice}”，每一项要不同。")
    return Menu(buttons)


def _button(given: object, where: str) -> Button:
    if not isinstance(given, Mapping):
        raise MenuError(f"菜单{where}应写明 name，以及 entries（或 asks、says、url 之一）。")
    if "entries" not in given:
        entry = _entry(given, where, _MOST_NAME_BYTES)
        return Button(entry.name, (entry,), single=True)
    name, below = _name(given, where, _MOST_NAME_BYTES), given["entries"]
    if not isinstance(below, list) or not 1 <= len(below) <= _MOST_BELOW:
        raise MenuError(f"菜单{where}的 entries 应有 1 到 {_MOST_BELOW} 项。")
    entries = _entries(below, where)
    return Button(name, tuple(entries), single=False)


def _entries(below: list[object], where: str) -> Iterator[MenuEntry]:
    for number, one in enumerate(below, 1):
        place = f"{where}的第 {number} 项"
        if not isinstance(one, Mapping):
            raise MenuError(f"菜单{place}应写明 name，以及 asks、says、url 之一。")
        yield _entry(one, place, _MOST_NAME_BELOW_BYTES)


def _entry(given: Mapping[str, Any], where: str, most: int) -> MenuEntry:
    name = _name(given, where, most)
    answers = {kind: given[kind] for kind in _ANSWERS if kind in given}
    if len(answers) != 1 or not all(isinstance(value, str) and value.strip() for value in answers.values()):
        raise MenuError(f"菜单{where}（{name}）应写明 asks、says、url 之一，不能多也不能少。")
    url = answers.get("url")
    if url is not None and (len(url.encode()) > _MOST_URL_BYTES or urlsplit(url).scheme not in ("http", "https")):
        raise MenuError(f"菜单{where}（{name}）的 url 应是 http 或 https 网址，最多 {_MOST_URL_BYTES} 字节。")
    key = given.get("key") or name
    if not isinstance(key, str) or len(key.encode()) > _MOST_KEY_BYTES:
        raise MenuError(f"菜单{where}（{name}）的 key 最多 {_MOST_KEY_BYTES} 字节。")
    return MenuEntry(name, key, **answers)


def _name(given: Mapping[str, Any], where: str, most: int) -> str:
    name = given.get("name")
    if not isinstance(name, str) or not name.strip():
        raise MenuError(f"菜单{where}没有 name。")
    if len(name.encode()) > most:
        raise MenuError(f"菜单{where}的 name“{name}”太长，最多 {most} 字节（{most // 3} 个汉字）。")
    return name


def _entry_body(entry: MenuEntry) -> dict[str, Any]:
    if entry.url is not None:
        return {"type": "view", "name": entry.name, "url": entry.url}
    return {"type": "click", "name": entry.name, "key": entry.key}
