"""Answers from the rules, in context; asks back where it is not clear what is meant."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import account_check, company_checks
from actions.conversation.respond import respond
from actions.rule_base import rules
from actions.rule_sources import rule_sources
from actions.turns import send


class ActionAnswer(Action):  # type: ignore[misc]  # rasa-sdk has no type information
    """A rule, a topic, a verdict where the context asks for one, or a question back."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Sends one reply."""
        return await send(
            dispatcher, tracker, lambda turn: respond(turn, rules(), account_check, rule_sources, company_checks)
        )


class ActionCheckEligibility(ActionAnswer):
    """「我现在能办吗」: the same resolution; the aspect of the understanding makes it a check of the account."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_check_eligibility"


class ActionOutOfScope(ActionAnswer):
    """Not about the operator's services at all, unless the conversation makes it so."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_out_of_scope"


class ActionOtherService(ActionAnswer):
    """About the operator's services, but not in the rules, unless the conversation makes it so."""

    def name(self) -> str:
        """The name in domain.yml."""
        return "action_other_service"
