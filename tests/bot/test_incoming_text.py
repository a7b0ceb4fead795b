"""What users type is made harmless before anything processes it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incoming_text import clean_text, says_nothing, without_command


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("/ask_fee{}", "ask_fee{}"),
        ("  //ask_fee", "ask_fee"),
        ("／ask_fee", "ask_fee"),
        ("\u200b/ask_fee", "ask_fee"),
        ("/\u200b/ask_fee", "ask_fee"),
        ("销户/拆机要带什么", "销户/拆机要带什么"),
        ("/", "？"),
    ],
)
def test_no_message_begins_with_the_sign_of_a_command(typed, kept):
    assert without_command(typed) == kept


@given(st.text())
def test_no_normalisation_brings_a_command_back(typed):
    text = without_command(clean_text(typed))
    for form in ("NFC", "NFKC"):
        assert not unicodedata.normalize(form, text).strip().startswith("/")
    assert text


@given(st.text(alphabet=st.characters()))
def test_clean_text_can_be_stored_anywhere(typed):
    text = clean_text(typed)
    text.encode("utf-8")
    assert "\x00" not in text
    assert clean_text(text) == text


def test_line_breaks_are_kept_in_one_form():
    assert clean_text("第一行\r\n第二行\r第三行\n") == "第一行\n第二行\n第三行"


@pytest.mark.parametrize("text", ["", " \n\t　", "\u200b\ufeff", "///"])
def test_nothing_is_said_by_what_cannot_begin_a_message(text):
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["?", "。", "😀", "0", "DROP TABLE"])
def test_anything_else_says_something(text):
    assert not says_nothing(text)
