import pytest

from tests.e2e.talk import Talk


@pytest.mark.parametrize(
    "question",
    [
        "今天天气怎么样",
        "把信用卡注销了怎么办",
        "房子过户给儿子要交多少税",
        "身份证丢了在哪挂失",
        "公交卡坏了怎么补",
        "鞋子买小了能换个号吗",
        "家里 Wi-Fi 密码忘了",
        "超市的积分怎么兑换",
        "asdfghjkl",
        "给我讲个笑话",
    ],
)
def test_other_things_that_are_called_the_same_get_no_rule(talk: Talk, question: str) -> None:
    reply = talk.say(question)
    assert reply["decision"] in ("out_of_scope", "other_service", "chitchat", "clarify")
    assert reply["citations"] == []


@pytest.mark.parametrize("question", ["我还剩多少流量", "附近的营业厅几点开门", "怎么升级成5G套餐"])
def test_services_that_the_rules_do_not_cover_are_said_not_to_be_covered(talk: Talk, question: str) -> None:
    reply = talk.say(question)
    assert reply["decision"] == "other_service"
    assert "10010" in reply["text"]


@pytest.mark.parametrize("question", ["你好", "谢谢你", "再见", "你是机器人吗"])
def test_small_talk_is_answered_shortly(talk: Talk, question: str) -> None:
    reply = talk.say(question)
    assert reply["decision"] == "chitchat"
    assert len(reply["text"]) < 200


def test_who_asks_for_a_person_is_told_how_to_reach_one(talk: Talk) -> None:
    reply = talk.say("别废话,给我转人工")
    assert reply["decision"] == "handoff"
    assert "客户经理" in reply["text"]
