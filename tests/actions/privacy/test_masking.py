"""What is taken out of a text, what stays, and that no number survives in any form."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.privacy.digits import is_identity_number, passes_luhn
from actions.privacy.masking import mask
from actions.privacy.shadow import shadow, with_numerals

_CHINESE = str.maketrans("0123456789", "零幺二三四五六七八九")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FORMS = st.sampled_from([str, lambda t: t.translate(_WIDE), lambda t: t.translate(_CHINESE)])
BETWEEN = st.sampled_from(["", " ", "-", "\u200b", "　", "."])
AROUND = st.sampled_from(["", "我的号码是", "查一下 ", "号码:", "tel", "(", "能销户吗", ",谢谢", "\n"])


def digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    return "1" + draw(st.sampled_from("3456789")) + draw(digits(9))


@st.composite
def identities(draw: st.DrawFn) -> str:
    born = draw(st.dates(min_value=date(1930, 1, 1), max_value=date(2015, 1, 1)))
    body = f"{draw(st.sampled_from(['110105', '340104', '510107']))}{born:%Y%m%d}{draw(digits(3))}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


@st.composite
def cards(draw: st.DrawFn) -> str:
    body = draw(st.sampled_from(["62", "4", "51"])) + draw(digits(13))
    body = body[: draw(st.integers(15, len(body)))] if len(body) > 15 else body.ljust(15, "0")
    return next(body + str(check) for check in range(10) if passes_luhn(body + str(check)))


def written(number: str, groups: tuple[int, ...], between: str) -> str:
    parts, at = [], 0
    for group in groups:
        parts.append(number[at : at + group])
        at += group
    return between.join([*parts, number[at:]] if number[at:] else parts)


def survives(number: str, text: str) -> bool:
    kept = "".join(c for c in with_numerals(shadow(text)) if c.isdigit() or c == "x")
    return number.lower() in kept


@given(mobiles(), FORMS, BETWEEN, AROUND, AROUND)
@settings(max_examples=300)
def test_no_mobile_number_survives(number, form, between, before, behind):
    text = before + form(written(number, (3, 4, 4), between)) + behind
    masked = mask(text)
    assert masked.numbers == (number,), masked
    assert masked.forms[0] in masked.text
    assert not survives(number, masked.text)
    assert mask(masked.text).text == masked.text


@given(identities(), FORMS, st.sampled_from(["", " "]), AROUND, AROUND)
@settings(max_examples=200)
def test_no_identity_number_survives(number, form, between, before, behind):
    assert is_identity_number(number.lower())
    masked = mask(before + form(written(number, (6, 8, 4), between)) + behind)
    assert "identity_number" in masked.found
    assert not survives(number, masked.text)


@given(cards(), FORMS, st.sampled_from(["", " ", "-"]), AROUND, AROUND)
@settings(max_examples=200)
def test_no_bank_card_survives(number, form, between, before, behind):
    masked = mask(before + form(written(number, (4, 4, 4, 4), between)) + behind)
    assert "bank_card" in masked.found
    assert not survives(number, masked.text)


@given(
    st.text(
        st.sampled_from("0123456789一八六零幺 -*#〔〕密码是为:我叫张三机主路号室栋北京市区x,改成abc我"), max_size=60
    )
)
@settings(max_examples=600)
def test_masking_twice_changes_nothing_more(text):
    once = mask(text)
    assert mask(once.text).text == once.text
    assert not mask(once.text).numbers
    assert len(once.numbers) == len(once.forms)


@given(st.text(max_size=120))
def test_any_text_can_be_masked(text):
    assert isinstance(mask(text).text, str)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("我叫张三,号码18600010102,密码是abc123,要过户", "我叫〔姓名〕,号码186****0102,密码是〔密码〕,要过户"),
        ("机主王建国的身份证号是11010519491231002X", "机主〔姓名〕的身份证号是〔身份证号〕"),
        ("验证码 3 8 2 9 1 1", "验证码 〔密码〕"),
        ("密码382911改成654321", "密码〔密码〕改成〔密码〕"),
        ("382911是我的服务密码", "〔密码〕是我的服务密码"),
        ("忘了密码 18600010102 怎么办", "忘了密码 186****0102 怎么办"),
        ("18600010102和18612340102能销户吗", "186****0102和186****0102#2能销户吗"),
        ("18600010102,就是18600010102", "186****0102,就是186****0102"),
        ("186****0102和18600010102", "186****0102和186****0102#2"),
        ("186，0001，0102", "186****0102"),
        ("一八六 0001 零一零二", "186****0102"),
        ("固话055162000111", "固话05********11"),
        ("我住在北京市朝阳区建国路88号3栋2单元501室,宽带坏了", "我住在〔地址〕,宽带坏了"),
        ("地址改成浙江省杭州市西湖区文三路", "地址改成〔地址〕"),
        ("宽带账号kd12345678能移机吗", "宽带账号〔宽带账号〕能移机吗"),
    ],
)
def test_what_is_of_a_person_is_taken_out(typed, kept):
    assert mask(typed).text == kept


@pytest.mark.parametrize(
    "text",
    [
        "改号要密码吗",
        "密码忘了怎么办",
        "我叫停机保号怎么办",
        "机主本人不在",
        "经办人要带什么",
        "户主是华为公司",
        "我是江苏的",
        "我叫安装师傅来",
        "密码修改发短信到10086",
        "密码 10010 打不通",
        "密码6位数怎么设",
        "密码2026年过期",
        "机主王先生不在",
        "尾号0102的能销户吗",
        "如果2027年1月1日交清32.50元呢",
        "我20240101办的,交了12345678元",
        "单位的号要销户",
    ],
)
def test_a_question_about_the_rules_stays_as_it_is(text):
    assert mask(text).text == text
