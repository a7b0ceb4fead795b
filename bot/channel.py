"""The only door into Rasa: a channel that demands the gateway's signature and answers with whole replies."""

import json
import logging
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from actions.privacy.envelope import SEALED, open_reply
from actions.reply import Reply
from bot.incoming_text import clean_text, without_command
from bot.secret import channel_secret
from bot.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_signed

logger = logging.getLogger(__name__)

_CONVERSATION: Final = re.compile(r"[A-Za-z0-9_-]{8,128}")


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One message as the gateway sends it: its text is masked, who asks and the numbers in clear are in the sealed envelope."""

    conversation: str
    text: str
    sealed: str
    message_id: str | None

    @classmethod
    def from_body(cls, body: bytes) -> "IncomingMessage":
        """Reads the request body; raises ValueError for anything that is not such a message."""
        data = json.loads(body.decode())
        if not isinstance(data, dict):
            raise ValueError("not an object")
        conversation, text, message_id = data.get("conversation"), data.get("text"), data.get("message_id")
        if not isinstance(conversation, str) or not _CONVERSATION.fullmatch(conversation):
            raise ValueError("conversation")
        if not isinstance(text, str):
            raise ValueError("text")
        sealed = data.get(SEALED)
        if not isinstance(sealed, str):
            raise ValueError(SEALED)
        return cls(conversation, text, sealed, message_id if isinstance(message_id, str) else None)


class ReplyCollector(CollectingOutputChannel):  # type: ignore[misc]  # Rasa has no type information
    """Collects what the actions say as replies of one shape, whether they sent blocks or a plain response."""

    async def send_custom_json(self, recipient_id: str, json_message: dict[str, Any], **kwargs: Any) -> None:
        """Keeps a reply as the action made it."""
        self.messages.append(open_reply(recipient_id, json_message))

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keeps a plain response as a reply with one paragraph."""
        self.messages.append(_text_reply(text, []))

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Keeps a response with buttons; a button's title is what choosing it says."""
        self.messages.append(_text_reply(text, [str(button["title"]) for button in buttons]))


def _text_reply(text: str, choices: list[str]) -> dict[str, Any]:
    return Reply(decision="chitchat", blocks=[{"type": "text", "text": text}], choices=choices).to_json()


class GatewayInput(InputChannel):  # type: ignore[misc]  # Rasa has no type information
    """`POST /webhooks/gateway/messages`, signed; `GET /webhooks/gateway/health` tells whether a model is loaded."""

    @classmethod
    def name(cls) -> str:
        """The channel's name, part of its address."""
        return "gateway"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes."""
        routes = Blueprint("gateway")
        secret = channel_secret()

        @routes.get("/health")  # type: ignore[untyped-decorator]  # nor has Sanic
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json({"ready": ready}, status=200 if ready else 503)

        @routes.post("/messages")  # type: ignore[untyped-decorator]
        async def receive(request: Request) -> HTTPResponse:
            headers = request.headers
            timestamp, signature = headers.get(TIMESTAMP_HEADER), headers.get(SIGNATURE_HEADER)
            if not is_signed(secret, time.time(), timestamp, signature, request.body):
                return _error(401, "bad_signature", "签名缺失、不对或已过期。")
            try:
                message = IncomingMessage.from_body(request.body)
            except ValueError as error:
                return _error(400, "bad_message", f"消息格式不对：{error}")
            return await _answer(message, on_new_message)

        return routes


def user_message(message: IncomingMessage, output: ReplyCollector) -> UserMessage:
    """The message as Rasa takes and keeps it: a masked text that starts no intent, and the sealed envelope as metadata."""
    return UserMessage(
        without_command(clean_text(message.text)),
        output,
        message.conversation,
        input_channel=GatewayInput.name(),
        message_id=message.message_id,
        metadata={SEALED: message.sealed},
    )


async def _answer(message: IncomingMessage, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> HTTPResponse:
    collector = ReplyCollector()
    try:
        await on_new_message(user_message(message, collector))
    except Exception:
        logger.exception("A message could not be processed.")
        return _error(500, "processing_failed", "处理消息时出错。")
    if not collector.messages:
        # Rasa swallows a failing action; without this the caller would see success and no answer.
        return _error(502, "no_reply", "没有得到答复（动作服务可能没有运行）。")
    return response.json({"messages": collector.messages})


def _error(status: int, code: str, text: str) -> HTTPResponse:
    return response.json({"error": {"code": code, "message": text}}, status=status)
