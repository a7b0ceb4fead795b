from typing import Any

import pytest
import requests

from tests.e2e.talk import Talk


def error_of(response: requests.Response) -> dict[str, Any]:
    assert 400 <= response.status_code < 500, response.text
    error = dict(response.json()["error"])
    assert "Traceback" not in response.text
    assert any("\u4e00" <= char <= "\u9fff" for char in error["message"])
    return error


@pytest.mark.parametrize("text", ["", "   ", "\u200b", None, 5, ["销户"], {"a": 1}])
def test_a_message_without_words_is_refused(talk: Talk, text: object) -> None:
    error_of(talk.post(text))


def test_ten_thousand_characters_are_refused_with_the_limit(talk: Talk) -> None:
    assert "10,000" in error_of(talk.post("销" * 10_000))["message"]


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b'"x"', b"\xff\xfe{", b"{" * 5000])
def test_broken_json_is_refused(talk: Talk, body: bytes) -> None:
    response = requests.post(
        f"{talk.url}/api/v1/messages", data=body, headers={"Content-Type": "application/json"}, timeout=30
    )
    error_of(response)


def test_an_unknown_session_is_refused_and_not_opened(talk: Talk) -> None:
    talk.session = "no-such-session"
    assert error_of(talk.post("销户要带什么"))["code"] == "unknown_session"


@pytest.mark.parametrize("text", ["/ask_fee{}", "／ask_fee", "//ask_eligibility", "/restart", "/session_start"])
def test_an_intent_cannot_be_typed(talk: Talk, text: str) -> None:
    talk.say("补卡要带什么证件")
    reply = talk.say(text)
    assert reply["decision"] in ("clarify", "out_of_scope", "other_service")
    assert reply["citations"] == []
    assert talk.say("那收费呢?")["operation"] == "replace_sim"


@pytest.mark.parametrize(
    "text",
    ["'; DROP TABLE subscription; --", "<script>alert(1)</script>", "${7*7} {{7*7}}", "😀😀😀", "?" * 300, "a\x00b"],
)
def test_code_in_the_text_is_only_text(talk: Talk, text: str) -> None:
    reply = talk.say(text)
    assert reply["citations"] == []
    assert "<script>" not in reply["text"]
    assert talk.say("单位的号销户要带什么")["decision"] == "answer"
