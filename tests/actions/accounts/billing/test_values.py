"""Single values: units, forms of dates, and places in a document."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from actions.accounts.billing.mapping import UNITS, FactMapping
from actions.accounts.billing.places import MISSING, SEVERAL, Marker, Place, same
from actions.accounts.billing.times import is_form, read_time
from actions.accounts.billing.values import read_value
from actions.accounts.facts import Known, Unknown

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def read(mapping: FactMapping, raw: object):
    fact = read_value(mapping, {"v": raw}, "计费", NOW)
    return fact.value if isinstance(fact, Known) else fact


@pytest.mark.parametrize(
    ("unit", "raw", "value"),
    [("分", 3250, "32.50"), ("厘", 32500, "32.50"), ("角", 325, "32.50"), ("元", 32, "32.00"), ("分", -5, "-0.05")],
)
def test_money_is_converted_exactly(facts, unit, raw, value):
    mapping = FactMapping(facts["balance"], Place(("v",)), "integer", divisor=UNITS[unit])
    assert str(read(mapping, raw)) == value


def test_a_sum_finer_than_a_cent_is_not_rounded(facts):
    mapping = FactMapping(facts["balance"], Place(("v",)), "integer", divisor=UNITS["厘"])
    assert isinstance(read(mapping, 32505), Unknown)


@pytest.mark.parametrize(("rounding", "value"), [("up", "5.126"), ("down", "5.125")])
def test_an_amount_is_rounded_only_as_the_mapping_says(facts, rounding, value):
    mapping = FactMapping(facts["data_used_gb"], Place(("v",)), "number", divisor=Decimal(1024), rounding=rounding)
    assert str(read(mapping, Decimal("5248.5"))) == value
    mapping = FactMapping(facts["data_used_gb"], Place(("v",)), "number", divisor=Decimal(1024))
    assert isinstance(read(mapping, Decimal("5248.5")), Unknown)
    assert read(mapping, 5248) == Decimal("5.125")


def test_a_negative_nothing_is_nothing(facts):
    mapping = FactMapping(facts["arrears"], Place(("v",)), "text")
    assert str(read(mapping, "-0.00")) == "0.00"


@pytest.mark.parametrize(
    ("form", "raw", "day"),
    [
        ("%Y%m%d", "20271231", date(2027, 12, 31)),
        ("%Y/%m/%d", "2027/12/31", date(2027, 12, 31)),
        ("%Y-%m-%d %H:%M:%S", "2027-12-31 23:59:59", date(2027, 12, 31)),
        ("iso8601", "2027-12-31T15:59:59Z", date(2027, 12, 31)),
        ("iso8601", "2027-12-31T16:00:00Z", date(2028, 1, 1)),
        ("iso8601", "2027-12-31T23:59:59.999+08:00", date(2027, 12, 31)),
        ("epoch_seconds", 1830268799, date(2027, 12, 31)),
        ("epoch_milliseconds", 1830268800000, date(2028, 1, 1)),
    ],
)
def test_a_date_is_the_day_in_china(form, raw, day):
    assert read_time(raw, form).date() == day


@pytest.mark.parametrize(
    ("form", "raw"),
    [
        ("%Y%m%d", "2027123"),
        ("%Y%m%d", "20271232"),
        ("%Y%m%d", " 20271231"),
        ("%Y%m%d", "２０２７１２３１"),
        ("iso8601", "2027-12-31"),
        ("iso8601", "2027-12-31T00:00:00"),
        ("iso8601", "2027-W52-5T00:00Z"),
        ("iso8601", "2027-02-29T00:00Z"),
        ("epoch_seconds", 10**15),
        ("epoch_milliseconds", -(10**30)),
    ],
)
def test_what_is_not_of_the_form_is_no_date(form, raw):
    assert read_time(raw, form) is None


@pytest.mark.parametrize("form", ["", "%Y%m", "%Y%m%d%j", "%y%m%d", "%Y%m%d%d", "%Y-%m-%d%", "date"])
def test_what_leaves_the_day_open_is_no_form(form):
    assert not is_form(form)


def test_a_place_is_a_pointer_or_has_dots():
    document = {"a/b": {"c.d": [10, {"e": None}]}, "0": "text"}
    assert Place.parse("/a~1b/c.d/1/e").find(document) is None
    assert Place.parse("/a~1b/c.d/0").find(document) == 10
    assert Place.parse("0").find(document) == "text"
    for text in ("a", "/a~1b/c.d/2", "/a~1b/c.d/-1", "/a~1b/c.d/1/e/f", "0.1", "/a~1b/c.d/٠"):
        assert Place.parse(text).find(document) is MISSING, text
    for text in ("", ".", "a..b", "/", "/a/", "a."):
        assert Place.parse(text) is None, text


def test_one_entry_of_a_list_is_chosen_by_what_it_has():
    place = Place.parse("/list/[kind=2]/v")
    assert place.find({"list": [{"kind": 1, "v": "a"}, {"kind": 2, "v": "b"}, 5]}) == "b"
    assert place.find({"list": [{"kind": 1, "v": "a"}]}) is MISSING
    assert place.find({"list": [{"kind": 2, "v": "a"}, {"kind": "2", "v": "a"}]}) is SEVERAL
    assert place.find({"list": {"kind": 2, "v": "a"}}) is MISSING


def test_one_true_and_the_text_1_are_three_things():
    values = [1, True, "1"]
    assert [[same(a, b) for b in values] for a in values] == [[a is b for b in values] for a in values]
    assert not Marker(Place(("a",)), (0, False, "")).shown({"a": None})
    assert not Marker(Place(("a",)), (0, False, "")).shown({})
