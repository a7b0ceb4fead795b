"""Another operator's rules, in a folder of their own, work without a change of code."""

import re

import pytest

from actions.settings import ROOT
from bot.__main__ import main
from knowledge import vocabulary
from knowledge.cases import run_cases
from knowledge.conditions import load_operation
from knowledge.loader import load_rules
from tests.actions.eligibility.rule_cases import cases, judged
from tests.packs.conftest import XINGCHA

HOME = load_rules(ROOT / "knowledge")
HERE = load_rules(XINGCHA / "knowledge")
# What a reply in this pack can only say when something of the other one is nailed into the product.
NOT_HERE = (
    HOME.pack.operator.name,
    *HOME.pack.operator.called,
    *HOME.pack.operator.hotlines,
    HOME.pack.contact.office,
    "集团客户",
    *(f"《{title}》" for title in HOME.documents.by_title),
    *(operation.name for operation in HOME.operations.values()),
)


def test_it_shares_no_operation_topic_or_document_with_the_product():
    assert not {*HERE.operations, *HERE.topics} & {*HOME.operations, *HOME.topics}
    assert not HERE.documents.by_title.keys() & HOME.documents.by_title.keys()


def test_its_answers_are_what_its_cases_say():
    assert run_cases(HERE) == []


@pytest.mark.parametrize(("operation", "base", "case"), cases(XINGCHA / "knowledge"))
def test_its_accounts_are_judged_as_the_cases_beside_its_conditions_say(operation, base, case):
    rules = load_operation(XINGCHA / "knowledge", operation)
    assert judged(rules, base, case) == dict(case["expect"])


def test_its_generated_files_are_in_step():
    assert vocabulary.check(HERE, XINGCHA / "data" / "generated") == []


def test_it_lints_clean_also_against_its_documents(inside, pack, capsys):
    assert main(["knowledge", "lint", "--sources", str(pack / "sources")]) == 0, capsys.readouterr().out
    assert "5 项业务，1 个主题" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said", "place"),
    [
        (["--operation", "family_number", "--aspect", "fee"], "每月3元", "第二章第十条"),
        (["--operation", "rename_landline", "--aspect", "fee"], "20元", "第三章第十四条"),
        (["--operation", "second_number", "--aspect", "fee"], "请向星光服务厅核实", "第四章第十八条"),
        (["--topic", "early_termination"], "每月30元", "《星槎通信套餐协议》第二条"),
    ],
)
def test_its_rules_are_answered_without_understanding(inside, capsys, arguments, said, place):
    assert main(["answer", *arguments]) == 0
    text = capsys.readouterr().out
    assert said in text
    assert place in text


def test_individuals_get_papers_of_their_own(inside, capsys):
    main(["answer", "--operation", "rename_landline", "--aspect", "documents", "--ownership", "individual"])
    text = capsys.readouterr().out
    assert "户口簿" in text
    assert "营业执照" not in text
    assert "公函" not in text


def test_its_accounts_are_kept_apart_and_judged_by_its_own_conditions(inside, pack, capsys):
    accounts = f"sqlite:///{pack / 'accounts.db'}"
    main(["accounts", "import", str(pack / "data" / "demo" / "accounts.jsonl"), "--accounts", accounts])
    check = ["check", "--operation", "port_number", "--accounts", accounts, "--number"]
    assert main([*check, "17000020001"]) == 0
    assert "从 2027年4月1日 起可以办理携号转网" in capsys.readouterr().out
    assert main([*check, "18600010101"]) == 1


DIALOGUES = [
    {"id": "amount", "turns": [{"user": "亲情号一个月要多少钱"}, {"user": "那带什么证件呢"}, {"user": "个人的"}]},
    {"id": "another amount", "turns": [{"user": "租光猫的押金要交多少"}]},
    {"id": "organization", "turns": [{"user": "单位的座机改名要带什么"}]},
    {"id": "gap", "turns": [{"user": "一卡双号每个月收多少钱"}]},
    {"id": "topic", "turns": [{"user": "提前解约要赔多少违约金"}]},
    {
        "id": "check",
        "identity": {"role": "customer", "numbers": ["17000020001"]},
        "turns": [{"user": "我现在能携号转网吗"}],
    },
    {"id": "staff", "identity": {"role": "staff"}, "turns": [{"user": "我现在能携号转网吗"}]},
    {"id": "not signed in", "turns": [{"user": "我现在能携号转网吗"}]},
    {"id": "pattern", "turns": [{"user": "把我的号转到别家网络"}]},
    {"id": "small talk", "turns": [{"user": "你好"}, {"user": "你是机器人吗"}, {"user": "转人工"}]},
    {"id": "not in the rules", "turns": [{"user": "我的话费还剩多少"}]},
    {"id": "not ours", "turns": [{"user": "今天天气怎么样"}, {"user": "银行卡怎么注销"}]},
    {"id": "aspect only", "turns": [{"user": "多少钱"}, {"user": "2"}]},
]


@pytest.fixture(scope="module")
def said(dialogues):
    """What the trained assistant says in these dialogues: id -> turns."""
    return dialogues(DIALOGUES)


@pytest.mark.model
def test_amounts_of_money_are_answered(said):
    fee, papers, individual = said["amount"]
    assert (fee["operation"], fee["aspect"]) == ("family_number", "fee")
    assert "每月3元" in fee["text"]
    assert (papers["operation"], papers["aspect"]) == ("family_number", "documents")
    assert individual["ownership"] == "individual"
    assert "亲情号同意书" in individual["text"]
    assert "100元" in said["another amount"][0]["text"]
    assert "180元" in said["another amount"][0]["text"]


@pytest.mark.model
def test_organizations_get_their_papers(said):
    (turn,) = said["organization"]
    assert (turn["operation"], turn["ownership"]) == ("rename_landline", "organization")
    assert "单位公函（盖公章）" in turn["text"]


@pytest.mark.model
def test_a_gap_is_said_to_be_one_and_filled_with_no_amount(said):
    (turn,) = said["gap"]
    assert (turn["operation"], turn["aspect"]) == ("second_number", "fee")
    assert "缺了" in turn["text"]
    assert "星光服务厅" in turn["text"]
    assert "元" not in turn["text"]


@pytest.mark.model
def test_a_topic_is_answered_from_its_own_document(said):
    (turn,) = said["topic"]
    assert turn["topic"] == "early_termination"
    assert turn["citations"][0] == {"document": "星槎通信套餐协议", "section": "第二条"}


@pytest.mark.model
def test_the_account_is_judged_by_the_packs_own_conditions(said):
    (turn,) = said["check"]
    assert turn["verdict"]["status"] == "blocked"
    assert turn["verdict"]["blockers"] == ["arrears_settled", "plan_ended"]
    assert turn["verdict"]["earliest"]["date"] == "2027-04-01"
    assert "170xxxxxxxx 现在能携号转网吗" in said["staff"][0]["text"]
    assert "登录星槎掌厅" in said["not signed in"][0]["text"]


@pytest.mark.model
def test_a_wording_with_a_gap_is_understood(said):
    assert said["pattern"][0]["operation"] == "port_number"


@pytest.mark.model
def test_the_assistant_speaks_in_the_operators_name(said):
    greeting, bot, person = said["small talk"]
    assert "我是星槎办事助手" in greeting["text"]
    assert "携号转网、亲情号、固话改名" in greeting["text"]
    assert greeting["choices"] == ["亲情号收费吗", "固话改名要带什么", "我现在能携号转网吗"]
    assert "星槎办事助手" in bot["text"]
    assert (person["decision"], "96188" in person["text"]) == ("handoff", True)


@pytest.mark.model
def test_what_the_rules_do_not_say_is_not_answered(said):
    assert said["not in the rules"][0]["decision"] == "other_service"
    assert "请拨打 96188，或到星光服务厅咨询" in said["not in the rules"][0]["text"]
    assert [turn["decision"] for turn in said["not ours"]] == ["out_of_scope", "out_of_scope"]


@pytest.mark.model
def test_an_aspect_alone_is_asked_back_with_the_packs_common_operations(said):
    asked, chosen = said["aspect only"]
    assert asked["choices"] == ["携号转网收费吗", "亲情号收费吗", "光猫租用收费吗"]
    assert chosen["operation"] == "family_number"


@pytest.mark.model
def test_nothing_of_the_products_own_rules_is_ever_said(said):
    for turns in said.values():
        for turn in turns:
            assert [word for word in NOT_HERE if word in turn["text"]] == []
            assert re.search(r"[{}]", turn["text"]) is None
