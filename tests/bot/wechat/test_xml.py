import contextlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.errors import CallbackRefused
from bot.wechat.xml import MAX_BYTES, read_message, write_message

TEXT = "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><MsgType>text</MsgType><Content><![CDATA[补卡 & <b>]]></Content></xml>"


def test_the_elements_of_a_message_are_read_by_name() -> None:
    assert read_message(TEXT.encode()) == {"ToUserName": "gh_1", "MsgType": "text", "Content": "补卡 & <b>"}


def test_what_is_nested_is_left_out_and_does_no_harm() -> None:
    message = "<xml><A>1</A><ScanCodeInfo>x<ScanType>qrcode</ScanType><ScanType>2</ScanType></ScanCodeInfo></xml>"
    assert read_message(message.encode()) == {"A": "1", "ScanCodeInfo": "x"}


@pytest.mark.parametrize(
    "document",
    [
        pytest.param("", id="empty"),
        pytest.param("text", id="no xml"),
        pytest.param("<xml>", id="not closed"),
        pytest.param("<html></html>", id="another root"),
        pytest.param("<xml/><xml/>", id="two roots"),
        pytest.param("<xml><Content>a</Content><Content>b</Content></xml>", id="an element twice"),
        pytest.param("<xml>" + "<a>" * 50_000, id="nested without end"),
        pytest.param("<xml>" + "<a>" * 9 + "</a>" * 9 + "</xml>", id="nested too deep"),
        pytest.param("<xml>" + "".join(f"<a{n}/>" for n in range(600)) + "</xml>", id="too many elements"),
        pytest.param('<!DOCTYPE xml [<!ENTITY e "x">]><xml><A>&e;</A></xml>', id="an entity"),
        pytest.param('<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml/>', id="an outer DTD"),
        pytest.param('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><A>&e;</A></xml>', id="a file"),
        pytest.param("<!DOCTYPE xml><xml/>", id="an empty DTD"),
        pytest.param("<xml><A>&e;</A></xml>", id="an unknown entity"),
        pytest.param("<xml><A>\x00</A></xml>", id="NUL"),
        pytest.param('<?xml version="1.0" encoding="no-such"?><xml/>', id="an unknown encoding"),
        pytest.param("<xml><A>" + "x" * MAX_BYTES + "</A></xml>", id="too big"),
    ],
)
def test_what_is_no_message_is_refused_with_the_one_error_there_is(document: str) -> None:
    with pytest.raises(CallbackRefused):
        read_message(document.encode())


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(CallbackRefused):
        read_message(b"<xml><A>\xff\xfe</A></xml>")


@given(
    st.binary(max_size=400)
    | st.text(max_size=200).map(lambda text: f"<xml><A>{text}</A></xml>".encode(errors="replace"))
)
def test_nothing_raises_anything_else(document: bytes) -> None:
    with contextlib.suppress(CallbackRefused):
        read_message(document)


@pytest.mark.parametrize(
    "text",
    [
        "]]>",
        "]]]]>>",
        "]]><MsgType><![CDATA[news]]></MsgType><x><![CDATA[",
        "<![CDATA[ ]]>",
        "]" * 5 + ">",
        "&lt;<>&\"'",
        "换行\n制表\t",
        "👍🏽",
    ],
)
def test_no_text_breaks_out_of_a_reply(text: str) -> None:
    document = write_message({"MsgType": "text", "Content": text, "CreateTime": 1})
    root = ElementTree.fromstring(document)
    assert [child.tag for child in root] == ["MsgType", "Content", "CreateTime"]
    assert root.findtext("Content") == text
    assert read_message(document.encode()) == {"MsgType": "text", "Content": text, "CreateTime": "1"}


@given(st.text(max_size=200))
def test_whatever_is_written_can_be_read(text: str) -> None:
    written = write_message({"Content": text})
    read = read_message(written.encode("utf-8", "replace"))["Content"]
    assert read == "".join(
        c
        for c in text.replace("\r\n", "\n").replace("\r", "\n")
        if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff" and not "\ud800" <= c <= "\udfff")
    )


def test_elements_within_elements_are_written() -> None:
    document = write_message({"Articles": {"item": {"Title": "清单"}}, "ArticleCount": 1})
    assert (
        document
        == "<xml><Articles><item><Title><![CDATA[清单]]></Title></item></Articles><ArticleCount>1</ArticleCount></xml>"
    )
