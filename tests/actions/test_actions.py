"""The actions as the action server runs them: a tracker in, events and one message out."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk.executor import ActionExecutor

from actions.audit.trail import Trail, audit_chain
from actions.identity import mask_number
from actions.privacy.envelope import open_reply
from actions.privacy.masking import stand_in
from actions.privacy.sealing import seal, unseal
from actions.settings import settings
from actions.understanding import KEY, Alternative, Understanding
from knowledge.identifiers import RULE_ASPECTS, Decision

SEALED = ("number", "choices")
CLEAR, IN_ARREARS, INCOMPLETE = "18600010101", "18600010102", "18600010107"


@pytest.fixture(scope="module")
def executor() -> ActionExecutor:
    executor = ActionExecutor()
    executor.register_package("actions")
    return executor


async def run(
    executor: ActionExecutor,
    action: str,
    understanding: Understanding | None,
    *,
    text: str = "",
    slots: dict[str, Any] | None = None,
    identity: dict[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The reply, and the slots after it."""
    said = understanding.numbers if understanding else ()
    envelope = seal({"identity": identity, "numbers": {mask_number(number): number for number in said}}, "test")
    message: dict[str, Any] = {"text": text, "metadata": {"sealed": envelope}}
    if understanding:
        as_understood = tuple(stand_in(mask_number(number)) for number in said)
        message[KEY] = replace(understanding, numbers=as_understood).to_json()
    tracker = {
        "sender_id": "test",
        "slots": {name: seal(value, "test") if name in SEALED else value for name, value in (slots or {}).items()},
        "latest_message": message,
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": None,
    }
    result = await executor.run({"next_action": action, "tracker": tracker, "domain": {}})
    assert result is not None
    assert len(result["responses"]) == 1
    after = {e["name"]: e["value"] for e in result["events"] if e["event"] == "slot"}
    opened = {name: unseal(value, "test") if name in SEALED and value else value for name, value in after.items()}
    return open_reply("test", result["responses"][0]["custom"]), opened


def customer(*numbers: str) -> dict[str, Any]:
    return {"role": "customer", "numbers": list(numbers)}


ASK_CHANGE = Understanding("answer", operations=("change_number",), aspects=("eligibility",))
CHECK = "action_check_eligibility"


@pytest.fixture(autouse=True)
def accounts(environment: pytest.MonkeyPatch, demo_accounts_url: str) -> None:
    environment.setenv("ACCOUNTS_URL", demo_accounts_url)
    environment.setenv("RULES_TODAY", "2026-11-22")


async def test_a_rule_is_answered_and_remembered(executor: ActionExecutor) -> None:
    understanding = Understanding(
        "answer", operations=("cancel_service",), aspects=("documents",), ownership="organization"
    )
    reply, slots = await run(executor, "action_answer", understanding)
    assert "单位介绍信（加盖公章）" in reply["text"]
    assert reply["citations"] == [{"document": "集团客户标准服务内容", "section": "五(二)"}]
    assert (slots["operation"], slots["aspect"], slots["ownership"]) == ("cancel_service", "documents", "organization")
    assert [choice["label"] for choice in slots["choices"]] == reply["choices"]


async def test_what_was_remembered_answers_the_next_message(executor: ActionExecutor) -> None:
    _, slots = await run(
        executor, "action_answer", Understanding("answer", operations=("replace_sim",), aspects=("documents",))
    )
    reply, _ = await run(executor, "action_answer", Understanding("clarify", aspects=("fee",)), slots=slots)
    assert (reply["operation"], reply["aspect"]) == ("replace_sim", "fee")
    assert "VIP" in reply["text"]


async def test_an_overview_never_shows_an_organizations_papers_as_if_they_were_everybodys(
    executor: ActionExecutor,
) -> None:
    for operation in ("cancel_service", "change_number", "replace_sim", "refund_prepayment", "new_connection"):
        reply, _ = await run(executor, "action_answer", Understanding("answer", operations=(operation,)))
        before, _, organization_and_after = reply["text"].partition("单位名称开户：")
        individual = organization_and_after.partition("个人名称开户：")[2]
        assert individual, operation
        assert "介绍信" not in before + individual, operation
        assert "委托证明" not in before + individual, operation


async def test_an_individual_never_gets_an_organizations_papers(executor: ActionExecutor) -> None:
    for operation in ("cancel_service", "change_number", "replace_sim", "refund_prepayment", "new_connection"):
        for aspect in RULE_ASPECTS:
            understanding = Understanding("answer", operations=(operation,), aspects=(aspect,), ownership="individual")
            reply, _ = await run(executor, "action_answer", understanding)
            assert "介绍信" not in reply["text"], (operation, aspect)
            assert "委托证明" not in reply["text"], (operation, aspect)


async def test_a_customer_in_the_clear_is_told_so(executor: ActionExecutor) -> None:
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(CLEAR))
    assert reply["verdict"]["status"] == "allowed"
    assert CLEAR not in str(reply)


async def test_a_customer_in_arrears_is_told_what_to_do_first(executor: ActionExecutor) -> None:
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(IN_ARREARS))
    assert reply["verdict"]["status"] == "blocked"
    assert "32.50" in reply["text"]
    assert reply["citations"] == [{"document": "集团客户标准服务内容", "section": "三(二)"}]


async def test_missing_facts_never_become_a_yes(executor: ActionExecutor) -> None:
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(INCOMPLETE))
    assert reply["verdict"]["status"] == "needs_review"


async def test_without_identity_only_the_general_conditions_are_said(executor: ActionExecutor) -> None:
    understanding = Understanding(
        "answer", operations=("change_number",), aspects=("eligibility",), numbers=(IN_ARREARS,)
    )
    reply, _ = await run(executor, CHECK, understanding, text=f"{IN_ARREARS} 现在能换号吗")
    assert reply["verdict"] is None
    assert "登录" in reply["text"]
    assert "32.50" not in reply["text"]


async def test_a_typed_number_gives_no_access_to_it(executor: ActionExecutor) -> None:
    understanding = Understanding(
        "answer", operations=("change_number",), aspects=("eligibility",), numbers=(IN_ARREARS,)
    )
    reply, _ = await run(executor, CHECK, understanding, identity=customer(CLEAR))
    assert reply["verdict"] is None
    assert "32.50" not in reply["text"]


async def test_staff_see_every_condition(executor: ActionExecutor) -> None:
    understanding = Understanding("answer", operations=("change_number",), aspects=("eligibility",), numbers=(CLEAR,))
    reply, _ = await run(executor, CHECK, understanding, identity={"role": "staff", "name": "李"})
    verdict = next(block for block in reply["blocks"] if block["type"] == "verdict")
    assert [row["state"] for row in verdict["conditions"]] == ["met"] * 7
    assert "欠费（元）：0.00（账户数据库，" in reply["text"]
    assert "读取）" in reply["text"]


async def test_a_customer_reads_where_to_have_verified_what_is_unknown(executor: ActionExecutor) -> None:
    verify = "还要核实的，请向自有营业厅或集团客户经理核实。"
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(INCOMPLETE))
    assert verify in reply["text"]
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(IN_ARREARS))
    assert "核实" not in reply["text"]
    staff = Understanding("answer", operations=("change_number",), aspects=("eligibility",), numbers=(INCOMPLETE,))
    reply, _ = await run(executor, CHECK, staff, identity={"role": "staff", "name": "李"})
    assert verify not in reply["text"]


async def test_staff_see_why_a_fact_is_unknown_and_what_helps_against_what_bars(executor: ActionExecutor) -> None:
    for number, said in ((INCOMPLETE, "欠费（元）：未知（没有记录）"), (IN_ARREARS, "办法：交清欠费 32.50 元。")):
        asked = Understanding("answer", operations=("change_number",), aspects=("eligibility",), numbers=(number,))
        reply, _ = await run(executor, CHECK, asked, identity={"role": "staff", "name": "李"})
        assert said in reply["text"]
        customers, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(number))
        assert said not in customers["text"]


async def test_a_customer_sees_only_what_stands_in_the_way(executor: ActionExecutor) -> None:
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(IN_ARREARS))
    verdict = next(block for block in reply["blocks"] if block["type"] == "verdict")
    assert "conditions" not in verdict
    assert len(verdict["reasons"]) == 1


async def test_internal_instructions_are_shown_to_staff_and_to_nobody_else(executor: ActionExecutor) -> None:
    understanding = Understanding("answer", operations=("cancel_service",), aspects=("procedure",))
    for identity in (None, customer(CLEAR), {"role": "supervisor"}):
        reply, _ = await run(executor, "action_answer", understanding, identity=identity)
        assert "挽留" not in reply["text"]
    reply, _ = await run(executor, "action_answer", understanding, identity={"role": "staff"})
    assert "挽留" in reply["text"]


async def test_one_of_several_numbers_is_chosen_by_its_place(executor: ActionExecutor) -> None:
    identity = customer(CLEAR, IN_ARREARS)
    reply, slots = await run(executor, CHECK, ASK_CHANGE, identity=identity)
    assert reply["choices"] == ["186****0101", "186****0102"]
    reply, _ = await run(
        executor, "action_answer", Understanding("clarify", choice=2), text="2", slots=slots, identity=identity
    )
    assert reply["verdict"]["status"] == "blocked"


@pytest.fixture
def without_conditions(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rule base in which the conditions of `replace_sim` are not written yet."""
    folder = tmp_path / "knowledge"
    shutil.copytree(settings().rules, folder)
    (folder / "eligibility" / "replace_sim.yml").unlink()
    environment.setenv("RULES_DIR", str(folder))
    settings.cache_clear()


@pytest.mark.usefixtures("without_conditions")
async def test_an_operation_without_eligibility_rules_is_left_to_a_person(executor: ActionExecutor) -> None:
    understanding = Understanding("answer", operations=("replace_sim",), aspects=("eligibility",))
    for identity in (customer(CLEAR), None):
        reply, _ = await run(executor, CHECK, understanding, identity=identity)
        assert reply["verdict"] is None
        assert "登录" not in reply["text"]
        assert "营业人员" in reply["text"]


async def test_nobody_is_told_to_sign_in_for_what_depends_on_no_account(executor: ActionExecutor) -> None:
    understanding = Understanding("answer", operations=("report_fault",), aspects=("eligibility",))
    reply, _ = await run(executor, CHECK, understanding)
    assert "登录" not in reply["text"]
    assert "取决于账户状态" in reply["text"]


async def test_conditions_are_not_told_twice_when_a_check_tells_them(executor: ActionExecutor) -> None:
    understanding = Understanding("answer", operations=("change_number",), aspects=("conditions", "eligibility"))
    reply, _ = await run(executor, CHECK, understanding)
    assert reply["text"].count("条件和限制") == 1
    assert reply["aspect"] == "eligibility"


async def test_a_single_guess_is_put_as_a_question_of_its_own(executor: ActionExecutor) -> None:
    guess = (Alternative(None, "data_cap", None, 0.4),)
    reply, _ = await run(executor, "action_answer", Understanding("clarify", alternatives=guess))
    assert reply["choices"] == ["流量封顶"]
    assert "这一项吗" in reply["text"]


async def test_accounts_that_cannot_be_read_give_no_verdict(
    executor: ActionExecutor, environment: pytest.MonkeyPatch
) -> None:
    environment.setenv("ACCOUNTS_URL", "sqlite:////nowhere/at/all.db")
    settings.cache_clear()
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(CLEAR))
    assert reply["verdict"] is None
    assert "读不到账户资料" in reply["text"]


async def test_a_look_at_an_account_is_recorded_with_who_looked(executor: ActionExecutor) -> None:
    await run(executor, CHECK, ASK_CHANGE, identity={**customer(IN_ARREARS), "customer": "G1001"})
    staff = {"role": "staff", "name": "王芳"}
    understanding = replace(ASK_CHANGE, numbers=(INCOMPLETE,))
    await run(executor, CHECK, understanding, identity=staff)
    first, second = (record.content for record in Trail(settings().audit_url, audit_chain()).latest(9))
    assert (first["who"], first["role"], first["purpose"]) == ("G1001", "customer", "本人查询")
    assert (first["number_masked"], first["status"]) == ("186****0102", "blocked")
    assert (second["who"], second["role"], second["status"]) == ("王芳", "staff", "needs_review")


async def test_a_look_that_cannot_be_recorded_gives_the_general_rule_and_no_fact(
    executor: ActionExecutor, environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"this is no database " * 500)
    environment.setenv("AUDIT_URL", f"sqlite:///{broken}")
    settings.cache_clear()
    reply, _ = await run(executor, CHECK, ASK_CHANGE, identity=customer(IN_ARREARS))
    assert reply["verdict"] is None
    assert "登记不了" in reply["text"]
    assert "32.50" not in reply["text"]
    assert reply["citations"] == [{"document": "集团客户标准服务内容", "section": "三(二)"}]


async def test_guesses_are_offered_as_named_choices(executor: ActionExecutor) -> None:
    guesses = (Alternative("report_fault", None, None, 0.4), Alternative(None, "data_cap", None, 0.3))
    reply, _ = await run(executor, "action_answer", Understanding("clarify", alternatives=guesses))
    assert reply["decision"] == "clarify"
    assert len(reply["choices"]) == 2
    assert reply["citations"] == []


async def test_a_message_that_was_not_understood_at_all_is_asked_back(executor: ActionExecutor) -> None:
    reply, _ = await run(executor, "action_answer", None)
    assert reply["decision"] == "clarify"


@pytest.mark.parametrize(
    ("action", "decision"),
    [
        ("action_small_talk", "chitchat"),
        ("action_out_of_scope", "out_of_scope"),
        ("action_other_service", "other_service"),
        ("action_handoff", "handoff"),
    ],
)
async def test_fixed_replies_keep_the_subject_of_the_conversation(
    executor: ActionExecutor, action: str, decision: Decision
) -> None:
    reply, slots = await run(executor, action, Understanding(decision), slots={"operation": "cancel_service"})
    assert reply["decision"] == decision
    assert slots["operation"] == "cancel_service"
