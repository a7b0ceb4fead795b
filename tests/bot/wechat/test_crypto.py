import base64
import contextlib
import json
import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from bot.wechat.crypto import MessageCipher, is_signature, signature
from bot.wechat.errors import CallbackRefused

KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CIPHER = MessageCipher(KEY, "wx5823bf96d3bd56c7")
VECTORS = json.loads((Path(__file__).parent / "peers" / "vectors.json").read_text(encoding="utf-8"))


def encrypted(body: bytes) -> str:
    """Encrypts a body of any form, as somebody who knows the key could."""
    raw = base64.b64decode(KEY + "=")
    encryptor = Cipher(algorithms.AES256(raw), modes.CBC(raw[:16])).encryptor()
    return base64.b64encode(encryptor.update(body) + encryptor.finalize()).decode()


def padded(body: bytes) -> bytes:
    count = 32 - len(body) % 32
    return body + bytes([count]) * count


def test_messages_of_two_independent_implementations_are_read() -> None:
    assert len({(vector["peer"], vector["body"]) for vector in VECTORS}) >= 200
    for vector in VECTORS:
        cipher = MessageCipher(vector["key"], vector["receiver"])
        assert cipher.decrypt(vector["encrypted"]).decode() == vector["body"]


def test_signatures_of_two_independent_implementations_are_accepted() -> None:
    for vector in VECTORS:
        parts = (vector["token"], vector["timestamp"], vector["nonce"], vector["encrypted"])
        assert is_signature(vector["signature"], *parts)
        assert not is_signature(vector["signature"], *parts[:-1], parts[-1] + "A")


@given(st.binary(max_size=300))
def test_what_is_encrypted_is_decrypted_to_the_same(message: bytes) -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(message)) == message


def test_the_same_message_is_never_encrypted_alike() -> None:
    assert CIPHER.encrypt(b"x") != CIPHER.encrypt(b"x")


@pytest.mark.parametrize("key", ["", "short", KEY + "=", KEY[:-1] + "%", KEY + KEY])
def test_a_key_that_cannot_be_one_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="EncodingAESKey"):
        MessageCipher(key, "x")


def test_neither_key_shows_when_a_cipher_is_printed() -> None:
    assert KEY not in repr(CIPHER)
    assert "_key" not in repr(CIPHER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "not base64!",
        "汉字",
        "QUJD",
        base64.b64encode(secrets.token_bytes(16)).decode(),
        base64.b64encode(secrets.token_bytes(33)).decode(),
        CIPHER.encrypt(b"x") + "\n",
    ],
)
def test_what_is_no_ciphertext_is_refused(text: str) -> None:
    with pytest.raises(CallbackRefused):
        CIPHER.decrypt(text)


def body(message: bytes, length: int | None = None, receiver: bytes = b"wx5823bf96d3bd56c7") -> bytes:
    size = len(message) if length is None else length
    return secrets.token_bytes(16) + size.to_bytes(4) + message + receiver


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(lambda: padded(body(b"x", receiver=b"wx0000000000000000")), id="for another account"),
        pytest.param(lambda: padded(body(b"x", receiver=b"")), id="for nobody"),
        pytest.param(lambda: padded(body(b"x", receiver=b"wx5823bf96d3bd56c7x")), id="for a longer id"),
        pytest.param(lambda: padded(body(b"x", length=2**32 - 1)), id="a length beyond the end"),
        pytest.param(lambda: padded(body(b"x", length=0)), id="a length that is too short"),
        pytest.param(lambda: padded(b"short"), id="shorter than its head"),
        pytest.param(lambda: padded(b""), id="only padding"),
        pytest.param(lambda: body(b"x" * 26, receiver=b"wx5823bf96d3bd56c7")[:63] + b"\0", id="padding of zero"),
        pytest.param(lambda: body(b"x" * 26, receiver=b"wx5823bf96d3bd56c7")[:63] + b"\x21", id="padding of 33"),
        pytest.param(
            lambda: body(b"x" * 26, receiver=b"wx5823bf96d3bd56c7")[:63] + b"\x05", id="padding that is not all alike"
        ),
    ],
)
def test_a_forged_body_is_refused_with_the_one_error_there_is(forged: Callable[[], bytes]) -> None:
    with pytest.raises(CallbackRefused):
        CIPHER.decrypt(encrypted(forged()))


@given(st.binary(max_size=200))
def test_nothing_encrypted_raises_anything_else(secret: bytes) -> None:
    for text in (base64.b64encode(secret).decode(), encrypted(secret + bytes(-len(secret) % 16))):
        with contextlib.suppress(CallbackRefused):
            CIPHER.decrypt(text)


def test_a_signature_does_not_depend_on_the_order_of_its_parts() -> None:
    assert signature("b", "a", "c") == signature("c", "b", "a")


@pytest.mark.parametrize("given_one", [None, "", "0" * 40, "签名", "\ud800"])
def test_what_is_no_signature_is_refused(given_one: str | None) -> None:
    assert not is_signature(given_one, "token", "1", "n")
