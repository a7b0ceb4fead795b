"""Only the gateway, only this body, only now."""

import pytest

from bot.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_signed, sign, signed_headers

SECRET, NOW, BODY = b"a shared secret of some length", 1_800_000_000.5, '{"text": "在吗"}'.encode()


def accepted(headers, *, secret=SECRET, now=NOW, body=BODY):
    return is_signed(secret, now, headers.get(TIMESTAMP_HEADER), headers.get(SIGNATURE_HEADER), body)


def test_a_signed_body_is_accepted():
    assert accepted(signed_headers(SECRET, NOW, BODY))


@pytest.mark.parametrize("seconds", [-59, 59])
def test_a_signature_holds_for_a_minute(seconds):
    assert accepted(signed_headers(SECRET, NOW, BODY), now=NOW + seconds)


@pytest.mark.parametrize("seconds", [-62, 62])
def test_a_signature_of_another_time_is_refused(seconds):
    assert not accepted(signed_headers(SECRET, NOW, BODY), now=NOW + seconds)


def test_another_body_or_secret_is_refused():
    headers = signed_headers(SECRET, NOW, BODY)

    assert not accepted(headers, body=BODY + b" ")
    assert not accepted(headers, secret=b"another secret of some length")


def test_the_time_is_part_of_what_is_signed():
    headers = signed_headers(SECRET, NOW, BODY)
    headers[TIMESTAMP_HEADER] = str(int(NOW) + 1)

    assert not accepted(headers)


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", "１８０００００００００", "9" * 40, "abc"])
def test_a_time_that_is_none_is_refused(timestamp):
    assert not accepted({TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: sign(SECRET, int(NOW), BODY)})


@pytest.mark.parametrize("signature", ["", "x", "签名", "0" * 64])
def test_a_signature_that_is_none_is_refused(signature):
    assert not accepted({TIMESTAMP_HEADER: str(int(NOW)), SIGNATURE_HEADER: signature})
