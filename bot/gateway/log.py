"""One JSON object a line, for people with grep and for log collectors alike."""

import json
import logging
from datetime import datetime
from pathlib import Path

from actions.settings import TIME_ZONE


class JsonLines(logging.Formatter):
    """Formats a record with its `fields`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without its end."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, TIME_ZONE).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["error"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def log_to(file: Path, level: str) -> None:
    """Sends the gateway's log to a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(JsonLines())
    for name in ("bot", "aiohttp"):
        logger = logging.getLogger(name)
        logger.setLevel(level)
        logger.addHandler(handler)
        logger.propagate = False
