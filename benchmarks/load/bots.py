"""The two assistants as a client sees them: begin a conversation, say something, get the text of the answer."""

import re
import uuid
from typing import Any, Final, Protocol

import aiohttp

from benchmarks.load.dialogues import Dialogue

# When an account was looked at is part of an answer, and the only part that is never the same twice.
_TIME: Final = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")


class Refused(Exception):  # noqa: N818 - it names what happened, not a fault
    """The assistant said that it cannot answer now."""

    def __init__(self, status: int, body: Any, headers: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body, self.headers = status, body, headers


class CrossedError(Exception):
    """An answer came for another conversation, or not exactly one came."""


class Bot(Protocol):
    """An assistant under load."""

    name: str

    async def begin(self, http: aiohttp.ClientSession, dialogue: Dialogue) -> str | None:
        """Opens a conversation; None where the first message does."""

    async def say(self, http: aiohttp.ClientSession, conversation: str | None, text: str) -> tuple[str, str]:
        """(the conversation, the text of the answer); raises `Refused` or `CrossedError`."""


class Ours:
    """Our assistant through its gateway."""

    name = "ours"

    def __init__(self, url: str) -> None:
        self._url = url

    async def begin(self, http: aiohttp.ClientSession, dialogue: Dialogue) -> str | None:
        """Signs in whoever has a number."""
        if dialogue.number is None:
            return None
        body = {"number": dialogue.number}
        async with http.post(f"{self._url}/api/v1/demo/sign-in", json=body) as response:
            answer = await response.json()
            if response.status != 200:
                raise Refused(response.status, answer, response.headers)
            return str(answer["session"])

    async def say(self, http: aiohttp.ClientSession, conversation: str | None, text: str) -> tuple[str, str]:
        """One message and its one reply."""
        body = {"text": text} if conversation is None else {"session": conversation, "text": text}
        async with http.post(f"{self._url}/api/v1/messages", json=body) as response:
            answer = await response.json()
            if response.status != 200:
                raise Refused(response.status, answer, response.headers)
        if conversation not in (None, answer["session"]) or len(answer["messages"]) != 1:
            raise CrossedError(answer)
        return answer["session"], _TIME.sub("", answer["messages"][0]["text"])


class Stock:
    """The stock bot through Rasa's REST channel."""

    name = "stock"

    def __init__(self, url: str) -> None:
        self._url = url

    async def begin(self, http: aiohttp.ClientSession, dialogue: Dialogue) -> str | None:
        """Rasa takes any name for a conversation."""
        return uuid.uuid4().hex

    async def say(self, http: aiohttp.ClientSession, conversation: str | None, text: str) -> tuple[str, str]:
        """One message and its one reply."""
        body = {"sender": conversation, "message": text}
        async with http.post(f"{self._url}/webhooks/rest/webhook", json=body) as response:
            answer = await response.json()
            if response.status != 200:
                raise Refused(response.status, answer, response.headers)
        if len(answer) != 1 or answer[0]["recipient_id"] != conversation:
            raise CrossedError(answer)
        return str(conversation), str(answer[0]["text"])
