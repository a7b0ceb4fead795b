"""The assistant behind a loopback HTTP connection: our own channel of a Rasa server."""

import json
import time
import uuid
from typing import Any, Final

import aiohttp

from actions.identity import Identity
from actions.privacy.envelope import SEALED, put_in
from bot.assistant import AssistantUnavailable
from bot.gateway.metrics import assistant_timed
from bot.signature import signed_headers

# Rasa ends a connection that was idle for five seconds; one that is about to be ended must not be used.
_IDLE_SECONDS: Final = 2.0


class RasaServer:
    """Talks to `bot.channel.GatewayInput`. Deadlines are the caller's business.

    Args:
        url: base URL of the Rasa server.
        secret: what requests are signed with.
    """

    def __init__(self, url: str, secret: bytes) -> None:
        self._url = url
        self._secret = secret
        self._http: aiohttp.ClientSession | None = None

    async def reply(self, conversation: str, text: str, identity: Identity | None) -> list[dict[str, Any]]:
        """The replies to one message; raises `AssistantUnavailable` when the server gives none."""
        masked, sealed = put_in(conversation, text, identity)
        message = {"conversation": conversation, "text": masked, SEALED: sealed, "message_id": uuid.uuid4().hex}
        body = json.dumps(message, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **signed_headers(self._secret, time.time(), body)}
        address = f"{self._url}/webhooks/gateway/messages"
        try:
            with assistant_timed():
                async with self._session().post(address, data=body, headers=headers) as response:
                    if response.status != 200:
                        raise AssistantUnavailable(f"Rasa answered {response.status}")
                    return _replies(await response.json())
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise AssistantUnavailable(f"Rasa did not answer: {type(error).__name__}") from error

    async def check(self) -> None:
        """Raises `AssistantUnavailable` unless the server runs with a loaded model."""
        try:
            async with self._session().get(f"{self._url}/webhooks/gateway/health") as response:
                if response.status != 200:
                    raise AssistantUnavailable("no model")
        except (aiohttp.ClientError, OSError) as error:
            raise AssistantUnavailable("no answer") from error

    async def close(self) -> None:
        """Closes the connections."""
        if self._http is not None:
            await self._http.close()

    def _session(self) -> aiohttp.ClientSession:
        # Made on first use, because it belongs to the running event loop.
        if self._http is None:
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_SECONDS))
        return self._http


def _replies(answer: Any) -> list[dict[str, Any]]:
    messages = answer.get("messages") if isinstance(answer, dict) else None
    if not isinstance(messages, list) or not messages:
        raise ValueError("no messages")
    for message in messages:
        if not isinstance(message, dict) or not isinstance(message.get("blocks"), list):
            raise ValueError("not a reply")
        message.setdefault("choices", [])
    return messages
