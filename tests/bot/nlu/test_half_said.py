import pytest

from bot.nlu.half_said import HalfSaid

HALF_SAID = HalfSaid([{"said": ["停机", "手机停", "能退吗"], "operations": ["suspend_service", "arrears_collection"]}])


@pytest.mark.parametrize("text", ["停机", "停机了", "我的手机停了!", "喂你好,我手机停了呀", "能退吗?"])
def test_a_bare_word_may_mean_several_operations(text):
    assert HALF_SAID.operations(text) == ("suspend_service", "arrears_collection")


@pytest.mark.parametrize("text", ["", "?", "欠费停机", "我要停机", "手机停了要带什么", "停机保号", "流量包能退吗"])
def test_whoever_says_more_is_understood_by_what_is_said(text):
    assert HALF_SAID.operations(text) == ()


@pytest.mark.parametrize("entry", [{"said": ["停机"]}, {"said": "停机", "operations": ["suspend_service"]}])
def test_an_entry_of_another_form_is_refused(entry):
    with pytest.raises(ValueError, match="half_said"):
        HalfSaid([entry])
