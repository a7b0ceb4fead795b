"""Asking through the gateway: what arrives, what comes back, and what bad input is told."""

import asyncio
import json

import pytest

from tests.bot.gateway.conftest import ask


async def test_a_first_message_opens_a_session_and_is_answered(client, assistant):
    answer = await ask(client, "销户要带什么")

    assert len(answer["session"]) >= 43
    assert answer["messages"][0]["blocks"] == [{"type": "text", "text": "回答：销户要带什么"}]
    assert answer["messages"][0]["choices"] == []
    assert assistant.asked[0].identity is None


async def test_a_session_keeps_its_conversation(client, assistant):
    first = await ask(client, "销户要带什么")
    second = await ask(client, "那收费呢", first["session"])

    assert second["session"] == first["session"]
    assert len({asked.conversation for asked in assistant.asked}) == 1


async def test_two_sessions_never_share_a_conversation(client, assistant):
    await ask(client, "甲")
    await ask(client, "乙")

    assert len({asked.conversation for asked in assistant.asked}) == 2


async def test_an_unknown_session_is_told_so_and_nothing_is_asked(client, assistant):
    response = await client.post("/api/v1/messages", json={"session": "nobody", "text": "在吗"})

    assert response.status == 401
    error = (await response.json())["error"]
    assert error["code"] == "unknown_session"
    assert "会话" in error["message"]
    assert assistant.asked == []


async def test_identity_sender_and_metadata_sent_by_a_client_are_not_believed(client, assistant):
    claims = {
        "text": "我现在能换号吗",
        "identity": {"role": "staff", "numbers": ["18600010101"]},
        "sender": "victim",
        "conversation": "victim-conversation",
        "metadata": {"identity": {"role": "staff"}},
    }
    response = await client.post("/api/v1/messages", json=claims)

    assert response.status == 200
    assert assistant.asked[0].identity is None
    assert "victim" not in assistant.asked[0].conversation


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b"[" * 100_000, 400, "not_json"),
        (b'{"text": ' + b"1" * 10_000 + b"}", 400, "not_json"),
        (b"\xff\xfe", 400, "not_utf8"),
        (b"[]", 400, "not_an_object"),
        (b"null", 400, "not_an_object"),
        (b"{}", 400, "missing_text"),
        (b'{"text": null}', 400, "missing_text"),
        (b'{"text": 5}', 400, "wrong_type"),
        (b'{"text": ["a"]}', 400, "wrong_type"),
        (b'{"text": "\xe5\x9c\xa8\xe5\x90\x97", "session": 5}', 400, "wrong_type"),
        (b'{"text": ""}', 400, "empty_text"),
        (b'{"text": " \\n\\t\\u3000"}', 400, "empty_text"),
        (b'{"text": "\\u0000\\ud800\\u200b"}', 400, "empty_text"),
        (b'{"text": "//"}', 400, "empty_text"),
    ],
)
async def test_a_body_that_is_no_message_gets_a_clear_error(client, assistant, body, status, code):
    response = await client.post("/api/v1/messages", data=body, headers={"Content-Type": "application/json"})

    assert response.status == status
    error = (await response.json())["error"]
    assert error["code"] == code
    assert error["message"].endswith(("。", "}。"))
    assert assistant.asked == []


async def test_ten_thousand_characters_are_told_the_limit(client, assistant):
    response = await client.post("/api/v1/messages", json={"text": "销" * 10_000})

    assert response.status == 400
    error = (await response.json())["error"]
    assert error["code"] == "text_too_long"
    assert "10,000" in error["message"]
    assert "2,000" in error["message"]
    assert assistant.asked == []


async def test_two_thousand_characters_are_answered(client, assistant):
    await ask(client, "销" * 2_000)

    assert len(assistant.asked[0].text) == 2_000


async def test_a_body_beyond_all_bounds_is_refused(client):
    body = json.dumps({"text": "a" * 300_000})
    response = await client.post("/api/v1/messages", data=body, headers={"Content-Type": "application/json"})

    assert response.status == 413
    assert (await response.json())["error"]["code"] == "body_too_large"


async def test_a_body_that_says_it_will_be_beyond_all_bounds_is_not_waited_for(client):
    reader, writer = await asyncio.open_connection(client.server.host, client.server.port)
    head = "POST /api/v1/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    writer.write(f"{head}Content-Length: 1000000000000\r\n\r\n{{}}".encode())
    answer = await asyncio.wait_for(reader.readline(), 5)
    writer.close()

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_another_content_type_is_refused(client):
    response = await client.post("/api/v1/messages", data={"text": "在吗"})

    assert response.status == 415
    assert (await response.json())["error"]["code"] == "unsupported_media_type"


async def test_control_characters_are_removed_and_the_rest_is_kept(client, assistant):
    await ask(client, "销\u0000户\u001b[31m要\ud800带\r\n什么😀<b>'; DROP TABLE x;--")

    assert assistant.asked[0].text == "销户[31m要带\n什么😀<b>'; DROP TABLE x;--"


async def test_unknown_fields_are_ignored(client):
    response = await client.post("/api/v1/messages", json={"text": "在吗", "colour": "blue"})

    assert response.status == 200


async def test_a_slow_assistant_is_answered_for_politely_and_the_session_survives(client, assistant):
    assistant.seconds = 5
    response = await client.post("/api/v1/messages", json={"text": "在吗"})
    body = await response.json()

    assert response.status == 503
    assert body["error"]["code"] == "assistant_slow"
    assert "重试" in body["error"]["message"]

    assistant.seconds = 0
    again = await ask(client, "在吗", body["session"])
    assert again["session"] == body["session"]
    assert len({asked.conversation for asked in assistant.asked}) == 1


async def test_an_assistant_that_is_down_is_answered_for_politely(client, assistant):
    assistant.down = True
    response = await client.post("/api/v1/messages", json={"text": "在吗"})

    assert response.status == 503
    assert (await response.json())["error"]["code"] == "assistant_unavailable"


async def test_an_unforeseen_error_shows_no_detail(client, assistant, monkeypatch):
    async def broken(*_args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(assistant, "reply", broken)
    response = await client.post("/api/v1/messages", json={"text": "在吗"})

    assert response.status == 500
    assert "secret" not in await response.text()
    assert (await response.json())["error"]["code"] == "internal_error"


async def test_messages_of_one_conversation_are_answered_one_after_the_other(client, assistant):
    session = (await ask(client, "第一句"))["session"]
    assistant.seconds = 0.01
    await asyncio.gather(*(ask(client, f"第{number}句", session) for number in range(10)))

    assert not assistant.overtaken
    assert len(assistant.asked) == 11


async def test_different_conversations_do_not_wait_for_each_other(client, assistant):
    assistant.seconds = 0.3  # two of these one after the other would pass the deadline of 0.5 s
    await asyncio.gather(*(ask(client, f"第{number}人") for number in range(5)))

    assert len(assistant.asked) == 5
