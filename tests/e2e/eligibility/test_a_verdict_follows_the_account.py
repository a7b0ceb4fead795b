import pytest

from tests.e2e.talk import Talk

CLEAR, IN_ARREARS, SUBSIDY, SPECIAL, INCOMPLETE, CANCELLED = (
    "18600010101",
    "18600010102",
    "18600010103",
    "18600010104",
    "18600010107",
    "18600010108",
)
INDIVIDUAL, PLAN, WITH_BALANCE = "18600010110", "18600010109", "18600010111"


def test_a_number_in_the_clear_may_change_now(talk: Talk) -> None:
    reply = talk.sign_in(CLEAR).say("我现在能换号吗?")
    assert reply["verdict"]["status"] == "allowed"
    assert "可以办理改号" in reply["text"]
    assert CLEAR not in str(reply)


def test_arrears_block_with_a_remedy_and_a_day(talk: Talk) -> None:
    reply = talk.sign_in(IN_ARREARS).say("我现在能换号吗?")
    assert reply["verdict"]["status"] == "blocked"
    assert reply["verdict"]["blockers"] == ["arrears_settled"]
    assert "32.50" in reply["text"]
    assert "当天" in reply["text"]
    assert {"document": "集团客户标准服务内容", "section": "三(二)"} in reply["citations"]


def test_missing_facts_need_a_person_and_are_never_a_yes(talk: Talk) -> None:
    reply = talk.sign_in(INCOMPLETE).say("我现在能换号吗?")
    assert reply["verdict"]["status"] == "needs_review"
    assert "可以办理改号" not in reply["text"].splitlines()[0]


@pytest.mark.parametrize(
    ("number", "question", "status", "day"),
    [
        (SUBSIDY, "帮我看看这个号现在能不能改号", "blocked", "2028-01-01"),
        (SPECIAL, "我能换个号码吗", "blocked", None),
        (PLAN, "我现在能销户吗", "blocked", "2028-03-01"),
        (INDIVIDUAL, "我这个号现在可以注销吗", "needs_review", None),
        (CANCELLED, "我现在能换号吗", "not_applicable", None),
        ("18600010105", "我现在能解挂吗", "needs_review", None),
        ("18600010106", "我现在能解锁吗", "allowed", None),
        ("18600010112", "我现在能改服务密码吗", "needs_review", None),
        ("18600010113", "我现在能停机保号吗", "not_applicable", None),
        ("18600010115", "我现在能解锁吗", "blocked", None),
        ("18600010116", "我现在能退预付款吗", "blocked", "2027-07-01"),
    ],
)
def test_each_demo_account_shows_its_case(talk: Talk, number: str, question: str, status: str, day: str | None) -> None:
    verdict = talk.sign_in(number).say(question)["verdict"]
    assert verdict["status"] == status
    if status == "blocked":
        assert verdict["earliest"]["date"] == day


def test_what_else_happens_is_told_but_never_bars(talk: Talk) -> None:
    reply = talk.sign_in(WITH_BALANCE).say("我现在能销户吗")
    assert reply["verdict"]["status"] == "allowed"
    assert len(reply["verdict"]["notices"]) >= 3


def test_the_same_question_goes_on_for_another_operation(talk: Talk) -> None:
    talk.sign_in(PLAN).say("我现在能换号吗")
    reply = talk.say("那销户呢?")
    assert reply["operation"] == "cancel_service"
    assert reply["verdict"]["status"] == "blocked"


def test_without_signing_in_the_general_conditions_are_told(talk: Talk) -> None:
    reply = talk.say("我现在能换号吗?")
    assert reply["verdict"] is None
    assert "登录" in reply["text"]
    assert "欠费" in reply["text"]
