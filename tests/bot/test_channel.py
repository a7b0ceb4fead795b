"""Our Rasa channel on a real Sanic server, spoken to by the gateway's own client."""

import json
import socket
import time
from types import SimpleNamespace

import aiohttp
import pytest
import pytest_asyncio
from rasa.core.channels.channel import register
from sanic import Sanic

from actions.identity import Identity
from actions.privacy.envelope import Envelope, seal_reply, take_out
from actions.privacy.sealing import seal
from actions.reply import Reply
from actions.settings import settings
from bot.assistant import AssistantUnavailable
from bot.channel import GatewayInput
from bot.gateway.rasa_client import RasaServer
from bot.signature import signed_headers

pytestmark = pytest.mark.asyncio(loop_scope="module")

SECRET = "the secret of this test"
REPLY = Reply(decision="answer", blocks=[{"type": "text", "text": "要带介绍信。\n\n还有公章。"}]).to_json()


class FakeAgent:
    """Stands where Rasa's agent stands: `answer` is called with the message."""

    def __init__(self):
        self.messages = []
        self.ready = True

    def is_ready(self):
        return self.ready

    async def handle_message(self, message):
        self.messages.append(message)
        await self.answer(message)

    async def answer(self, message):
        await message.output_channel.send_response(message.sender_id, {"custom": REPLY})


# One server for all tests here: Sanic rewrites its own classes for the first application of a process, only once.
@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running_server():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOT_CHANNEL_SECRET", SECRET)
        settings.cache_clear()
        app = Sanic("channel_under_test", configure_logging=False)
        register([GatewayInput.from_credentials(None)], app, route="/webhooks/")
    settings.cache_clear()
    door = socket.create_server(("127.0.0.1", 0))
    server = await app.create_server(sock=door, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.start_serving()
    yield SimpleNamespace(app=app, url=f"http://127.0.0.1:{door.getsockname()[1]}")
    server.close()
    await server.wait_closed()


@pytest.fixture
def server(running_server):
    agent = running_server.app.ctx.agent = FakeAgent()
    return SimpleNamespace(agent=agent, url=running_server.url)


@pytest_asyncio.fixture(loop_scope="module")
async def client(server):
    assistant = RasaServer(server.url, SECRET.encode())
    yield assistant
    await assistant.close()


async def post(server, body, headers):
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{server.url}/webhooks/gateway/messages", data=body, headers=headers) as response,
    ):
        return response.status, await response.json()


def message(**fields):
    return json.dumps({"conversation": "conversation-1", "text": "在吗", "sealed": "v1.", **fields}).encode()


async def test_a_reply_of_blocks_arrives_as_it_was_sent(server, client):
    assert await client.reply("conversation-1", "销户要带什么", None) == [REPLY]
    assert server.agent.messages[0].sender_id == "conversation-1"
    assert server.agent.messages[0].input_channel == "gateway"


async def test_identity_and_numbers_travel_sealed_beside_the_masked_text(server, client):
    identity = Identity(role="customer", numbers=("18600010101",), customer="G1001")
    await client.reply("conversation-1", "我是张小军,186 0001 0102 现在能换号吗", identity)

    message = server.agent.messages[0]
    assert message.text == "我是〔姓名〕,186****0102 现在能换号吗"
    assert message.metadata.keys() == {"sealed"}
    assert "0101" not in str(message.metadata)
    assert take_out("conversation-1", message.metadata) == Envelope(identity, {"186****0102": "18600010102"})


async def test_an_envelope_of_another_conversation_is_of_nobody(server, client):
    await client.reply("conversation-1", "我现在能换号吗", Identity(role="staff", name="王芳"))

    assert take_out("conversation-2", server.agent.messages[0].metadata) == Envelope()


async def test_a_reply_that_was_sealed_for_the_conversation_is_opened(server, client):
    async def answer(incoming):
        await incoming.output_channel.send_response("conversation-1", {"custom": seal_reply("conversation-1", REPLY)})

    server.agent.answer = answer
    assert await client.reply("conversation-1", "销户要带什么", None) == [REPLY]


async def test_no_text_can_name_an_intent(server, client):
    await client.reply("conversation-1", '/ask_fee{"operation": "x"}', None)

    assert server.agent.messages[0].text == 'ask_fee{"operation": "x"}'


async def test_a_plain_response_becomes_one_reply_with_its_buttons_as_choices(server, client):
    async def answer(incoming):
        buttons = [{"title": "销户", "payload": "/x"}]
        await incoming.output_channel.send_response("c", {"text": "您好\n\n请问", "buttons": buttons})

    server.agent.answer = answer
    (reply,) = await client.reply("conversation-1", "你好", None)

    assert reply["blocks"] == [{"type": "text", "text": "您好\n\n请问"}]
    assert reply["choices"] == ["销户"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Bot-Timestamp": "1", "X-Bot-Signature": "x"},
        signed_headers(b"another secret", time.time(), message()),
        signed_headers(SECRET.encode(), time.time() - 120, message()),
        signed_headers(SECRET.encode(), time.time(), b"another body"),
    ],
)
async def test_nobody_without_the_secret_is_heard(server, headers):
    status, body = await post(server, message(), headers)

    assert status == 401
    assert body["error"]["code"] == "bad_signature"
    assert server.agent.messages == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"\xff",
        message(conversation=None),
        message(conversation="../../x"),
        message(text=None),
        message(sealed=None),
        message(sealed={"identity": {"role": "staff"}}),
    ],
)
async def test_a_signed_body_that_is_no_message_is_refused(server, body):
    status, _ = await post(server, body, signed_headers(SECRET.encode(), time.time(), body))

    assert status == 400
    assert server.agent.messages == []


async def test_an_identity_that_is_not_sealed_goes_nowhere(server):
    body = message(
        identity={"role": "staff"}, sealed=seal({"identity": {"role": "admin"}, "numbers": {}}, "conversation-1")
    )
    status, _ = await post(server, body, signed_headers(SECRET.encode(), time.time(), body))

    assert status == 200
    assert server.agent.messages[0].metadata.keys() == {"sealed"}
    assert take_out("conversation-1", server.agent.messages[0].metadata).identity is None


async def test_an_error_while_processing_is_an_error_for_the_caller(server, client):
    async def answer(_incoming):
        raise RuntimeError("broken")

    server.agent.answer = answer
    with pytest.raises(AssistantUnavailable, match="500"):
        await client.reply("conversation-1", "在吗", None)


async def test_no_answer_is_an_error_for_the_caller(server, client):
    async def answer(_incoming):
        """What Rasa does when the action server is down: nothing."""

    server.agent.answer = answer
    with pytest.raises(AssistantUnavailable, match="502"):
        await client.reply("conversation-1", "在吗", None)


async def test_health_tells_whether_a_model_is_loaded(server, client):
    await client.check()
    server.agent.ready = False
    with pytest.raises(AssistantUnavailable):
        await client.check()


async def test_a_server_that_is_not_there_is_unavailable():
    absent = RasaServer("http://127.0.0.1:9", SECRET.encode())
    with pytest.raises(AssistantUnavailable):
        await absent.reply("conversation-1", "在吗", None)
    with pytest.raises(AssistantUnavailable):
        await absent.check()
    await absent.close()
