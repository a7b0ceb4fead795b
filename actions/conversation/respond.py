"""One message in, one reply out: the entrance that the Rasa actions share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Any, Final, Protocol

from actions.blocks import Block, CitationData
from actions.conversation.company import (
    CompanyChecks,
    asks_about_a_company,
    asks_about_own_company,
    company_reply,
    is_called,
    overview_reply,
)
from actions.conversation.compose import ask_back, prefixed, rule_reply, with_rest
from actions.conversation.context import Context, Request
from actions.conversation.passages import with_passages
from actions.conversation.resolve import AskBack, Asked, Resolution, resolve
from actions.conversation.subject import about_the_subject, of_the_same_document
from actions.conversation.supposing import NotSupposed, concerns, is_unread, supposed, with_supposition
from actions.conversation.verdicts import NoSubject, choose_number, not_theirs, verdict_reply, without_number
from actions.conversation.wording import say, suggestions
from actions.identity import Identity, mask_number
from actions.plain_text import plain_text
from actions.reply import Reply
from actions.understanding import Understanding
from knowledge.facts import Value
from knowledge.identifiers import Decision, Role
from knowledge.model import Pack, RuleBase
from knowledge.sources import Sources

# More answers than this in one reply are no longer read by anybody.
_MOST_AT_ONCE: Final = 3
NOT_OURS: Final[tuple[Decision, ...]] = ("other_service", "out_of_scope")


class NotCoveredError(Exception):
    """No eligibility rules are written for this operation."""


class AccountsUnavailableError(Exception):
    """Account state cannot be read now."""


class LookNotRecordedError(Exception):
    """The look cannot be put on record now, so nothing of the account may be told."""


class NotTheirsError(Exception):
    """The number is not in the name of whoever asks, or of the unit that they act for, today."""


class HolderUnknownError(Exception):
    """It cannot be seen in whose name the number is."""


class AccountChecks(Protocol):
    """Verdicts on numbers, from account state."""

    def covers(self, operation: str) -> bool:
        """Whether there are eligibility rules for the operation that read account state."""
        ...

    def never_applies(self, operation: str) -> str | None:
        """The sentence for an operation of which the rules make nothing depend on an account."""
        ...

    def check(
        self, number: str, operation: str, on: date, identity: Identity, assumed: Mapping[str, Value] | None = None
    ) -> dict[str, Any] | None:
        """The verdict's JSON as the command line contract has it, as if the assumed facts were so.

        None where the number is not known.

        `identity` is who looks, for the wording, for the audit trail, and for whose number it must be.
        Raises `NotCoveredError`, `AccountsUnavailableError`, `LookNotRecordedError`, `NotTheirsError` or
        `HolderUnknownError`.
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
    # Whose words the answer is in, where that is not who asks.
    reader: Role | None = None

    @property
    def words_for(self) -> Role:
        """Who is to read the answer: what it says of the rules is what that role may read."""
        return self.reader or self.role

    @property
    def role(self) -> Role:
        """Staff only where the channel said so; everybody else is a customer."""
        return self.identity.role if self.identity else "customer"

    @property
    def named_numbers(self) -> tuple[str, ...]:
        """The telephone numbers in the message that this person may ask about; whose they are is seen when one is looked at."""
        if self.identity is None:
            return ()
        own, any_number = self.identity.numbers, self.role == "staff" or self.identity.organization
        return tuple(n for n in self.understanding.numbers if any_number or n in own)

    def only_goes_on_about_its_topic(self, requests: tuple[Request, ...]) -> bool:
        """Whether the topic of the conversation is asked for again without being named."""
        topics = {request.topic for request in requests}
        return topics == {self.context.topic} and self.understanding.topic is None and self.context.topic is not None


def respond(
    turn: Turn,
    rules: RuleBase,
    checks: AccountChecks,
    sources: Callable[[RuleBase], Sources | None] = lambda _: None,
    companies: CompanyChecks | None = None,
) -> tuple[Reply, Context]:
    """The reply to one message, and what the conversation remembers after it.

    Args:
        turn: the message.
        rules: what answers it.
        checks: verdicts on numbers.
        sources: the documents that staff get the passages of, where there is a copy.
        companies: verdicts on all numbers of a company, where they can be had.
    """
    organization = turn.identity.organization if turn.identity else None
    if organization and asks_about_own_company(turn.understanding, turn.text):
        request = Request(operation=turn.understanding.operations[0], aspect="eligibility", customer=organization)
        reply, context = _company(turn, request, rules, checks, companies)
    elif asks_about_a_company(turn.understanding, turn.text) and (companies or turn.role != "staff"):
        request = Request(operation=turn.understanding.operations[0], aspect="eligibility")
        reply, context = _company(turn, request, rules, checks, companies)
    elif picked := _picked_company(turn):
        reply, context = _company(turn, picked, rules, checks, companies)
    else:
        checks = _Remembered(checks)
        reply, context = _reply(turn, rules, checks)
        if turn.role == "staff" and reply.asked:
            # Composed anew for a customer: cutting would have to know everything that is internal.
            told, _ = _reply(replace(turn, reader="customer"), rules, checks)
            reply = replace(reply, copy=plain_text(told.blocks, ()))
    reply = replace(reply, rules_version=rules.version)
    named = turn.named_numbers[:1] or (context.number or turn.context.number,)
    context = replace(context, number=named[0])
    if turn.role == "staff" and (documents := sources(rules)):
        reply = with_passages(reply, documents)
    return reply, context


class _Remembered:
    """The checks of one turn: what has been looked at once is not looked at again, nor put on record twice."""

    def __init__(self, checks: AccountChecks) -> None:
        self._checks = checks
        self._seen: dict[object, dict[str, Any] | Exception | None] = {}
        self.covers = checks.covers
        self.never_applies = checks.never_applies

    def check(
        self, number: str, operation: str, on: date, identity: Identity, assumed: Mapping[str, Value] | None = None
    ) -> dict[str, Any] | None:
        key = (number, operation, on, tuple(sorted((assumed or {}).items())))
        if key not in self._seen:
            try:
                self._seen[key] = self._checks.check(number, operation, on, identity, assumed)
            except (NotCoveredError, AccountsUnavailableError, LookNotRecordedError) as error:
                self._seen[key] = error
        found = self._seen[key]
        if isinstance(found, Exception):
            raise found
        return found


def _picked_company(turn: Turn) -> Request | None:
    """The company that the message takes from those offered, if it does."""
    if not any(choice.request.customer for choice in turn.context.choices):
        return None
    resolution = resolve(turn.understanding, turn.context, turn.text)
    picked = resolution.requests if isinstance(resolution, Asked) else ()
    return picked[0] if len(picked) == 1 and picked[0].customer else None


def _company(
    turn: Turn, request: Request, rules: RuleBase, checks: AccountChecks, companies: CompanyChecks | None
) -> tuple[Reply, Context]:
    """The answer about all numbers of a company: the one that the request names, or else the message."""
    operation = request.operation or ""
    organization = turn.identity.organization if turn.identity else None
    if turn.identity and turn.role == "staff" and not turn.identity.accounts:
        return without_number(request, say("no_accounts"), (), turn.context)
    if turn.identity is None or companies is None or not (turn.role == "staff" or organization):
        return without_number(request, say("company_for_staff"), (), turn.context)
    if not checks.covers(operation):
        return _not_covered(turn, request, rules, checks)
    try:
        if organization and not request.customer and is_called(organization, turn.text, companies):
            request = replace(request, customer=organization)
        if organization and request.customer != organization:
            return without_number(request, say("company_for_handler"), (), turn.context)
        if request.customer:
            return overview_reply(operation, request.customer, turn.context, turn.on, turn.identity, rules, companies)
        return company_reply(operation, turn.text, turn.context, turn.on, turn.identity, rules, companies)
    except AccountsUnavailableError:
        return _general(turn, request, rules, say("accounts_unavailable"))
    except LookNotRecordedError:
        return _general(turn, request, rules, say("look_not_recorded"))


def _reply(turn: Turn, rules: RuleBase, checks: AccountChecks) -> tuple[Reply, Context]:
    plain = resolve(turn.understanding, turn.context, turn.text)
    resolution = with_supposition(turn.understanding, turn.context, plain, turn.text, rules, turn.on)
    if resolution is plain and (request := _about_the_subject(turn, resolution, rules)):
        resolution = Asked((request,), assumed=True)
    if not isinstance(resolution, Asked):
        if is_unread(turn.understanding, turn.context, turn.text, rules, turn.on):
            check = Request(turn.context.operation, aspect="eligibility")
            return _not_supposed(NotSupposed(say("what_if_unread")), check, turn.context)
        if turn.understanding.small_talk:
            return fixed_reply("chitchat", turn.understanding.small_talk, turn.context, rules.pack)
        if turn.understanding.decision in NOT_OURS:
            return fixed_reply(turn.understanding.decision, turn.understanding.decision, turn.context, rules.pack)
        return ask_back(rules, resolution, turn.context, turn.named_numbers, checks.covers)
    requests = _each_number(resolution.requests, turn)
    now = replace(resolution, requests=requests[:_MOST_AT_ONCE])
    replies = _replies(turn, now, rules, checks)
    reply, context = _joined(replies)
    if also := _also_told(turn, now, rules, checks):
        together, _ = _joined([*replies, *also])
        reply = replace(reply, blocks=together.blocks, citations=together.citations)
    if turn.only_goes_on_about_its_topic(requests):
        reply = prefixed(say("whole_topic", name=rules.topics[turn.context.topic or ""].name), reply)
    if any(word in turn.text for word in rules.pack.operator.others):
        reply = prefixed(say("other_operator", rules.pack), reply, "warning")
    return with_rest(rules, requests[_MOST_AT_ONCE:], reply, context)


def _about_the_subject(turn: Turn, resolution: Resolution, rules: RuleBase) -> Request | None:
    """What a message that names nothing asks about the subject of the conversation, if anything."""
    said, context = turn.understanding, turn.context
    if (
        said.named
        or said.numbers
        or said.choice is not None
        or (context.operation and context.operation in said.operations)
    ):
        return None
    # A bare question for an aspect is certain to name nothing (its confidence is 1).
    is_bare = said.decision == "clarify" and said.confidence < 1 and not said.alternatives
    # Whose account it is asks the same for somebody else, whatever the rules say of them elsewhere.
    if said.decision in NOT_OURS or ((said.follow_up or is_bare) and not said.ownership):
        return about_the_subject(rules, context, said.words, said.aspects, turn.role, turn.on)
    return None if isinstance(resolution, Asked) else of_the_same_document(rules, context, said.alternatives)


def _each_number(requests: tuple[Request, ...], turn: Turn) -> tuple[Request, ...]:
    """A check of several telephone numbers is a check of each."""
    numbers = turn.understanding.numbers
    if len(numbers) < 2:
        return requests
    each = [[replace(one, number=n) for n in numbers] if one.aspect == "eligibility" else [one] for one in requests]
    return tuple(chain.from_iterable(each))


def _replies(turn: Turn, asked: Asked, rules: RuleBase, checks: AccountChecks) -> list[tuple[Reply, Context]]:
    requests = asked.requests
    checked = {request.operation for request in requests if request.aspect == "eligibility"}
    # A check tells the conditions, by the account or in general: they are not told twice.
    answered_by_check = {"eligibility", "conditions"}
    plain = tuple(r for r in requests if r.operation not in checked or r.aspect not in answered_by_check)
    told = [rule_reply(rules, replace(asked, requests=plain), turn.words_for, turn.on, checks.covers)] if plain else []
    verdicts = [_check(turn, request, rules, checks) for request in requests if request.aspect == "eligibility"]
    return [*verdicts, *told] if requests[0].aspect == "eligibility" else [*told, *verdicts]


def _check(turn: Turn, request: Request, rules: RuleBase, checks: AccountChecks) -> tuple[Reply, Context]:
    if request.operation is None:
        return ask_back(rules, AskBack(aspect="eligibility"), turn.context, turn.named_numbers, checks.covers)
    if turn.identity is None:
        if not checks.covers(request.operation):
            return _not_covered(turn, request, rules, checks)
        return _general(turn, request, rules, say("sign_in", rules.pack))
    subject = choose_number(turn.identity, turn.understanding, request, turn.context, rules.pack)
    if isinstance(subject, NoSubject):
        # No number is asked for that would decide nothing.
        if not checks.covers(request.operation):
            return _not_covered(turn, request, rules, checks)
        return without_number(request, subject.text, subject.choices, turn.context)
    try:
        return _checked(turn, turn.identity, request, subject.number, rules, checks)
    except NotTheirsError:
        return without_number(request, not_theirs(subject.number), (), turn.context)
    except HolderUnknownError:
        # Of a number that is not of their sign-in, not even that it exists.
        known = subject.number in turn.identity.numbers
        text = (
            say("holder_unknown", rules.pack, number=mask_number(subject.number))
            if known
            else not_theirs(subject.number)
        )
        return without_number(request, text, (), turn.context)
    except NotCoveredError:
        return _not_covered(turn, request, rules, checks)
    except AccountsUnavailableError:
        return _general(turn, request, rules, say("accounts_unavailable"))
    except LookNotRecordedError:
        return _general(turn, request, rules, say("look_not_recorded"))


def _checked(
    turn: Turn, identity: Identity, request: Request, number: str, rules: RuleBase, checks: AccountChecks
) -> tuple[Reply, Context]:
    """The verdict on a number that may be looked at, as it is or as the message supposes it to be."""
    operation = request.operation or ""
    verdict = checks.check(number, operation, turn.on, identity)
    if verdict is None:
        return without_number(request, say("unknown_number", rules.pack, number=mask_number(number)), (), turn.context)
    so = supposed(request, verdict, rules, turn.on) if request.supposing else None
    if isinstance(so, NotSupposed):
        return _not_supposed(so, replace(request, number=number), turn.context)
    if so is None:
        return verdict_reply(rules, request, number, verdict, turn.words_for)
    verdict = checks.check(number, operation, so.on, identity, so.assumed) or verdict
    reply, context = verdict_reply(rules, request, number, verdict, turn.words_for)
    note: list[Block] = [{"type": "text", "text": so.note, "tone": "warning"}] if so.note else []
    return prefixed(so.lead, replace(reply, blocks=[*reply.blocks, *note])), context


def _also_told(turn: Turn, asked: Asked, rules: RuleBase, checks: AccountChecks) -> list[tuple[Reply, Context]]:
    """What a step that is asked about would mean for the check before, where the rules say anything about that."""
    told = []
    for request in asked.also:
        if turn.identity is None or not checks.covers(request.operation or ""):
            continue
        subject = choose_number(turn.identity, turn.understanding, request, turn.context, rules.pack)
        if isinstance(subject, NoSubject):
            continue
        try:
            verdict = checks.check(subject.number, request.operation or "", turn.on, turn.identity)
            if verdict and concerns(request, verdict, rules, turn.on):
                told.append(_checked(turn, turn.identity, request, subject.number, rules, checks))
        except (AccountsUnavailableError, LookNotRecordedError, NotTheirsError, HolderUnknownError):
            continue
    return told


def _not_supposed(refusal: NotSupposed, request: Request, context: Context) -> tuple[Reply, Context]:
    """Says why nothing can be judged so; the check before stays the subject."""
    reply, remembered = without_number(request, refusal.text, (), context)
    remembered = replace(remembered, number=request.number or context.number, choices=context.choices)
    return replace(reply, decision="clarify"), remembered


def _not_covered(turn: Turn, request: Request, rules: RuleBase, checks: AccountChecks) -> tuple[Reply, Context]:
    operation = rules.operations[request.operation or ""]
    reason = checks.never_applies(operation.id)
    return _general(turn, request, rules, reason or say("eligibility_not_covered", name=operation.name))


def _general(turn: Turn, request: Request, rules: RuleBase, notice: str) -> tuple[Reply, Context]:
    """The general conditions, with the reason why no verdict is given."""
    reply, context = rule_reply(
        rules, Asked((replace(request, aspect="conditions"),)), turn.words_for, turn.on, lambda _: False
    )
    return replace(prefixed(notice, reply, "warning"), aspect="eligibility"), replace(context, aspect="eligibility")


def _joined(replies: list[tuple[Reply, Context]]) -> tuple[Reply, Context]:
    """Several replies as one: all blocks, and the citations once at the end.

    The conversation goes on about the last check, or about the last answer where there is none.
    """
    main, context = next((one for one in reversed(replies) if one[0].aspect == "eligibility"), replies[-1])
    if len(replies) == 1:
        return main, context
    blocks: list[Block] = [b for reply, _ in replies for b in reply.blocks if b["type"] != "citations"]
    citations: list[CitationData] = []
    for reply, _ in replies:
        citations += [place for place in reply.citations if place not in citations]
    if citations:
        blocks.append({"type": "citations", "items": citations})
    joined = replace(
        main,
        blocks=blocks,
        citations=citations,
        operations=list(dict.fromkeys(operation for reply, _ in replies for operation in reply.operations)),
        asked=[one for reply, _ in replies for one in reply.asked],
    )
    return joined, context


# After these the user does not know yet what to ask, so questions are offered.
_WITH_SUGGESTIONS = {"greet", "ask_bot", "out_of_scope"}


def fixed_reply(decision: Decision, key: str, context: Context, pack: Pack) -> tuple[Reply, Context]:
    """A reply that does not depend on the rules; the subject and the choices are kept for a return to them."""
    choices = suggestions(pack) if key in _WITH_SUGGESTIONS else ()
    reply = Reply(
        decision=decision,
        blocks=[{"type": "text", "text": say(key, pack)}],
        choices=[choice.label for choice in choices],
    )
    return reply, replace(context, choices=choices or context.choices)
