"""Replies that do not depend on what the rules say: small talk, hand-over to a person."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.respond import Turn, fixed_reply
from actions.rule_base import rules
from actions.turns import send
from knowledge.identifiers import Decision


class FixedReply(Action, ABC):  # type: ignore[misc]  # rasa-sdk has no type information
    """An action that always says the same; abstract, so that the action server does not register it."""

    decision: ClassVar[Decision]

    @abstractmethod
    def name(self) -> str:
        """The name in domain.yml."""

    def wording(self, turn: Turn) -> str:
        """The key of the sentence in `wording.yml`."""
        return self.decision

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Sends one reply."""
        return await send(
            dispatcher,
            tracker,
            lambda turn: fixed_reply(self.decision, self.wording(turn), turn.context, rules().pack),
        )


class ActionSmallTalk(FixedReply):
    """Greeting, thanks, goodbye, who are you, abuse."""

    decision = "chitchat"

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_small_talk"

    def wording(self, turn: Turn) -> str:
        """Each kind of small talk has its own sentence."""
        return turn.understanding.small_talk or "greet"


class ActionHandoff(FixedReply):
    """Asks for a person."""

    decision = "handoff"

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_handoff"
