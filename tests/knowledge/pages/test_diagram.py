"""The picture of how an operation is judged."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest

from knowledge.conditions import OperationRules, load_all
from knowledge.model import Period
from knowledge.pages.decision import decision_of
from knowledge.pages.diagram import decision_pictures
from knowledge.predicates import Lost, SilentUnless

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def eligibility(rules) -> dict[str, OperationRules]:
    return load_all(rules.folder)


def drawn(one: OperationRules) -> list[ET.Element]:
    markup = str(decision_pictures(one))
    return [ET.fromstring(f"{svg}</svg>") for svg in markup.split("</svg>") if svg.strip()]


def lettering(svg: ET.Element) -> str:
    return "".join(text.text or "" for text in svg.iter(f"{SVG}text"))


def test_every_condition_stands_in_both_pictures_with_its_citation_and_what_helps(eligibility):
    for one in eligibility.values():
        for svg in drawn(one):
            shown = lettering(svg)
            for condition in one.conditions:
                assert condition.requirement in shown
                assert str(condition.citation) in shown
                if condition.remedy and "{" not in condition.remedy.text:
                    assert condition.remedy.text in shown


def test_the_scope_has_its_citation_and_a_condition_the_days_on_which_it_counts(eligibility):
    one = eligibility["unlock_account"]
    dated = replace(one.conditions[0], valid=Period(date(2027, 1, 1), date(2027, 6, 30)))
    one = replace(one, conditions=(dated,))
    for svg in drawn(one):
        shown, words = lettering(svg), svg.find(f"{SVG}desc").text
        assert shown.count("三十(二)") == 2
        assert words.count("三十(二)") == 2
        for text in (shown, words):
            assert "2027年1月1日至2027年6月30日" in text


def test_a_lost_text_of_some_days_only_does_not_rule_out_a_yes_for_ever(eligibility):
    one = eligibility["relocate"]
    assert not decision_of(one).outcomes[-1].possible
    ending = replace(one.conditions[0], valid=Period(None, date(2027, 6, 30)))
    assert decision_of(replace(one, conditions=(ending,))).outcomes[-1].possible


def test_what_will_be_filled_in_is_named(eligibility):
    wide, narrow = drawn(eligibility["change_number"])
    for svg in (wide, narrow):
        assert "交清欠费〔欠费（元）〕元。" in lettering(svg)
        assert "从〔解除限制的那一天〕起" in lettering(svg)


def test_the_same_is_told_in_words_to_those_who_do_not_see_it(eligibility):
    for one in eligibility.values():
        for svg in drawn(one):
            title, words = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
            assert svg.get("role") == "img"
            assert svg.get("aria-labelledby") == title.get("id")
            assert svg.get("aria-describedby") == words.get("id")
            assert one.name in title.text
            for condition in one.conditions:
                assert condition.requirement in words.text
                assert str(condition.citation) in words.text


def test_an_identifier_is_used_once(eligibility):
    markup = "".join(str(decision_pictures(one)) for one in eligibility.values())
    names = [element.get("id") for svg in ET.fromstring(f"<all>{markup}</all>").iter() if (element := svg).get("id")]
    assert len(names) == len(set(names))


def test_no_script_no_style_of_its_own_and_no_font(eligibility):
    for one in eligibility.values():
        markup = str(decision_pictures(one)).lower()
        assert not any(word in markup for word in ("<script", "<style", "style=", "font-family", "@import", "href"))


def test_a_text_stays_a_text(eligibility):
    one = eligibility["change_number"]
    hostile = replace(one.conditions[0], requirement="</text><script>alert(1)</script>")
    pictures = str(decision_pictures(replace(one, conditions=(hostile,))))
    assert "<script" not in pictures
    assert "&lt;script&gt;" in pictures


def test_where_nothing_depends_on_the_account_there_is_no_picture(eligibility):
    assert decision_pictures(eligibility["report_fault"]) == ""


def test_what_the_picture_concludes_is_what_can_be_concluded(eligibility):
    one = eligibility["change_number"]
    outcomes = decision_of(one).outcomes
    assert [outcome.status for outcome in outcomes] == ["blocked", "needs_review", "allowed"]
    assert all(outcome.possible for outcome in outcomes)

    lost = replace(one.conditions[0], require=Lost(), remedy=None)
    decision = decision_of(replace(one, conditions=(lost, *one.conditions[1:])))
    assert [outcome.possible for outcome in decision.outcomes] == [True, True, False]
    assert decision.steps[0].tone == "lost"

    silent = replace(one.conditions[0], require=SilentUnless(one.conditions[0].require), remedy=None)
    decision = decision_of(replace(one, conditions=(silent,)))
    assert [outcome.status for outcome in decision.outcomes] == ["needs_review", "allowed"]
    assert "有一项要核实" in decision.words

    decision = decision_of(replace(one, conditions=()))
    assert "没有别的条件" in decision.words
    assert "在适用范围里" in decision.words
