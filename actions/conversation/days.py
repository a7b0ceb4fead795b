"""Reads the day that a message names, in any of the ways in which people name one: 明天, 下个月, 三月一号, 2027-03-01, 30天后."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from knowledge.numerals import number

_N: Final = r"[0-9零一二两三四五六七八九十]{1,4}"
_YEAR: Final = r"(?<!\d)(?P<year>\d{4}|[零〇一二三四五六七八九]{4})"
_OF_YEAR: Final = r"(?P<which>今年|明年|后年|大后年)"
_IN: Final = r"(?:(?:之|以)?后|过后)"
_AHEAD: Final = {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3, "昨天": -1, "前天": -2}
_YEARS: Final = {"去年": -1, "今年": 0, "明年": 1, "后年": 2, "大后年": 3}
# Of the holidays, those whose day is the same every year.
_HOLIDAYS: Final = {"元旦": ("1", "1"), "五一": ("5", "1"), "十一": ("10", "1"), "国庆": ("10", "1")}
_WEEKDAYS: Final = {character: day for day, character in enumerate("一二三四五六")} | {"日": 6, "天": 6}
_DIGITS: Final = {character: str(value) for value, character in enumerate("零一二三四五六七八九")} | {"〇": "0"}


def _later(unit: str) -> str:
    """「过30天」, 「30天以后」, 「等30天」."""
    count = rf"(?<!第)(?:{_N}|半)"
    return rf"再?[过等](?P<count>{count}){unit}(?:{_IN})?|(?P<counted>{count}){unit}{_IN}"


# The longest first: what one of these has read is not read again by another.
_FORMS: Final = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("month_end", rf"(?:{_YEAR}年|{_OF_YEAR}的?)?(?P<month>{_N})月(?:底|末)"),
        ("date", rf"(?:{_YEAR}年|{_OF_YEAR}的?)?(?P<month>{_N})月(?:份的?)?(?P<day>{_N})[号日]?(?!个|天|月)"),
        ("date", r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
        ("date", r"(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
        ("date", r"(?<![\d.])(?P<month>\d{1,2})[/](?P<day>\d{1,2})(?![\d.])"),
        ("holiday", rf"{_OF_YEAR}?的?(?P<holiday>元旦|五一|十一(?!月)|国庆)节?"),
        ("year_end", rf"(?:{_YEAR}|{_OF_YEAR}的?)?年[底末]|(?P<which_end>今|明|后)年[底末]"),
        ("month_end", r"(?:(?P<months>下+)个?|这个?|本)?(?<![0-9一二三四五六七八九十])月[底末]"),
        ("month", rf"(?P<months>下+)个?月(?:的?(?P<day>{_N})[号日]|初)?"),
        ("month", rf"(?P<same>这个|本|当)月(?P<day>{_N})[号日]"),
        ("date", rf"(?:{_YEAR}年|{_OF_YEAR}的?)?(?P<month>{_N})月(?:份|初)?"),
        ("date", rf"{_YEAR}年(?:初)?"),
        ("date", rf"{_OF_YEAR}(?:初|年初)?"),
        ("days", _later("天")),
        ("weeks", _later("个?(?:周|星期|礼拜)")),
        ("months", _later("个月")),
        ("half_year", rf"(?:再?[过等])?半年(?:{_IN})?"),
        ("years", _later("年")),
        ("week", r"(?P<weeks>下+)个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])?"),
        ("weekday", r"(?:这个?|本)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"),
        ("ahead", "大后天|后天|明天|明日|今天|今日|昨天|前天"),
        ("last", "去年|上个?月|上个?(?:周|星期|礼拜)"),
        ("day", rf"(?<![\d第])(?P<day>{_N})[号日](?!码|卡|线)"),
    )
)


@dataclass(frozen=True, slots=True)
class NamedDay:
    """A day named by the characters `start` to `end`; None where there is no such day (2月30日).

    `exact`: the words can mean no other day.
    """

    start: int
    end: int
    day: date | None
    exact: bool


def days_named(text: str, today: date) -> list[NamedDay]:
    """The days that a normalised text names, in reading order. A day without a year is the next such day."""
    found: list[NamedDay] = []
    for kind, pattern in _FORMS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if start == end or any(start < other.end and other.start < end for other in found):
                continue
            found.append(_named(kind, match, today))
    return sorted(found, key=lambda one: one.start)


def _named(kind: str, match: re.Match[str], today: date) -> NamedDay:
    groups = {name: value for name, value in match.groupdict().items() if value}
    try:
        day, exact = _day(kind, match.group(), groups, today)
    except (ValueError, OverflowError):
        day, exact = None, True
    return NamedDay(match.start(), match.end(), day, exact)


def _day(kind: str, words: str, groups: dict[str, str], today: date) -> tuple[date, bool]:
    """The day of one form, and whether it is exact. Raises `ValueError` or `OverflowError` where there is none."""
    counted = groups.get("count") or groups.get("counted") or "半"
    count = 0 if counted == "半" else _number(counted)
    match kind:
        case "date":
            return _date(groups, today), "day" in groups
        case "holiday":
            month, of_month = _HOLIDAYS[groups["holiday"]]
            return _date({**groups, "month": month, "day": of_month}, today), False
        case "year_end":
            return date(_year(groups, today) or today.year, 12, 31), True
        case "month_end":
            return _month_end(groups, today), True
        case "month":
            first = _months_later(today.replace(day=1), len(groups.get("months", "")))
            return first.replace(day=_number(groups.get("day", "1"))), "day" in groups
        case "days":
            return today + timedelta(count), True
        case "weeks":
            return today + timedelta(7 * count), True
        case "months":
            return (today + timedelta(15), False) if counted == "半" else (_months_later(today, count), True)
        case "half_year":
            return _months_later(today, 6), True
        case "years":
            return _months_later(today, 12 * count), True
        case "week":
            monday = today - timedelta(today.weekday()) + timedelta(7 * len(groups["weeks"]))
            return monday + timedelta(_WEEKDAYS[groups.get("weekday", "一")]), "weekday" in groups
        case "weekday":
            return today + timedelta((_WEEKDAYS[groups["weekday"]] - today.weekday()) % 7), False
        case "ahead":
            return today + timedelta(_AHEAD[words]), True
        case "last":
            return today - timedelta(1), True
        case _:
            day = _number(groups["day"])
            return next(
                later.replace(day=day)
                for ahead in range(3)
                if day <= _days_in(later := _months_later(today.replace(day=1), ahead))
                and later.replace(day=day) >= today
            ), False


def _date(groups: dict[str, str], today: date) -> date:
    year = _year(groups, today)
    month, day = _number(groups.get("month", "1")), _number(groups.get("day", "1"))
    if year is not None:
        return date(year, month, day)
    # A day that only some years have is looked for in the next of them.
    for ahead in range(9):
        if (month, day) == (2, 29) and monthrange(today.year + ahead, 2)[1] == 28:
            continue
        if (named := date(today.year + ahead, month, day)) >= today:
            return named
    raise ValueError(groups)


def _year(groups: dict[str, str], today: date) -> int | None:
    if which := groups.get("which") or groups.get("which_end"):
        return today.year + _YEARS[which.removesuffix("年") + "年"]
    year = groups.get("year")
    return int("".join(_DIGITS.get(character, character) for character in year)) if year else None


def _month_end(groups: dict[str, str], today: date) -> date:
    if "month" in groups:
        first = _date({**groups, "day": "1"}, today.replace(day=1))
    else:
        first = _months_later(today.replace(day=1), len(groups.get("months", "")))
    return first.replace(day=_days_in(first))


def _months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    return first.replace(day=min(day.day, _days_in(first)))


def _days_in(first: date) -> int:
    return monthrange(first.year, first.month)[1]


def _number(text: str) -> int:
    value = number(text.replace("两", "二"))
    if value is None:
        raise ValueError(text)
    return value
