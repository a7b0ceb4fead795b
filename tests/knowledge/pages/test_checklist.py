"""The checklist to print: what the answers say, and nothing else."""

from datetime import date

import pytest

from knowledge.answers import answer_operation
from knowledge.identifiers import OWNERSHIPS, RULE_ASPECTS
from knowledge.loader import load_rules
from knowledge.pages.checklist import checklist_page, checklist_refusal
from tests.knowledge.conftest import edit
from tests.knowledge.pages.conftest import DAY
from tests.knowledge.pages.html import read
from tests.knowledge.pages.test_owners_sheet import SCRIPT, all_statements


def page(rules, operation, ownership=None, role="customer", on=DAY):
    return read(checklist_page(rules, operation, ownership, role, on, "/static/pages/checklist.css", "/print.js"))


def test_everything_that_is_answered_stands_on_the_checklist(rules):
    for operation in rules.operations:
        for ownership in OWNERSHIPS:
            shown = page(rules, operation, ownership)
            for aspect in RULE_ASPECTS[1:]:
                part = answer_operation(rules, operation, aspect, ownership, "customer", DAY).parts[0]
                assert {part.lead, *part.items, *part.notes} <= set(shown.words), (operation, aspect, ownership)
                assert rules.wording.aspects[aspect] in shown.text
                for citation in part.citations:
                    assert f"《{citation.document}》" in shown.text
            overview = answer_operation(rules, operation, "overview", ownership, "customer", DAY).parts[0]
            assert overview.lead in shown.words, (operation, ownership)


def test_what_the_overview_alone_says_is_not_lost(rules):
    rule = rules.operations["group_products"].aspects["overview"].on(DAY, "organization")
    own = {statement.text for statement in rule.statements if statement.audience == "all"}

    assert len(own) > 1
    assert own <= set(page(rules, "group_products", "organization").words)


def test_nothing_for_staff_stands_on_a_customers_checklist(rules):
    for entry in rules.operations.values():
        internal = {s.text for s in all_statements(entry) if s.audience == "staff"}
        for ownership in (None, *OWNERSHIPS):
            text = page(rules, entry.id, ownership).text
            assert not [sentence for sentence in internal if sentence in text], entry.id


def test_staff_may_have_it_on_theirs(rules):
    assert "挽留" in page(rules, "cancel_service", "organization", "staff").text


def test_an_individual_is_never_given_an_organizations_papers(rules):
    for operation in rules.operations:
        text = page(rules, operation, "individual").text
        papers = [term for term in rules.documents.terms.organization_only if term in text]
        own = [
            answer_operation(rules, operation, aspect, "individual", "customer", DAY).text for aspect in RULE_ASPECTS
        ]
        assert all(any(term in answer for answer in own) for term in papers), (operation, papers)
    assert "单位介绍信" not in page(rules, "cancel_service", "individual").text


def test_papers_have_boxes_to_tick(folder):
    html = checklist_page(load_rules(folder), "move_box", "organization", "customer", DAY, "x.css")

    assert html.count('class="box"') == 1
    assert '<span class="box" aria-hidden="true"></span>搬运单' in html


def test_a_lost_aspect_is_said_to_be_lost_and_whom_to_ask(rules):
    words = page(rules, "cancel_service", "organization").words

    assert "原文缺失" in words[words.index("收费标准") :][:2]
    assert rules.wording.ask["lost"] in words


def test_both_statements_of_a_contradiction_stand_there(rules):
    shown = page(rules, "mask_call_records", "organization")
    fee = answer_operation(rules, "mask_call_records", "fee", "organization", "customer", DAY).parts[0]

    assert fee.status == "contradictory"
    assert "规则前后不一" in shown.words
    assert fee.lead in shown.words


def test_without_an_ownership_both_sheets_are_there_and_one_can_be_chosen(rules):
    shown = page(rules, "cancel_service")

    assert shown.tags.count("article") == 2
    assert {"?ownership=organization", "?ownership=individual"} <= set(shown.links)
    assert page(rules, "cancel_service", "individual").tags.count("article") == 1


def test_where_the_rules_make_no_difference_there_is_one_sheet_without_a_choice(folder):
    path = folder / "operations" / "move_box.yml"
    text = path.read_text(encoding="utf-8")
    head, answers = text.split("answers:\n")
    gap = "".join(f"  {aspect}:\n    any: {{status: lost, cite: 一}}\n" for aspect in RULE_ASPECTS)
    path.write_text(f"{head}answers:\n{gap}", encoding="utf-8")
    shown = page(load_rules(folder), "move_box")

    assert answers
    assert shown.tags.count("article") == 1
    assert shown.links == []


def test_what_is_the_same_for_several_aspects_is_said_once(rules):
    shown = page(rules, "cancel_service", "individual")

    assert "基本说明、所需材料" in shown.words


def test_version_and_day_are_printed(rules):
    text = page(rules, "replace_sim", on=date(2026, 12, 31)).text

    assert f"规则库版本 {rules.version}" in text
    assert "按 2026年12月31日有效的规则制作" in text


def test_the_rule_of_the_day_is_printed_with_the_change_to_come(folder):
    rules = load_rules(folder)
    before, later = page(rules, "move_box"), page(rules, "move_box", on=date(2026, 7, 1))

    assert "目前不收费。" in before.words
    assert before.words.count("自2026年7月1日起，收费标准改为：要收搬运费。") == 2
    assert "目前不收费。" not in later.words
    assert "要收搬运费。" in later.words


def test_an_operation_without_answers_says_so(folder):
    path = folder / "operations" / "move_box.yml"
    path.write_text(path.read_text(encoding="utf-8").split("answers:")[0], encoding="utf-8")

    assert "“搬箱子”的答复还没有整理进规则库" in page(load_rules(folder), "move_box").text


def test_markup_in_a_rule_stays_text(folder):
    edit(folder, "到仓库办理。", f"到仓库办理{SCRIPT}。")
    shown = page(load_rules(folder), "move_box", "organization")

    assert shown.tags.count("script") == 1
    assert f"到仓库办理{SCRIPT}。" in shown.words


def test_the_print_button_is_there_only_with_its_script(rules):
    with_script = page(rules, "replace_sim", "organization")
    without = read(checklist_page(rules, "replace_sim", "organization", "customer", DAY, "x.css"))

    assert with_script.loads == ["/static/pages/checklist.css", "/print.js"]
    assert "打印" in with_script.words
    assert "打印" not in without.words


def test_an_unknown_operation_is_an_error(rules):
    with pytest.raises(KeyError):
        page(rules, "fly")


def test_a_refusal_offers_what_there_is(rules):
    every = read(checklist_refusal(rules, "fly", "x.css"))
    one = read(checklist_refusal(rules, "cancel_service", "x.css"))

    assert set(every.links) == set(rules.operations)
    assert one.links == ["?ownership=organization", "?ownership=individual"]
    assert "fly" not in every.text
