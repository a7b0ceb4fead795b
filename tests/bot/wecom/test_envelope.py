import pytest

from bot.wechat.crypto import MessageCipher, signature
from bot.wechat.errors import CallbackRefused
from bot.wechat.signed import WINDOW_SECONDS
from bot.wechat.xml import read_message
from bot.wecom.envelope import AppEnvelope
from tests.wecom.platform import SelfBuiltApp

NOW = 1_800_000_000.0


@pytest.fixture
def app() -> SelfBuiltApp:
    return SelfBuiltApp("", {"zhang"}, clock=lambda: NOW)


@pytest.fixture
def envelope(app: SelfBuiltApp) -> AppEnvelope:
    return AppEnvelope(app.cipher, app.token, app.agent_id)


def message(app: SelfBuiltApp, **other: str | int) -> dict[str, str | int]:
    head: dict[str, str | int] = {
        "ToUserName": app.corp_id,
        "FromUserName": "zhang",
        "MsgType": "text",
        "Content": "补卡",
    }
    return {**head, "AgentID": app.agent_id, **other}


def test_what_a_member_says_to_the_app_is_read(app: SelfBuiltApp, envelope: AppEnvelope) -> None:
    read = envelope.message(*app.request(message(app)), NOW)
    assert (read["FromUserName"], read["Content"]) == ("zhang", "补卡")


def test_the_check_of_the_address_gets_its_echo_bare(app: SelfBuiltApp, envelope: AppEnvelope) -> None:
    query, echo = app.verification()
    assert envelope.echo(query, NOW) == echo.encode()


@pytest.mark.parametrize("part", ["msg_signature", "timestamp", "nonce"])
@pytest.mark.parametrize("value", [None, "", "1", "٣", "9" * 5000])
def test_no_part_of_the_query_can_be_left_out_or_changed(
    app: SelfBuiltApp, envelope: AppEnvelope, part: str, value: str | None
) -> None:
    query, body = app.request(message(app))
    changed = {name: text for name, text in query.items() if name != part} | (
        {part: value} if value is not None else {}
    )
    with pytest.raises(CallbackRefused, match="wrong signature"):
        envelope.message(changed, body, NOW)


@pytest.mark.parametrize("skew", [-WINDOW_SECONDS, WINDOW_SECONDS])
def test_a_clock_that_is_a_little_off_does_no_harm(app: SelfBuiltApp, envelope: AppEnvelope, skew: int) -> None:
    app.skew = skew
    assert envelope.message(*app.request(message(app)), NOW)


@pytest.mark.parametrize("skew", [-WINDOW_SECONDS - 1, WINDOW_SECONDS + 1, -1e8])
def test_a_message_of_another_time_is_refused_though_it_is_signed(
    app: SelfBuiltApp, envelope: AppEnvelope, skew: float
) -> None:
    app.skew = skew
    with pytest.raises(CallbackRefused, match="another time"):
        envelope.message(*app.request(message(app)), NOW)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"AgentID": 1000003}, "another app"),
        ({"AgentID": ""}, "another app"),
        ({"ToUserName": "ww0000000000000000"}, "another corporation"),
        ({"FromUserName": ""}, "from nobody"),
    ],
)
def test_a_message_that_is_not_for_this_app_is_refused(
    app: SelfBuiltApp, envelope: AppEnvelope, other: dict[str, str | int], why: str
) -> None:
    with pytest.raises(CallbackRefused, match=why):
        envelope.message(*app.request(message(app, **other)), NOW)


def test_what_is_encrypted_for_another_corporation_is_refused(app: SelfBuiltApp) -> None:
    other = AppEnvelope(MessageCipher(app.key, "ww0000000000000000"), app.token, app.agent_id)
    with pytest.raises(CallbackRefused, match="another account"):
        other.message(*app.request(message(app)), NOW)


def test_a_message_that_is_not_encrypted_is_refused(app: SelfBuiltApp, envelope: AppEnvelope) -> None:
    query, _ = app.request(message(app))
    with pytest.raises(CallbackRefused, match="wrong signature"):
        envelope.message(query, b"<xml><FromUserName>zhang</FromUserName><Content>x</Content></xml>", NOW)


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "٣", "9" * 5000])
def test_a_time_that_is_none_is_refused_though_it_is_signed(
    app: SelfBuiltApp, envelope: AppEnvelope, timestamp: str
) -> None:
    query, body = app.request(message(app))
    sealed = read_message(body)["Encrypt"]
    signed = {**query, "timestamp": timestamp}
    signed["msg_signature"] = signature(app.token, timestamp, query["nonce"], sealed)
    with pytest.raises(CallbackRefused, match="no time"):
        envelope.message(signed, body, NOW)
