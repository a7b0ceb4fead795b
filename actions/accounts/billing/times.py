"""Dates and times in the forms that billing systems write them in."""

import re
from datetime import UTC, datetime
from typing import Final

from actions.settings import TIME_ZONE

ISO, EPOCH, EPOCH_MILLISECONDS = "iso8601", "epoch_seconds", "epoch_milliseconds"
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII)
_DIRECTIVE = re.compile(r"%(.?)")
_DATE_DIRECTIVES: Final = {"Y", "m", "d"}
_DIRECTIVES: Final = _DATE_DIRECTIVES | {"H", "M", "S"}


def is_form(form: str) -> bool:
    """Whether this can be the form of a date: one of the words above, or `%Y%m%d` with or without a time of day."""
    if form in (ISO, EPOCH, EPOCH_MILLISECONDS):
        return True
    directives = _DIRECTIVE.findall(form)
    return (
        set(directives) >= _DATE_DIRECTIVES
        and set(directives) <= _DIRECTIVES
        and len(set(directives)) == len(directives)
    )


def is_counted(form: str) -> bool:
    """Whether the form is a number of seconds or milliseconds, not a text."""
    return form in (EPOCH, EPOCH_MILLISECONDS)


def read_time(raw: str | int, form: str) -> datetime | None:
    """The time in Asia/Shanghai, which is also the zone of a text that names none; None where it is not of that form."""
    try:
        if isinstance(raw, int):
            return datetime.fromtimestamp(raw / 1000 if form == EPOCH_MILLISECONDS else raw, UTC).astimezone(TIME_ZONE)
        if form == ISO:
            return datetime.fromisoformat(raw).astimezone(TIME_ZONE) if _ISO.fullmatch(raw) else None
        time = datetime.strptime(raw, form).replace(tzinfo=TIME_ZONE)
        # strptime is content with fewer digits than there should be, and then takes them for other parts.
        return time if time.strftime(form) == raw else None
    except (ValueError, OverflowError, OSError):
        return None
