"""What goes wrong with wechatpy 1.8.18, the library in common use, input by input."""

import base64
import secrets
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.wechat.crypto import MessageCipher
from bot.wechat.errors import CallbackRefused
from bot.wechat.xml import MAX_BYTES, read_message, write_message

KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CIPHER = MessageCipher(KEY, "wx5823bf96d3bd56c7")


def encrypted(body: bytes) -> str:
    raw = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES256(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()


def test_text_that_closes_its_cdata_adds_no_element_to_a_reply() -> None:
    # wechatpy: the reply gets a second MsgType.
    quoted = "]]></Content><MsgType><![CDATA[image]]></MsgType><Content><![CDATA["
    root = ElementTree.fromstring(write_message({"MsgType": "text", "Content": quoted}))
    assert [element.tag for element in root] == ["MsgType", "Content"]
    assert root.findtext("Content") == quoted


def test_control_characters_do_not_make_a_reply_unreadable() -> None:
    # XML has no place for them, escaped or not.
    assert ElementTree.fromstring(write_message({"Content": "补\x00\x0b卡\ufffe"})).findtext("Content") == "补卡"


@pytest.mark.parametrize(
    "secret",
    [
        pytest.param("", id="empty"),
        pytest.param("QUJD", id="three bytes"),
        pytest.param("QUJ", id="no base64"),
        pytest.param(encrypted(b"\x20" * 32), id="only padding"),
        pytest.param(encrypted(b"x" * 15 + b"\x11" * 17), id="shorter than its head"),
        pytest.param(CIPHER.encrypt(b"<xml/>")[:-4], id="cut"),
    ],
)
def test_a_short_ciphertext_is_refused_with_the_one_error_there_is(secret: str) -> None:
    # wechatpy: IndexError, ValueError or struct.error, by length.
    with pytest.raises(CallbackRefused):
        CIPHER.decrypt(secret)


def test_every_byte_of_the_padding_is_checked() -> None:
    # wechatpy: believes the last byte.
    head = secrets.token_bytes(16) + (1).to_bytes(4) + b"x" + b"wx5823bf96d3bd56c7"
    padding = 32 - len(head) % 32
    assert CIPHER.decrypt(encrypted(head + bytes([padding]) * padding)) == b"x"
    with pytest.raises(CallbackRefused):
        CIPHER.decrypt(encrypted(head + b"\x00" * (padding - 1) + bytes([padding])))


def test_a_message_with_two_contents_is_refused() -> None:
    # wechatpy: the content becomes a list.
    with pytest.raises(CallbackRefused, match="twice"):
        read_message(b"<xml><Content>a</Content><Content>b</Content></xml>")


def test_another_root_is_refused() -> None:
    # wechatpy: KeyError.
    with pytest.raises(CallbackRefused, match="root"):
        read_message(b"<message><MsgType>text</MsgType></message>")


def test_a_hundred_thousand_nested_tags_are_refused_before_they_are_read() -> None:
    # wechatpy: parses them, in about a second of CPU.
    document = b"<xml>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</xml>"
    with pytest.raises(CallbackRefused, match="too big"):
        read_message(document)
    with pytest.raises(CallbackRefused, match="too many elements"):
        read_message(document[: MAX_BYTES - 1])


def test_ten_megabytes_of_text_are_refused() -> None:
    with pytest.raises(CallbackRefused, match="too big"):
        read_message(b"<xml><Content>" + b"x" * 10_000_000 + b"</Content></xml>")
