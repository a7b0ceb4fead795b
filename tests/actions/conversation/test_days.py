"""The days that messages name. 22 November 2026 is a Sunday."""

from datetime import date

import pytest

from actions.conversation.days import days_named

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "day", "exact"),
    [
        ("今天呢", "2026-11-22", True),
        ("明天能办吗", "2026-11-23", True),
        ("大后天", "2026-11-25", True),
        ("下周呢", "2026-11-23", False),
        ("下周三", "2026-11-25", True),
        ("周五呢", "2026-11-27", False),
        ("下个月呢", "2026-12-01", False),
        ("下下个月", "2027-01-01", False),
        ("下月十五号", "2026-12-15", True),
        ("这个月25号", "2026-11-25", True),
        ("月底", "2026-11-30", True),
        ("下个月底", "2026-12-31", True),
        ("明年3月底", "2027-03-31", True),
        ("年底呢", "2026-12-31", True),
        ("明年底", "2027-12-31", True),
        ("明年", "2027-01-01", False),
        ("后年三月", "2028-03-01", False),
        ("明年三月一号能办吗", "2027-03-01", True),
        ("3月1号可以吗", "2027-03-01", True),
        ("11月22日", "2026-11-22", True),
        ("3/1", "2027-03-01", True),
        ("2027-03-01", "2027-03-01", True),
        ("20270301", "2027-03-01", True),
        ("二零二七年三月一日", "2027-03-01", True),
        ("2028年以后", "2028-01-01", False),
        ("2月29号", "2028-02-29", True),
        ("30天后", "2026-12-22", True),
        ("再过两年", "2028-11-22", True),
        ("三个月以后", "2027-02-22", True),
        ("两周后", "2026-12-06", True),
        ("半年后", "2027-05-22", True),
        ("15号呢", "2026-12-15", False),
        ("31号", "2026-12-31", False),
        ("昨天", "2026-11-21", True),
        ("元旦以后呢", "2027-01-01", False),
        ("明年国庆", "2027-10-01", False),
    ],
)
def test_a_day_is_read_however_it_is_named(text: str, day: str, exact: bool) -> None:
    (named,) = days_named(text, TODAY)
    assert (named.day, named.exact) == (date.fromisoformat(day), exact)


@pytest.mark.parametrize("text", ["2月30号", "13月1号", "2027-02-29", "99999年后"])
def test_a_day_that_no_calendar_has_is_named_but_is_none(text: str) -> None:
    assert [named.day for named in days_named(text, TODAY)] in ([None], [])


@pytest.mark.parametrize("text", ["我有3个号能销户吗", "18600010102", "10010", "第二天", "交了3天了", "能换号吗", ""])
def test_what_is_no_day_is_not_read_as_one(text: str) -> None:
    assert days_named(text, TODAY) == []


def test_the_end_of_a_longer_month_becomes_the_last_day_of_a_shorter_one() -> None:
    assert days_named("一个月后", date(2027, 1, 31))[0].day == date(2027, 2, 28)


def test_several_days_come_in_reading_order() -> None:
    assert [named.day for named in days_named("下周三或者月底", TODAY)] == [date(2026, 11, 25), date(2026, 11, 30)]
