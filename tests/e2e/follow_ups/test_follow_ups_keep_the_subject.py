from tests.e2e.talk import Talk, subject


def test_an_aspect_alone_keeps_the_operation(talk: Talk) -> None:
    talk.say("单位的号过户要带什么材料")
    assert subject(talk.say("那收费呢?")) == ("answer", "transfer_ownership", "fee")


def test_an_operation_alone_keeps_the_aspect(talk: Talk) -> None:
    talk.say("单位的号过户要带什么材料")
    reply = talk.say("那销户呢?")
    assert subject(reply) == ("answer", "cancel_service", "documents")
    assert reply["ownership"] == "organization"


def test_ownership_alone_keeps_operation_and_aspect(talk: Talk) -> None:
    talk.say("单位的号要销户,需要带什么?")
    reply = talk.say("个人的呢?")
    assert subject(reply) == ("answer", "cancel_service", "documents")
    assert reply["ownership"] == "individual"
    assert "介绍信" not in reply["text"]


def test_small_talk_in_between_does_not_lose_the_subject(talk: Talk) -> None:
    talk.say("补卡要带什么证件")
    assert talk.say("谢谢啊")["decision"] == "chitchat"
    assert subject(talk.say("那多久生效?")) == ("answer", "replace_sim", "time_limit")


def test_a_new_question_changes_the_subject(talk: Talk) -> None:
    talk.say("补卡要带什么证件")
    assert subject(talk.say("停机保号怎么收费")) == ("answer", "suspend_service", "fee")
    assert subject(talk.say("在哪儿办?")) == ("answer", "suspend_service", "channels")


def test_a_new_question_is_answered_for_both_kinds_of_customer_again(talk: Talk) -> None:
    talk.say("单位名下的号码销户要什么材料")
    reply = talk.say("补换卡要带什么证件")
    assert reply["ownership"] is None
    assert "单位名称开户：" in reply["text"]
    assert "个人名称开户：" in reply["text"]


def test_conversations_do_not_share_their_subject(talk: Talk, another_talk: Talk) -> None:
    talk.say("补卡要带什么证件")
    assert another_talk.say("那收费呢?")["decision"] == "clarify"
