"""One message in, one reply out: the entrance that the Rasa actions share."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from actions.blocks import Block, CitationData
from actions.conversation.compose import ask_back, rule_reply
from actions.conversation.context import Context, Request
from actions.conversation.passages import with_passages
from actions.conversation.resolve import AskBack, Asked, resolve
from actions.conversation.verdicts import NoSubject, choose_number, prefixed, verdict_reply, without_number
from actions.conversation.wording import say, suggestions
from actions.identity import Identity, mask_number
from actions.reply import Reply
from actions.understanding import Understanding
from knowledge.identifiers import Decision, Role
from knowledge.model import Pack, RuleBase
from knowledge.sources import Sources


class NotCoveredError(Exception):
    """No eligibility rules are written for this operation."""


class AccountsUnavailableError(Exception):
    """Account state cannot be read now."""


class AccountChecks(Protocol):
    """Verdicts on numbers, from account state."""

    def covers(self, operation: str) -> bool:
        """Whether there are eligibility rules for the operation that read account state."""
        ...

    def check(self, number: str, operation: str, on: date, role: Role) -> dict[str, Any] | None:
        """The verdict's JSON as the command line contract has it; None where the number is not known.

        Raises `NotCoveredError` or `AccountsUnavailableError`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with everything that decides its answer."""

    text: str
    understanding: Understanding
    context: Context
    identity: Identity | None
    on: date

    @property
    def role(self) -> Role:
        """Staff only where the channel said so; everybody else is a customer."""
        return self.identity.role if self.identity else "customer"


def respond(
    turn: Turn, rules: RuleBase, checks: AccountChecks, sources: Callable[[RuleBase], Sources | None] = lambda _: None
) -> tuple[Reply, Context]:
    """The reply to one message, and what the conversation remembers after it.

    Args:
        turn: the message.
        rules: what answers it.
        checks: verdicts on numbers.
        sources: the documents that staff get the passages of, where there is a copy.
    """
    reply, context = _reply(turn, rules, checks)
    reply = replace(reply, rules_version=rules.version)
    if turn.role == "staff" and (documents := sources(rules)):
        reply = with_passages(reply, documents)
    return reply, context


def _reply(turn: Turn, rules: RuleBase, checks: AccountChecks) -> tuple[Reply, Context]:
    resolution = resolve(turn.understanding, turn.context, turn.text)
    if not isinstance(resolution, Asked):
        if turn.understanding.small_talk:
            return fixed_reply("chitchat", turn.understanding.small_talk, turn.context, rules.pack)
        number_only = _number_for_pending_check(turn)
        if number_only is None:
            return ask_back(rules, resolution, turn.context)
        resolution = Asked((number_only,))
    checked = {request.operation for request in resolution.requests if request.aspect == "eligibility"}
    # A check tells the conditions, by the account or in general: they are not told twice.
    answered_by_check = {"eligibility", "conditions"}
    plain = tuple(r for r in resolution.requests if r.operation not in checked or r.aspect not in answered_by_check)
    replies: list[tuple[Reply, Context]] = []
    if plain:
        replies.append(rule_reply(rules, replace(resolution, requests=plain), turn.role, turn.on, checks.covers))
    replies += [
        _check(turn, request, rules, checks) for request in resolution.requests if request.aspect == "eligibility"
    ]
    return _joined(replies)


def _number_for_pending_check(turn: Turn) -> Request | None:
    """A bare number answers our own question which number is meant."""
    waiting = turn.context.aspect == "eligibility" and turn.context.operation
    if waiting and turn.understanding.numbers and not turn.understanding.operations:
        return Request(operation=turn.context.operation, aspect="eligibility")
    return None


def _check(turn: Turn, request: Request, rules: RuleBase, checks: AccountChecks) -> tuple[Reply, Context]:
    if request.operation is None:
        return ask_back(rules, AskBack(aspect="eligibility"), turn.context)
    if turn.identity is None:
        if not checks.covers(request.operation):
            return _not_covered(turn, request, rules)
        return _general(turn, request, rules, say("sign_in", rules.pack))
    subject = choose_number(turn.identity, turn.understanding.numbers, request, turn.context, rules.pack)
    if isinstance(subject, NoSubject):
        return without_number(request, subject.text, subject.choices, turn.context)
    try:
        verdict = checks.check(subject.number, request.operation, turn.on, turn.role)
    except NotCoveredError:
        return _not_covered(turn, request, rules)
    except AccountsUnavailableError:
        return _general(turn, request, rules, say("accounts_unavailable"))
    if verdict is None:
        text = say("unknown_number", rules.pack, number=mask_number(subject.number))
        return without_number(request, text, (), turn.context)
    return verdict_reply(rules, request, subject.number, verdict, turn.role)


def _not_covered(turn: Turn, request: Request, rules: RuleBase) -> tuple[Reply, Context]:
    name = rules.operations[request.operation or ""].name
    return _general(turn, request, rules, say("eligibility_not_covered", name=name))


def _general(turn: Turn, request: Request, rules: RuleBase, notice: str) -> tuple[Reply, Context]:
    """The general conditions, with the reason why no verdict is given."""
    reply, context = rule_reply(
        rules, Asked((replace(request, aspect="conditions"),)), turn.role, turn.on, lambda _: False
    )
    return prefixed(notice, reply), replace(context, aspect="eligibility")


def _joined(replies: list[tuple[Reply, Context]]) -> tuple[Reply, Context]:
    """Several replies as one: all blocks, the citations once at the end, the choices of the last."""
    last, context = replies[-1]
    if len(replies) == 1:
        return last, context
    blocks: list[Block] = [b for reply, _ in replies for b in reply.blocks if b["type"] != "citations"]
    citations: list[CitationData] = []
    for reply, _ in replies:
        citations += [place for place in reply.citations if place not in citations]
    blocks.append({"type": "citations", "items": citations})
    joined = replace(
        last,
        blocks=blocks,
        citations=citations,
        operations=list(dict.fromkeys(operation for reply, _ in replies for operation in reply.operations)),
    )
    return joined, context


# After these the user does not know yet what to ask, so questions are offered.
_WITH_SUGGESTIONS = {"greet", "ask_bot", "out_of_scope"}


def fixed_reply(decision: Decision, key: str, context: Context, pack: Pack) -> tuple[Reply, Context]:
    """A reply that does not depend on the rules; the subject of the conversation is kept for a return to it."""
    choices = suggestions(pack) if key in _WITH_SUGGESTIONS else ()
    reply = Reply(
        decision=decision,
        blocks=[{"type": "text", "text": say(key, pack)}],
        choices=[choice.label for choice in choices],
    )
    return reply, replace(context, choices=choices)
