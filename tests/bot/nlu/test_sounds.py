import jieba
import pytest

from bot.nlu.sounds import SoundModel, Speller, heard

UTTERANCES = [
    "我想过户要带什么证件",
    "过户去哪里办",
    "想退预存款",
    "停机保号了现在想复机",
    "通话详单怎么打印",
    "补卡要多少钱",
    "我想办张新卡",
    "去哪儿查",
] * 5
WORDINGS = ["过户", "停机保号", "复机", "通话详单", "详单", "退预存款", "补卡"]


@pytest.fixture(scope="module")
def speller():
    return Speller(SoundModel.of(UTTERANCES), WORDINGS)


def restored(speller, text):
    words = [(start, end) for word, start, end in jieba.tokenize(text) if jieba.get_FREQ(word)]
    return speller.restored(text, words)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("guohu", "过户"),
        ("wo xiang guohu yao dai shenme zhengjian", "我想过户要带什么证件"),
        ("woxiangguohu", "我想过户"),
        ("我想guohu", "我想过户"),
        ("tingji baohao le xianzai xiang fuji", "停机保号了现在想复机"),
        ("qu nar cha", "去哪儿查"),
        ("不卡要带什么", "补卡要带什么"),
        ("过糊", "过户"),
        ("手机号过互怎么搞", "手机号过户怎么搞"),
        ("停鸡保号怎么算的", "停机保号怎么算的"),
    ],
)
def test_what_was_written_by_ear_becomes_what_was_meant(speller, written, meant):
    assert restored(speller, written) == meant


@pytest.mark.parametrize(
    "text", ["wifi", "app", "ok thx", "banana", "e", "can i cancel", "esim", "5g", "", "123", "😂"]
)
def test_letters_that_are_no_pinyin_stay(speller, text):
    assert restored(speller, text) == text


@pytest.mark.parametrize(
    "text", ["小户型怎么装修", "国护证书", "补考要多少钱", "我想过护城河", "我的手机不卡了", "你的机子卡不卡"]
)
def test_words_that_only_sound_like_ours_stay(speller, text):
    assert restored(speller, text) == text


def test_a_wording_that_would_cut_a_word_in_two_is_not_what_was_meant():
    speller = Speller(SoundModel.of(["我要退订", "退订业务"] * 5), ["退订"])
    assert restored(speller, "我要推订业务") == "我要退订业务"
    assert restored(speller, "我要推订单") == "我要推订单"


def test_nothing_is_changed_before_anything_is_learnt():
    assert restored(Speller(SoundModel.of(()), ()), "guohu 通话祥单") == "guohu 通话祥单"


def test_sounds_that_are_heard_for_each_other_are_one():
    assert heard("升") == heard("身") == heard("森")
    assert heard("户") != heard("福")


def test_what_goes_on_to_another_thing_is_heard_as_its_name_although_people_often_write_it_so():
    often = Speller(SoundModel.of([*UTTERANCES, "我要复急", "复急怎么办"]), WORDINGS)
    assert restored(often, "那复急呢") == "那复机呢"
    assert restored(often, "那么复急的话呢?") == "那么复机的话呢?"
    assert restored(often, "我说那是复急来着") == "我说那是复急来着"
