"""A message that names no subject, and whether the rules of the subject of the conversation speak of what it names."""

from datetime import date

import pytest

from actions.conversation.context import Context, Request
from actions.conversation.subject import about_the_subject, of_the_same_document
from actions.settings import ROOT
from actions.understanding import Alternative
from knowledge.identifiers import Role
from knowledge.loader import load_rules
from knowledge.model import RuleBase

DAY = date(2026, 11, 22)
REFUND = Context("refund_prepayment", aspect="fee", ownership="organization")


@pytest.fixture(scope="module")
def rules() -> RuleBase:
    return load_rules(ROOT / "knowledge")


def about(rules: RuleBase, context: Context, *words: str, role: Role = "customer") -> Request | None:
    return about_the_subject(rules, context, words, (), role, DAY)


def test_a_paper_that_the_rules_name_is_asked_about_with_them(rules: RuleBase) -> None:
    request = about(rules, REFUND, "发票")
    assert request == Request("refund_prepayment", aspect="documents", ownership="organization")


def test_what_only_units_are_told_is_not_found_for_individuals(rules: RuleBase) -> None:
    assert about(rules, Context("refund_prepayment", ownership="individual"), "发票") is None


@pytest.mark.parametrize("words", [("发票", "派出所"), ("派出所",), ("发", "票"), ()])
def test_every_word_has_to_be_spoken_of_and_one_at_least_has_to_say_something(
    rules: RuleBase, words: tuple[str, ...]
) -> None:
    assert about(rules, REFUND, *words) is None


def test_a_short_form_is_found_in_the_long_one(rules: RuleBase) -> None:
    repair = Context(topic="leased_line_repair")
    assert about(rules, repair, "超时", "赔") == Request(topic="leased_line_repair")


def test_words_that_stand_in_different_sentences_are_not_said_together(rules: RuleBase) -> None:
    assert about(rules, Context("refund_prepayment", ownership="organization"), "发票", "靓号") is None


def test_nothing_is_about_a_conversation_without_a_subject(rules: RuleBase) -> None:
    assert about(rules, Context(), "发票") is None


def test_customers_find_nothing_in_what_staff_alone_are_told(rules: RuleBase) -> None:
    cancelling = Context("cancel_service", ownership="organization")
    assert about(rules, cancelling, "挽留", role="staff")
    assert about(rules, cancelling, "挽留") is None


def test_of_several_guesses_the_one_of_the_same_document_is_taken(rules: RuleBase) -> None:
    guesses = [Alternative(None, "agreement_term", None, 0.14), Alternative(None, "leased_line_renewal", None, 0.11)]
    line = Context(topic="leased_line_fees")
    assert of_the_same_document(rules, line, guesses) == Request(topic="leased_line_renewal")
    assert of_the_same_document(rules, Context(topic="website_filing"), guesses) is None
    assert of_the_same_document(rules, Context("replace_sim"), guesses) is None
