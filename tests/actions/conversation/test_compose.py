"""Answers become blocks, with the choices that follow; staff get the original passages beside the citations."""

from datetime import date

import pytest

from actions.conversation.compose import answer_blocks, next_choices
from actions.conversation.context import Context, Request
from actions.conversation.respond import Turn, respond
from actions.identity import Identity
from actions.plain_text import plain_text
from actions.understanding import Understanding
from knowledge.answers import answer_operation
from knowledge.loader import load_rules
from knowledge.model import Citation, RuleBase
from knowledge.sources import Sources
from tests.knowledge.conftest import KNOWLEDGE, folder

__all__ = ["folder"]

DAY = date(2026, 11, 22)
CITED = Citation("集团客户标准服务内容", "五(二)")
PASSAGES = Sources("", {}, {CITED: "甲乙丙", Citation("集团客户标准服务内容", "六(二)"): "别的"})
STAFF = Identity(role="staff", name="李")


@pytest.fixture(scope="module")
def rules() -> RuleBase:
    return load_rules(KNOWLEDGE)


class NoAccounts:
    def never_applies(self, operation: str) -> str | None:
        return None

    def covers(self, operation: str) -> bool:
        return False

    def check(self, *_: object) -> None:
        raise AssertionError


def blocks(rules, operation, aspect, ownership=None, on=DAY):
    return answer_blocks(answer_operation(rules, operation, aspect, ownership, "customer", on))


def said(rules, identity=None, sources=lambda _: PASSAGES, understanding=None):
    asked = understanding or Understanding("answer", operations=("cancel_service",), aspects=("documents",))
    reply, _ = respond(Turn("", asked, Context(), identity, DAY), rules, NoAccounts(), sources)
    return reply


def test_a_paragraph_names_its_reader_in_its_text_and_apart_from_it(rules):
    first = blocks(rules, "cancel_service", "documents")[0]
    assert first["heading"] == "单位名称开户"
    assert first["text"].startswith("单位名称开户：")
    assert "heading" not in blocks(rules, "cancel_service", "channels")[0]


@pytest.mark.parametrize(
    ("aspect", "ownership", "address"),
    [
        ("documents", None, "/checklists/cancel_service?ownership=organization"),
        ("documents", "organization", "/checklists/cancel_service?ownership=organization"),
        ("overview", "individual", "/checklists/cancel_service?ownership=individual"),
        ("procedure", None, "/checklists/cancel_service?ownership=organization"),
        ("conditions", None, None),
    ],
)
def test_a_checklist_can_be_printed_for_the_kind_of_customer_it_is_for(rules, aspect, ownership, address):
    checklist = next(b for b in blocks(rules, "cancel_service", aspect, ownership) if b["type"] == "checklist")
    assert checklist.get("print") == address


def test_a_checklist_for_everybody_is_printed_for_everybody(rules):
    checklist = next(b for b in blocks(rules, "manage_password", "documents") if b["type"] == "checklist")
    assert checklist["print"] == "/checklists/manage_password"


@pytest.mark.parametrize(("aspect", "mark"), [("documents", "□"), ("conditions", "·")])
def test_only_a_list_to_work_off_has_boxes_to_tick(rules, aspect, mark):
    shown = plain_text(blocks(rules, "cancel_service", aspect, "organization"), [])
    assert {line.strip()[0] for line in shown.splitlines() if line.startswith("  ")} == {mark}


def test_a_change_to_come_is_a_warning(folder):
    changing = load_rules(folder)
    warnings = [
        b["text"] for b in blocks(changing, "move_box", "fee", on=date(2026, 1, 1)) if b.get("tone") == "warning"
    ]
    assert warnings == ["自2026年7月1日起，收费标准改为：要收搬运费。"]


def test_what_the_rules_cannot_answer_is_offered_last(rules):
    offered = [choice.request.aspect for choice in next_choices(rules, Request("cancel_service"), checkable=False)]
    assert offered == ["documents", "conditions", "channels"]
    offered = [choice.request.aspect for choice in next_choices(rules, Request("change_profile"), checkable=False)]
    assert offered[0] == "channels"


def test_a_reply_names_the_version_of_the_rules_it_comes_from(rules):
    assert said(rules).to_json()["rules_version"] == rules.version


def test_staff_get_the_original_passage_of_every_cited_section(rules):
    reply = said(rules, STAFF)
    cited = next(block for block in reply.blocks if block["type"] == "citations")
    assert cited["items"] == [{"document": CITED.document, "section": CITED.section, "passage": "甲乙丙"}]
    assert reply.citations == [{"document": CITED.document, "section": CITED.section}]
    assert "甲乙丙" not in reply.to_json()["text"]


def test_a_passage_holds_what_stands_below_its_section(rules):
    fee = Understanding("answer", operations=("cancel_service",), aspects=("fee",))
    reply = said(rules, STAFF, understanding=fee)
    cited = next(block for block in reply.blocks if block["type"] == "citations")
    assert {item["section"]: item.get("passage") for item in cited["items"]}["五"] == "甲乙丙"


@pytest.mark.parametrize("identity", [None, Identity(role="customer", numbers=("18600010101",))])
def test_nobody_else_gets_a_passage(rules, identity):
    assert "甲乙丙" not in str(said(rules, identity).to_json())


def test_without_the_documents_staff_are_answered_all_the_same(rules):
    assert said(rules, STAFF, sources=lambda _: None).blocks == said(rules).blocks
