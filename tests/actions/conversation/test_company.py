"""Questions about all numbers of a company: for staff, and for nobody else."""

from collections.abc import Sequence
from datetime import date

import pytest

from actions.conversation.company import Company, CompanyOverview, asks_about_a_company
from actions.conversation.context import Context
from actions.conversation.respond import Turn, respond
from actions.identity import Identity
from actions.reply import Reply
from actions.settings import ROOT
from actions.understanding import Understanding
from knowledge.loader import load_rules
from knowledge.model import RuleBase
from tests.actions.conversation.test_supposing import Checks

DAY = date(2026, 11, 22)
STAFF = Identity(role="staff", name="李")
ASKED = Understanding("answer", ("cancel_service",), ("eligibility",), named=True)
QUESTION = "源创三象名下哪些号码现在能销户?"


class Companies:
    """Two companies with a common part of their names."""

    def __init__(self) -> None:
        self.looked_up: list[str] = []

    def customers_named(self, text: str) -> Sequence[Company]:
        self.looked_up.append(text)
        known = {"源创三象": Company("G1001", "源创三象科技有限公司"), "源创四方": Company("G1002", "源创四方有限公司")}
        return [one for name, one in known.items() if name in text or ("源创" in text and "三象" not in text)]

    def company_overview(self, customer: str, operation: str, on: date, identity: Identity) -> CompanyOverview:
        return CompanyOverview({"allowed": 2, "blocked": 1}, [("186****0102", "还有欠费没有结清")])


@pytest.fixture(scope="module")
def rules() -> RuleBase:
    return load_rules(ROOT / "knowledge")


def ask(rules: RuleBase, text: str, identity: Identity | None, companies: Companies) -> Reply:
    turn = Turn(text, ASKED, Context(), identity, DAY)
    return respond(turn, rules, Checks(), companies=companies)[0]


def shown(reply: Reply) -> str:
    return str(reply.to_json()["text"])


def test_staff_get_counts_and_the_way_to_all_rows(rules: RuleBase) -> None:
    text = shown(ask(rules, QUESTION, STAFF, Companies()))
    assert "源创三象科技有限公司名下共 3 个号码" in text
    assert "可以办的 2 个，还不能办的 1 个" in text
    assert "186****0102" in text
    assert "check-batch --operation cancel_service --customer G1001" in text


@pytest.mark.parametrize(
    ("text", "words"), [("源创名下哪些号能销户", "这几家客户"), ("北岸名下哪些号能销户", "没有找到")]
)
def test_a_company_that_is_not_clear_is_not_guessed(rules: RuleBase, text: str, words: str) -> None:
    assert words in shown(ask(rules, text, STAFF, Companies()))


@pytest.mark.parametrize("identity", [None, Identity(role="customer", numbers=("18600000001",))])
def test_others_learn_nothing_and_nothing_is_looked_up(rules: RuleBase, identity: Identity | None) -> None:
    companies = Companies()
    there = ask(rules, QUESTION, identity, companies)
    nowhere = ask(rules, "不存在的公司名下哪些号码现在能销户?", identity, companies)
    assert companies.looked_up == []
    assert shown(there) == shown(nowhere)
    assert "源创" not in shown(there)
    assert there.verdict is None


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (QUESTION, True),
        ("客户北岸灯塔的所有号码能改号吗", True),
        ("我名下哪些号码能销户", False),
        ("我们公司名下所有号码能销户吗", False),
        ("这个号码现在能销户吗", False),
        ("个人名下的号码销户带什么", False),
    ],
)
def test_only_the_numbers_of_somebody_else_are_a_company(text: str, about: bool) -> None:
    assert asks_about_a_company(ASKED, text) == about
