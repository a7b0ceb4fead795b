"""A member of staff asks: with trace, with a text to copy, and within conversations of their own."""

import json
from typing import Any

import pytest

from actions.audit.trail import Trail, audit_chain
from actions.conversation.context import Context
from actions.conversation.respond import Turn, respond
from actions.identity import Identity
from actions.rule_base import rules
from actions.settings import settings, today
from actions.understanding import Alternative, Understanding
from tests.bot.desk.conftest import Staff


class RealReply:
    """What the action server sends for an understanding."""

    def __init__(self, understanding: Understanding) -> None:
        from actions import account_check

        self._understanding = understanding
        turn = Turn("", understanding, Context(), Identity("staff", name="王芳"), today())
        self._reply, _ = respond(turn, rules(), account_check)

    def to_json(self) -> dict[str, Any]:
        trace = {**self._understanding.to_trace(), "asked": self._reply.asked}
        return {**self._reply.to_json(), "understanding": trace}


async def test_a_role_that_may_not_look_numbers_up_is_not_shown_them_in_an_answer_either(staff: Staff) -> None:
    looks = {}
    for role in ("clerk", "supervisor", "rule_owner"):
        await staff.post("ask", {"text": "18600010101能销户吗"}, role)
        asked = staff.assistant.asked[-1].identity
        assert asked is not None
        looks[role] = asked.accounts
    assert looks == {"clerk": True, "supervisor": True, "rule_owner": False}


async def test_an_answer_comes_with_how_it_came_about(staff: Staff) -> None:
    understanding = Understanding(
        "answer", ("cancel_service",), ("documents",), confidence=0.9, named=True,
        alternatives=(Alternative("suspend_service", None, "documents", 0.1),),
    )  # fmt: skip
    staff.assistant.answer = lambda _: RealReply(understanding)  # type: ignore[assignment,return-value]
    answer = await staff.post("ask", {"text": "销户要带什么"}, "clerk")
    assert staff.assistant.asked[-1].identity == Identity("staff", name="王芳")
    assert not {"understanding", "copy", "asked"} & set(answer["reply"])
    assert "介绍信" in answer["copy"]
    assert "依据" in answer["copy"]
    trace = answer["trace"]
    assert trace["understood"]["operations"] == [{"id": "cancel_service", "name": "销户"}]
    assert trace["understood"]["alternatives"][0]["label"] == "停机保号要带什么"
    assert {one["scope"] for one in trace["rules"]} == {"organization", "individual"}
    assert all(one["citations"] and one["status"] for one in trace["rules"])
    assert trace["citations"][0] == {"document": "集团客户标准服务内容", "section": "五(二)", "passage": None}
    assert trace["rules_version"] == rules().version


async def test_facts_stand_in_the_trace_with_source_and_time_and_not_in_the_copy(staff: Staff) -> None:
    understanding = Understanding("answer", ("cancel_service",), ("eligibility",), numbers=("18600010102",), named=True)
    staff.assistant.answer = lambda _: RealReply(understanding)  # type: ignore[assignment,return-value]
    answer = await staff.post("ask", {"text": "18600010102 能销户吗"}, "clerk")
    fact = next(one for one in answer["trace"]["facts"] if "欠费" in one["label"])
    assert fact["number"] == "186****0102"
    assert "账户数据库" in fact["note"]
    assert "读取" in fact["note"]
    assert "账户数据库" not in answer["copy"]
    assert answer["asked"] == "186****0102 能销户吗"
    assert "18600010102" not in json.dumps(answer)


async def test_the_original_passage_is_shown_where_there_is_a_copy(
    staff: Staff, environment: pytest.MonkeyPatch
) -> None:
    staff.assistant.answer = lambda _: PassageReply()  # type: ignore[assignment,return-value]
    answer = await staff.post("ask", {"text": "销户要带什么"}, "clerk")
    assert answer["trace"]["citations"] == [{"document": "甲", "section": "一", "passage": "原文在此"}]
    assert answer["copy"] is None
    assert answer["trace"]["understood"] is None


class PassageReply:
    def to_json(self) -> dict[str, Any]:
        blocks = [{"type": "citations", "items": [{"document": "甲", "section": "一", "passage": "原文在此"}]}]
        return {"decision": "answer", "blocks": blocks, "choices": [], "text": "x"}


async def test_a_conversation_is_gone_on_with_by_its_owner_only(staff: Staff) -> None:
    first = await staff.post("ask", {"text": "销户", "id": "one"}, "clerk", name="李")
    again = await staff.post(
        "ask", {"text": "销户", "id": "one", "conversation": first["conversation"]}, "clerk", name="李"
    )
    assert again["entry"] == first["entry"]
    assert len(staff.assistant.asked) == 1
    await staff.post("ask", {"text": "收费吗", "conversation": first["conversation"]}, "clerk", name="李")
    for role in ("clerk", "supervisor"):
        await staff.post("ask", {"text": "收费吗", "conversation": first["conversation"]}, role, 404, name="王")
    await staff.get(f"conversations/{first['conversation']}", "clerk", name="李")
    await staff.get(f"conversations/{first['conversation']}", "rule_owner", 404, name="王")


async def test_a_slow_or_broken_assistant_is_said_politely(staff: Staff) -> None:
    staff.assistant.seconds = 5
    answer = await staff.post("ask", {"text": "销户"}, "clerk", 503)
    assert answer["error"]["code"] in ("assistant_slow", "assistant_unavailable")


async def test_no_look_is_put_on_record_by_asking_about_rules(staff: Staff) -> None:
    await staff.post("ask", {"text": "销户"}, "clerk")
    from actions.audit.trail import prepare_audit

    prepare_audit()
    assert Trail(settings().audit_url, audit_chain()).latest(5) == []
