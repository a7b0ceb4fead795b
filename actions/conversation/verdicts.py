"""Composes replies to 「我现在能不能办」: which number is meant, may it be looked at, and what the verdict says."""

from dataclasses import dataclass, replace
from typing import Any

from actions.blocks import Block, CitationData, ConditionData, VerdictBlock
from actions.conversation.compose import asked_data, label, remember
from actions.conversation.context import Choice, Context, Request
from actions.conversation.moments import moments_of
from actions.conversation.wording import say
from actions.eligibility.wording import say as say_of_verdict
from actions.eligibility.wording import status_name
from actions.identity import Identity, mask_number
from actions.reply import Reply
from actions.understanding import Understanding
from knowledge.identifiers import Role
from knowledge.model import Pack, RuleBase


@dataclass(frozen=True, slots=True)
class Subject:
    """The number to look at."""

    number: str


@dataclass(frozen=True, slots=True)
class NoSubject:
    """No number may be looked at, or it is not clear which; `choices` are the numbers to pick from."""

    text: str
    choices: tuple[Choice, ...] = ()


def choose_number(
    identity: Identity, understanding: Understanding, request: Request, context: Context, pack: Pack
) -> Subject | NoSubject:
    """The number a signed-in person asks about. A customer only ever gets at a number of their own sign-in.

    The handler of a unit may name any number: whether it is the unit's is seen when it is looked at.
    """
    named = request.number or next(iter(understanding.numbers), None)
    if identity.role == "staff":
        if not identity.accounts:
            return NoSubject(say("no_accounts"))
        return _number_for_staff(named, understanding, context, pack)
    own = identity.numbers
    if named:
        return Subject(named) if named in own or identity.organization else NoSubject(not_theirs(named))
    if identity.organization and not (own and (understanding.tails or understanding.other_number)):
        # The unit has more numbers than those of the sign-in, so the one talked about is as good as any of those.
        if not (understanding.tails or understanding.other_number) and context.number:
            return Subject(context.number)
        if not own:
            return NoSubject(say("which_number_staff", pack))
    if not own:
        return NoSubject(say("no_number", pack))
    if understanding.tails:
        own = tuple(number for number in own if number.endswith(understanding.tails))
        if not own:
            return NoSubject(say("not_your_number", number="、".join(understanding.tails)))
    elif understanding.other_number and context.number:
        own = tuple(number for number in own if number != context.number)
        if not own:
            return NoSubject(say("only_number", number=mask_number(context.number)))
    elif context.number in own:
        return Subject(str(context.number))
    if len(own) == 1:
        return Subject(own[0])
    choices = tuple(Choice(mask_number(n), replace(request, number=n)) for n in own)
    return NoSubject(say("which_number"), choices)


def not_theirs(number: str) -> str:
    """What is said of every number that is not theirs, whether there is one or not."""
    return say("not_your_number", number=mask_number(number))


def _number_for_staff(
    named: str | None, understanding: Understanding, context: Context, pack: Pack
) -> Subject | NoSubject:
    remembered = None if understanding.other_number else context.number
    if remembered and understanding.tails and not remembered.endswith(understanding.tails):
        remembered = None
    number = named or remembered
    return Subject(number) if number else NoSubject(say("which_number_staff", pack))


def verdict_block(verdict: dict[str, Any], role: Role, pack: Pack) -> VerdictBlock:
    """The card of one verdict: customers see what stands in the way, staff see every condition."""
    conditions = verdict["conditions"]

    def texts(state: str) -> list[str]:
        return [condition["text"] for condition in conditions if condition["state"] == state]

    scope = verdict["applies"]["text"]
    block: VerdictBlock = {
        "type": "verdict",
        "status": verdict["status"],
        "status_text": status_name(verdict["status"]),
        "title": verdict["title"],
        "number": verdict["number"],
        "reasons": texts("unmet"),
        "unknowns": [*([scope] if scope and verdict["status"] != "not_applicable" else []), *texts("unknown")],
        "steps": verdict["steps"],
        "notices": [notice for notice, _ in _notices(verdict, role)],
        "earliest": verdict["earliest"]["date"],
        "earliest_certain": verdict["earliest"]["certain"],
    }
    if moments := moments_of(verdict):
        block["moments"] = moments
    if role == "staff":
        block["conditions"] = _table(verdict)
    elif block["unknowns"] and block["earliest"]:
        block["verify"] = say("verify", pack)
    return block


def _notices(verdict: dict[str, Any], role: Role) -> list[tuple[str, CitationData]]:
    """The notices that somebody of this role may read, with where they stand."""
    rows = zip(verdict["notices"], verdict["notice_citations"], verdict["notice_audiences"], strict=True)
    return [(notice, citation) for notice, citation, audience in rows if role == "staff" or audience == "all"]


def _table(verdict: dict[str, Any]) -> list[ConditionData]:
    """Every condition with the facts behind it, after whether the operation applies to the number at all."""
    applies = verdict["applies"]
    rows = [applies, *verdict["conditions"]] if applies["fact_details"] else verdict["conditions"]
    return [
        {
            "state": row["state"],
            "state_text": say_of_verdict(f"state_{row['state']}"),
            "requirement": row["requirement"],
            "facts": [
                {"label": fact["label"], "value": fact["shown"], "note": fact["note"]} for fact in row["fact_details"]
            ],
            "citation": row["citation"],
            "remedy": remedy["text"] if (remedy := row.get("remedy")) else None,
        }
        for row in rows
    ]


def cited_places(verdict: dict[str, Any], role: Role) -> list[CitationData]:
    """What the verdict rests on: all conditions for staff or where it is allowed, else those that stand in the way."""
    everything = role == "staff" or verdict["status"] == "allowed"
    rows = [verdict["applies"], *verdict["conditions"]]
    shown = [row["citation"] for row in rows if everything or row["state"] != "met"]
    shown += [citation for _, citation in _notices(verdict, role)]
    places = dict.fromkeys((citation["document"], citation["section"]) for citation in shown if citation)
    return [{"document": document, "section": section} for document, section in places]


def verdict_reply(
    rules: RuleBase, request: Request, number: str, verdict: dict[str, Any], role: Role
) -> tuple[Reply, Context]:
    """The reply that shows a verdict."""
    operation = rules.operations[request.operation or ""]
    citations = cited_places(verdict, role)
    blocks: list[Block] = [verdict_block(verdict, role, rules.pack)]
    if citations:
        blocks.append({"type": "citations", "items": citations})
    asked = replace(request, number=number, supposing=None)
    choices = tuple(
        Choice(label(rules, follow), follow)
        for follow in (replace(asked, aspect="documents"), replace(asked, aspect="channels"))
    )
    reply = Reply(
        decision="answer",
        blocks=blocks,
        choices=[choice.label for choice in choices],
        operations=[operation.id],
        aspect="eligibility",
        ownership=request.ownership,
        verdict=verdict,
        citations=citations,
        asked=[asked_data(request)],
    )
    return reply, remember(asked, choices)


def without_number(request: Request, text: str, choices: tuple[Choice, ...], context: Context) -> tuple[Reply, Context]:
    """The reply where no number can be looked at; nothing about any account is said."""
    reply = Reply(
        decision="clarify" if choices else "answer",
        blocks=[{"type": "text", "text": text, "tone": "warning"}],
        choices=[choice.label for choice in choices],
        operations=[request.operation] if request.operation else [],
        aspect="eligibility",
        ownership=request.ownership,
    )
    return reply, replace(context, operation=request.operation, topic=None, aspect="eligibility", choices=choices)
