"""A person talking to the running system over HTTP."""

from collections.abc import Callable
from typing import Any

import requests

from actions.identity import Identity

TIMEOUT_SECONDS = 30


class Talk:
    """One conversation. Sign in first for one with an identity."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session: str | None = None

    def sign_in(self, number: str | None = None, *, staff: bool = False) -> "Talk":
        """Signs in with a demo number, or as staff."""
        body = {"role": "staff"} if staff else {"number": number}
        response = requests.post(
            f"{self.url}/api/v1/demo/sign-in", json={**body, "session": self.session}, timeout=TIMEOUT_SECONDS
        )
        response.raise_for_status()
        self.session = response.json()["session"]
        return self

    def post(self, text: object) -> requests.Response:
        """The raw answer to one message."""
        body = {"text": text} if self.session is None else {"text": text, "session": self.session}
        return requests.post(f"{self.url}/api/v1/messages", json=body, timeout=TIMEOUT_SECONDS)

    def say(self, text: str) -> dict[str, Any]:
        """The one reply to one message."""
        response = self.post(text)
        assert response.status_code == 200, response.text
        self.session = response.json()["session"]
        messages = response.json()["messages"]
        assert len(messages) == 1
        return dict(messages[0])


# Begins a conversation of somebody who is signed in, or of nobody in particular.
TalkAs = Callable[[Identity | None], Talk]


def subject(reply: dict[str, Any]) -> tuple[str, str | None, str | None]:
    """Decision, operation and aspect of a reply."""
    return reply["decision"], reply["operation"], reply["aspect"]
