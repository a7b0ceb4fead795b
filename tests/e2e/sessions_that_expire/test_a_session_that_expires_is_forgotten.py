"""A session that nobody uses for long is gone, and with it the subject and the identity of its conversation."""

import hashlib
import time
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.e2e.talk import Talk, subject
from tests.system import RunningSystem, serving

IN_ARREARS = "18600010102"
HALF_AN_HOUR = 30 * 60


def leave_alone(talk: Talk, system: RunningSystem, seconds: int) -> None:
    """As if so much time had gone by for this conversation since it was last used."""
    token = hashlib.sha256(str(talk.session).encode()).hexdigest()
    engine = create_engine(f"sqlite:///{system.var / 'sessions.db'}")
    with engine.begin() as database:
        aged = text("UPDATE chat_session SET used_at = used_at - :seconds WHERE token_hash = :token")
        assert database.execute(aged, {"seconds": seconds, "token": token}).rowcount == 1
    engine.dispose()


def test_after_half_an_hour_the_session_is_refused_with_a_clear_sentence(
    talk: Talk, running_system: RunningSystem
) -> None:
    talk.say("单位补卡要带什么")
    leave_alone(talk, running_system, HALF_AN_HOUR + 1)
    response = talk.post("那收费呢")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unknown_session"
    assert "过期" in response.json()["error"]["message"]


def test_a_new_conversation_knows_nothing_of_the_expired_one(talk: Talk, running_system: RunningSystem) -> None:
    talk.say("单位补卡要带什么")
    leave_alone(talk, running_system, HALF_AN_HOUR + 1)
    talk.session = None
    assert subject(talk.say("那收费呢")) == ("clarify", None, None)
    assert subject(talk.say("过户的")) == ("answer", "transfer_ownership", "fee")


def test_an_expired_sign_in_shows_no_account_any_more(talk: Talk, running_system: RunningSystem) -> None:
    assert talk.sign_in(IN_ARREARS).say("我现在能换号吗")["verdict"]["status"] == "blocked"
    leave_alone(talk, running_system, HALF_AN_HOUR + 1)
    assert talk.post("那销户呢").status_code == 401
    talk.session = None
    reply = talk.say("我现在能换号吗")
    assert reply["verdict"] is None
    assert "登录" in reply["text"]
    assert "32.50" not in reply["text"]


def test_signing_in_again_begins_afresh(talk: Talk, running_system: RunningSystem) -> None:
    talk.sign_in(IN_ARREARS).say("我现在能换号吗")
    leave_alone(talk, running_system, HALF_AN_HOUR + 1)
    talk.sign_in(IN_ARREARS)
    assert talk.say("那销户呢")["verdict"] is None
    assert talk.say("我现在能销户吗")["verdict"]["status"] == "blocked"


def test_every_message_begins_the_half_hour_anew(talk: Talk, running_system: RunningSystem) -> None:
    talk.say("单位补卡要带什么")
    leave_alone(talk, running_system, HALF_AN_HOUR - 60)
    assert subject(talk.say("那收费呢")) == ("answer", "replace_sim", "fee")
    leave_alone(talk, running_system, HALF_AN_HOUR - 60)
    assert subject(talk.say("多久生效")) == ("answer", "replace_sim", "time_limit")


def test_other_conversations_go_on(talk: Talk, another_talk: Talk, running_system: RunningSystem) -> None:
    talk.say("单位补卡要带什么")
    another_talk.say("销户要带什么")
    leave_alone(talk, running_system, HALF_AN_HOUR + 1)
    assert talk.post("那收费呢").status_code == 401
    assert subject(another_talk.say("那收费呢")) == ("answer", "cancel_service", "fee")


def test_how_long_a_session_lives_can_be_set(tmp_path: Path) -> None:
    with serving(tmp_path, BOT_SESSION_IDLE="1") as system:
        talk = Talk(system.url)
        talk.say("单位补卡要带什么")
        time.sleep(2.5)
        assert talk.post("那收费呢").status_code == 401
