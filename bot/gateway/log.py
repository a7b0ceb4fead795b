"""One JSON object a line, for people with grep and for log collectors alike.

Everything a line says goes through a masker, whoever wrote it and however: nothing else turns a record into text.
"""

import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from actions.privacy.masking import mask
from actions.settings import TIME_ZONE

_MOST_CHARACTERS: Final = 20_000
# What JSON leaves as it is, but what a terminal or a log collector takes for a new line, a command or another direction.
_CONTROLS: Final = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


class JsonLines(logging.Formatter):
    """Formats a record with its `fields`, masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without its end; it has no line break in it, and no control character."""
        fields = getattr(record, "fields", {})
        said: dict[str, object] = {
            "event": record.getMessage(),
            **(fields if isinstance(fields, Mapping) else {"fields": fields}),
        }
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        if record.stack_info:
            said["stack"] = self.formatStack(record.stack_info)
        entry = {
            **{key: value for key, value in self._mapping(said).items() if key not in ("time", "level", "logger")},
            "time": datetime.fromtimestamp(record.created, TIME_ZONE).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        ordered = {key: entry.pop(key) for key in ("time", "level", "logger")} | entry
        line = json.dumps(ordered, ensure_ascii=False)
        return _CONTROLS.sub(lambda found: f"\\u{ord(found[0]):04x}", line)

    def _masked(self, value: object) -> object:
        match value:
            case None | bool() | float():
                return value
            case str():
                return self._text(value)
            case int():
                text = str(value)
                return value if self._text(text) == text else self._text(text)
            case Mapping():
                return self._mapping(value)
            case list() | tuple() | set() | frozenset():
                return [self._masked(item) for item in value]
            case _:
                return self._text(str(value))

    def _mapping(self, values: Mapping[object, object] | Mapping[str, object]) -> dict[str, object]:
        return {self._text(str(key)): self._masked(value) for key, value in values.items()}

    def _text(self, text: str) -> str:
        # Cut first: a long line of somebody's making must not keep the masker busy. The cut may go through a number,
        # whose beginning is then too short to be known for one.
        if len(text) > _MOST_CHARACTERS:
            text = re.sub(r"[\d\s-]+\Z", "", text[:_MOST_CHARACTERS]) + "…"
        return mask(text).text


def log_to(file: Path, level: str) -> None:
    """Sends the gateway's log to a file, masked."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(JsonLines())
    for name in ("bot", "aiohttp"):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.addHandler(handler)
        logger.propagate = False
