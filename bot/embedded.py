"""The whole assistant inside this process: trained model and actions, no ports. For the terminal and for tests."""

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor

from actions.identity import Identity
from actions.privacy.envelope import put_in
from bot.assistant import AssistantUnavailable
from bot.channel import IncomingMessage, ReplyCollector, user_message


class _LocalActions(EndpointConfig):  # type: ignore[misc]  # Rasa has no type information
    """An action endpoint that runs the actions here instead of posting to a server."""

    def __init__(self) -> None:
        super().__init__(url="http://actions.invalid", enable_selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Runs the action that the request names."""
        result: dict[str, Any] | None = await self._executor.run(kwargs["json"])
        return result


class Embedded:
    """Answers messages with a model loaded into this process; implements `bot.assistant.Assistant`."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent

    @classmethod
    def load(cls, model: Path) -> "Embedded":
        """Loads a trained model; takes a few seconds."""
        return cls(Agent.load(str(model), action_endpoint=_LocalActions()))

    async def reply(self, conversation: str, text: str, identity: Identity | None) -> list[dict[str, Any]]:
        """The replies to one message; conversations are kept in memory as long as this object lives."""
        collector = ReplyCollector()
        masked, sealed = put_in(conversation, text, identity)
        message = IncomingMessage(conversation, masked, sealed, None)
        await self._agent.handle_message(user_message(message, collector))
        if not collector.messages:
            raise AssistantUnavailable("The action sent no reply.")
        return list(collector.messages)
