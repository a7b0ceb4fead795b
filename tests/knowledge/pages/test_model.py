"""Answers as the pages see them: for customers and staff together, in every period."""

from datetime import date

from knowledge.loader import load_rules
from knowledge.model import Period
from knowledge.pages.model import read_entries, read_entry, stretches
from tests.knowledge.conftest import edit
from tests.knowledge.pages.conftest import DAY


def section(entry, aspect):
    return next(section for section in entry.sections if section.aspect == aspect)


def test_without_dates_there_is_one_stretch_of_all_days():
    assert stretches([Period(), Period()]) == (Period(),)


def test_days_are_cut_where_something_begins_or_ends():
    june, july = date(2026, 6, 30), date(2026, 7, 1)

    assert stretches([Period(None, june), Period(july, None)]) == (Period(None, june), Period(july, None))


def test_a_day_between_two_rules_is_a_stretch_of_its_own():
    periods = [Period(None, date(2026, 6, 29)), Period(date(2026, 7, 1), None)]

    assert Period(date(2026, 6, 30), date(2026, 6, 30)) in stretches(periods)


def test_a_sentence_that_both_read_is_there_once(folder):
    card = section(read_entry(load_rules(folder), "move_box", DAY), "channels").cards[0]

    assert [(line.text, line.readers) for line in card.lines] == [("到仓库办理。", "all")]


def test_an_internal_sentence_is_for_staff_and_its_hint_for_customers(folder):
    entry = read_entry(load_rules(folder), "move_box", DAY)

    conditions = {line.text: line.readers for line in section(entry, "conditions").cards[0].lines}
    assert conditions["搬运工要登记箱号。"] == "staff"
    assert conditions["这一项另有内部工作要求，只供工作人员查阅。"] == "customer"
    procedure = section(entry, "procedure").cards[0]
    assert [line.readers for line in procedure.lead] == ["staff", "customer"]


def test_only_the_card_of_the_day_is_current(folder):
    fee = section(read_entry(load_rules(folder), "move_box", DAY), "fee")

    assert [card.current for card in fee.cards] == [True, False]
    assert [card.lead[0].text for card in fee.cards] == ["目前不收费。", "要收搬运费。"]


def test_the_overview_changes_with_the_aspects_it_lists(folder):
    overview = section(read_entry(load_rules(folder), "move_box", DAY), "overview")
    organization = [card for card in overview.cards if card.ownership == "organization"]

    assert any("目前不收费" in line.text for line in organization[0].items)
    assert any("要收搬运费" in line.text for line in organization[1].items)


def test_a_statement_that_stands_elsewhere_than_its_rule_says_where(folder):
    edit(folder, "items: [搬运单]", "items: [搬运单, {text: 签收本, cite: 一(一)}]")
    card = section(read_entry(load_rules(folder), "move_box", DAY), "documents").cards[0]

    assert [[place.section for place in line.places] for line in card.items] == [[], ["一(一)"]]


def test_operations_come_in_the_order_of_the_documents(rules):
    entries = read_entries(rules, DAY)

    assert [entry.id for entry in entries[:3]] == ["new_connection", "transfer_ownership", "change_number"]
    assert {entry.id for entry in entries} == {*rules.operations, *rules.topics}


def test_the_overview_is_not_counted_as_incomplete_by_itself(rules):
    entry = read_entry(rules, "cancel_service", DAY)

    assert [section.aspect for section in entry.incomplete] == ["fee", "time_limit"]
