from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.facts import FactValueError, load_facts, show_date
from knowledge.yaml_source import KnowledgeError

FACTS = load_facts(Path(__file__).resolve().parents[2] / "knowledge" / "facts.yml")
# The contract's table of account fields, in its order.
FIELDS = [
    "ownership",
    "service",
    "payment",
    "status",
    "lifecycle",
    "arrears",
    "balance",
    "refundable",
    "points",
    "relocated",
    "campaign_restricted",
    "special_number_restricted",
    "subsidy_agreement_end",
    "plan_agreement_end",
    "special_number_agreement_end",
    "special_terms",
    "prepayment_kind",
    "roaming",
    "roaming_prepayment",
    "roaming_closed_on",
    "data_used_gb",
    "signed_member",
]


def test_the_facts_are_those_of_the_contract():
    assert [name for name, spec in FACTS.items() if spec.level == "subscription"] == FIELDS
    assert [name for name, spec in FACTS.items() if spec.level == "customer"] == ["blacklisted", "key_person"]


def test_none_is_explicit_only_where_the_contract_has_it():
    assert {name for name, spec in FACTS.items() if spec.none} == {
        "lifecycle",
        "relocated",
        "subsidy_agreement_end",
        "plan_agreement_end",
        "special_number_agreement_end",
        "prepayment_kind",
        "roaming_closed_on",
    }


@pytest.mark.parametrize(
    ("fact", "value", "json", "shown"),
    [
        ("arrears", Decimal("32.5"), "32.50", "32.50"),
        ("arrears", None, None, "未知"),
        ("roaming", False, False, "否"),
        ("points", 0, 0, "0"),
        ("status", "lost", "lost", "挂失"),
        ("relocated", "none", "none", "不是移机不改号的号码"),
        ("plan_agreement_end", date(2028, 2, 29), "2028-02-29", "2028年2月29日"),
        ("plan_agreement_end", "none", "none", "没有套餐协议"),
        ("data_used_gb", Decimal("5.125"), "5.125", "5.125"),
    ],
)
def test_a_value_is_written_and_shown(fact, value, json, shown):
    assert FACTS[fact].to_json(value) == json
    assert FACTS[fact].show(value) == shown


def test_what_is_written_is_read_back():
    for fact, text in (("arrears", "32.50"), ("plan_agreement_end", "none"), ("data_used_gb", "0.001")):
        assert FACTS[fact].to_json(FACTS[fact].from_json(text)) == text


def test_minus_zero_is_zero():
    assert FACTS["arrears"].to_json(FACTS["arrears"].from_json("-0.00")) == "0.00"


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("arrears", 5),
        ("arrears", 0.0),
        ("arrears", Decimal("NaN")),
        ("points", True),
        ("roaming", 1),
        ("plan_agreement_end", datetime(2028, 1, 1)),
        ("status", 5),
    ],
)
def test_a_value_of_another_type_is_refused_even_if_python_thinks_it_equal(fact, value):
    with pytest.raises(FactValueError):
        FACTS[fact].checked(value)


def test_a_date_is_shown_without_leading_zeros():
    assert show_date(date(2027, 1, 2)) == "2027年1月2日"


@pytest.mark.parametrize(
    ("declaration", "reason"),
    [
        ("{type: money}", "label"),
        ("{label: 甲, type: float}", "type"),
        ("{label: 甲, type: enum}", "values"),
        ("{label: 甲, type: bool, values: {a: b}}", "values"),
        ("{label: 甲, type: enum, values: {none: 无}}", "none"),
        ("{label: 甲, type: bool, of: shop}", "of"),
        ("{label: 甲, type: money, minimum: 0}", "minimum"),
        ("{label: 甲, type: date, none: true}", "none"),
        ("{label: 甲, type: bool, colour: red}", "colour"),
        ("5", "键值"),
    ],
)
def test_a_bad_declaration_is_refused_with_its_line(tmp_path, declaration, reason):
    path = tmp_path / "facts.yml"
    path.write_text(f"good: {{label: 好, type: bool}}\nbad: {declaration}\n")
    with pytest.raises(KnowledgeError) as caught:
        load_facts(path)
    problem = caught.value.problems[0]
    assert (problem.path, problem.line) == (path, 2)
    assert reason in problem.reason


def test_a_file_that_is_no_mapping_is_refused(tmp_path):
    path = tmp_path / "facts.yml"
    path.write_text("- a\n")
    with pytest.raises(KnowledgeError):
        load_facts(path)
