"""When people can be handed over to: the office hours of the service desk."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final

from actions.settings import TIME_ZONE, SettingsError

_SPAN: Final = re.compile(r"(?:([1-7])(?:-([1-7]))?\s+)?(\d{2}:\d{2})-(\d{2}:\d{2})")
_DAYS: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Span:
    """The same hours on some days of the week (1 is Monday); `until` itself is outside."""

    first: int
    last: int
    since: time
    until: time

    def __str__(self) -> str:
        hours = f"{self.since:%H:%M}-{self.until:%H:%M}"
        if (self.first, self.last) == (1, 7):
            return f"每天 {hours}"
        days = f"周{_DAYS[self.first - 1]}" + (f"至周{_DAYS[self.last - 1]}" if self.last > self.first else "")
        return f"{days} {hours}"


@dataclass(frozen=True, slots=True)
class DeskHours:
    """Office hours in Asia/Shanghai; none given means always."""

    spans: Sequence[Span] = ()

    def open_at(self, moment: datetime) -> bool:
        """Whether the desk is open."""
        local = moment.astimezone(TIME_ZONE)
        return not self.spans or any(
            span.first <= local.isoweekday() <= span.last and span.since <= local.time() < span.until
            for span in self.spans
        )

    def __str__(self) -> str:
        return "，".join(str(span) for span in self.spans)


def desk_hours(text: str) -> DeskHours:
    """Reads `1-5 08:30-17:30, 6 09:00-12:00`; raises `SettingsError`."""
    return DeskHours(tuple(_span(part.strip()) for part in text.split(",") if part.strip()))


def _span(text: str) -> Span:
    wrong = SettingsError(
        f"环境变量 BOT_DESK_HOURS 里的“{text}”看不懂，应像 1-5 08:30-17:30, 6 09:00-12:00（1 是周一）。"
    )
    match = _SPAN.fullmatch(text)
    if match is None:
        raise wrong
    first = int(match[1] or 1)
    last = int(match[2] or match[1] or 7)
    try:
        since, until = time.fromisoformat(match[3]), time.fromisoformat(match[4])
    except ValueError as error:
        raise wrong from error
    if last < first or until <= since:
        raise wrong
    return Span(first, last, since, until)
