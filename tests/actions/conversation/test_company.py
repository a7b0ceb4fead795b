"""Questions about all numbers of a company: for staff, and for nobody else."""

from collections.abc import Sequence
from datetime import date

import pytest

from actions.conversation.company import Company, CompanyOverview, asks_about_a_company, names_in, plain_name
from actions.conversation.context import Context, from_slots
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
    """Companies with common parts of their names, and a person."""

    def __init__(self) -> None:
        self.looked_up: list[str] = []
        self.seen: list[str] = []

    def customers_called(self, names: Sequence[str], text: str) -> Sequence[Company]:
        self.looked_up.append(text)
        return [
            one
            for one in KNOWN
            if plain_name(one.name) in text
            or one.id.lower() in names
            or any(name in plain_name(one.name) for name in names)
        ]

    def company_overview(self, customer: str, operation: str, on: date, identity: Identity) -> CompanyOverview | None:
        company = next((one for one in KNOWN if one.id == customer), None)
        if company is None:
            return None
        self.seen.append(customer)
        return CompanyOverview(company, {"allowed": 2, "blocked": 1}, [("186****0102", "还有欠费没有结清")], True)


KNOWN = [
    Company("G1001", "源创三象科技有限公司"),
    Company("G1002", "源创四方（北京）有限公司"),
    Company("G1003", "安徽北岸灯塔物流有限公司"),
    Company("P1", "林小满"),
]


@pytest.fixture(scope="module")
def rules() -> RuleBase:
    return load_rules(ROOT / "knowledge")


def ask(
    rules: RuleBase, text: str, identity: Identity | None, companies: Companies, context: Context | None = None
) -> Reply:
    return both(rules, text, identity, companies, context or Context())[0]


def both(
    rules: RuleBase, text: str, identity: Identity | None, companies: Companies, context: Context
) -> tuple[Reply, Context]:
    asked = Understanding("clarify") if context.choices else ASKED
    return respond(Turn(text, asked, context, identity, DAY), rules, Checks(), companies=companies)


def shown(reply: Reply) -> str:
    return str(reply.to_json()["text"])


def test_staff_get_counts_and_the_way_to_all_rows(rules: RuleBase) -> None:
    text = shown(ask(rules, QUESTION, STAFF, Companies()))
    assert "源创三象科技有限公司（G1001）名下共 3 个号码，按2026年11月22日判断" in text
    assert "可以办理 2 个，暂时不能办理 1 个" in text
    assert "186****0102" in text
    assert "只看了账户数据库" in text
    assert "check-batch --operation cancel_service --customer G1001" in text


def test_a_member_of_staff_who_looks_at_no_accounts_is_told_so_and_no_company_is_looked_for(rules: RuleBase) -> None:
    companies = Companies()
    told = shown(ask(rules, QUESTION, Identity(role="staff", name="李", accounts=False), companies))
    assert "坐席或主管" in told
    assert "源创三象" not in told
    assert companies.seen == []


@pytest.mark.parametrize(
    ("called", "customer"),
    [
        ("源创三象", "G1001"),
        ("请帮我查一下源创三象这家公司", "G1001"),
        ("源创三象科技有限公司", "G1001"),
        ("客户编号g1002", "G1002"),
        ("源创四方(北京)有限公司", "G1002"),
        ("林小满", "P1"),
    ],
)
def test_a_company_is_known_by_its_name_the_usual_short_form_or_its_id(
    rules: RuleBase, called: str, customer: str
) -> None:
    companies = Companies()
    ask(rules, f"{called}名下哪些号能销户", STAFF, companies)
    assert companies.seen == [customer]


@pytest.mark.parametrize(
    ("called", "offered"),
    [
        ("源创", ["源创三象科技有限公司（G1001）", "源创四方（北京）有限公司（G1002）"]),
        ("新源创三象科技有限公司", ["源创三象科技有限公司（G1001）"]),
        ("北岸灯塔", ["安徽北岸灯塔物流有限公司（G1003）"]),
        ("物流公司", ["安徽北岸灯塔物流有限公司（G1003）"]),
        ("小满", ["林小满（P1）"]),
    ],
)
def test_a_company_that_is_not_clear_is_asked_back(rules: RuleBase, called: str, offered: list[str]) -> None:
    companies = Companies()
    reply = ask(rules, f"{called}名下哪些号能销户", STAFF, companies)
    assert (reply.decision, reply.choices, companies.seen) == ("clarify", offered, [])


def test_a_company_that_nobody_knows_is_not_guessed(rules: RuleBase) -> None:
    companies = Companies()
    assert "没有找到" in shown(ask(rules, "新源创三象名下哪些号能销户", STAFF, companies))
    assert companies.seen == []


def test_the_company_that_is_chosen_is_answered_for(rules: RuleBase) -> None:
    companies = Companies()
    reply, context = both(rules, "源创名下哪些号能销户", STAFF, companies, Context())
    taken, after = both(rules, reply.choices[1], STAFF, companies, from_slots(context.to_slots()))
    assert companies.seen == ["G1002"]
    assert "源创四方（北京）有限公司（G1002）名下共 3 个号码" in shown(taken)
    assert after.choices == ()


def test_a_choice_left_over_from_staff_is_worth_nothing_to_others(rules: RuleBase) -> None:
    companies = Companies()
    reply, context = both(rules, "源创名下哪些号能销户", STAFF, companies, Context())
    assert "不能按公司来查" in shown(ask(rules, reply.choices[1], None, companies, context))
    assert companies.seen == []


def test_what_stands_around_a_name_is_left_out_in_steps() -> None:
    assert names_in("请问客户北岸灯塔的所有号码能改号吗")[-1] == "北岸灯塔"
    assert "查尔斯" in names_in("查尔斯公司名下哪些号能销户")
    assert "源创三象科技有限公司" in names_in("客户源创三象科技有限公司的号码都能销户吗")


@pytest.mark.parametrize("identity", [None, Identity(role="customer", numbers=("18600000001",))])
def test_others_learn_nothing_and_nothing_is_looked_up(rules: RuleBase, identity: Identity | None) -> None:
    companies = Companies()
    there = ask(rules, QUESTION, identity, companies)
    nowhere = ask(rules, "不存在的公司名下哪些号码现在能销户?", identity, companies)
    assert companies.looked_up == []
    assert shown(there) == shown(nowhere)
    assert "源创" not in shown(there)
    assert there.verdict is None


def test_which_numbers_can_is_asked_of_the_numbers_whatever_it_sounds_like() -> None:
    unclear = Understanding("answer", ("cancel_service",), ("channels",), named=True)
    assert asks_about_a_company(unclear, "北岸名下哪些号码现在能销户")
    assert not asks_about_a_company(unclear, "北岸名下的号码在哪儿能销户")


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
