import pytest

from bot.nlu.half_said import bare


@pytest.mark.parametrize("text", ["停机", "停机了", "我的停机了!", "喂你好,我停机了呀", "停机吗?"])
def test_address_and_particles_say_nothing_of_what_is_meant(text):
    assert bare(text) == "停机"


@pytest.mark.parametrize("text", ["欠费停机", "我要停机", "停机要带什么", "停机保号", "流量包停机吗"])
def test_whoever_says_more_has_said_more(text):
    assert bare(text) != "停机"


@pytest.mark.parametrize("text", ["", "?", "你好"])
def test_a_message_of_nothing_else_says_nothing(text):
    assert bare(text) == ""
