"""Composes the reply to a resolved message: rules from `knowledge`, verdicts from `eligibility`."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from actions.blocks import AskedData, Block, ChecklistBlock, CitationData, TextBlock
from actions.conversation.context import Choice, Context, Request
from actions.conversation.resolve import AskBack, Asked, AskOn, BadChoice
from actions.conversation.wording import aspect_label, say, suggestions
from actions.identity import mask_number
from actions.reply import Reply
from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.identifiers import Aspect, Ownership, Role
from knowledge.model import Operation, RuleBase

# The aspects people ask for next, in the order in which they are offered.
_OFFERED: tuple[Aspect, ...] = ("documents", "conditions", "eligibility", "channels", "fee", "time_limit")
_OFFERED_AT_ONCE = 3
# Statuses whose first sentence is a full answer; the others are shown as gaps in the rules.
_NO_GAP = {"stated", "partial", "contradictory"}
# Answers whose list is worked off item by item; the others only enumerate.
_TICKED: tuple[Aspect | None, ...] = ("documents", "procedure")
# Answers with something to take along on paper.
_PRINTED: tuple[Aspect, ...] = ("documents", "overview", "procedure")


def label(rules: RuleBase, request: Request) -> str:
    """The text of a choice, which understands itself when it is sent back as a question."""
    if request.topic:
        return rules.topics[request.topic].name
    return aspect_label(rules.operations[request.operation or ""].name, request.aspect)


def rule_reply(
    rules: RuleBase, asked: Asked, role: Role, on: date, checkable: Callable[[str], bool]
) -> tuple[Reply, Context]:
    """The rules that answer `asked`, and what the conversation remembers after it."""
    answers = [_answer(rules, request, role, on) for request in asked.requests]
    blocks: list[Block] = []
    for request, answer in zip(asked.requests, answers, strict=True):
        # What is answered is named where it may be mistaken.
        if len(answers) > 1 or asked.assumed:
            blocks.append({"type": "text", "text": say("heading", subject=label(rules, request))})
        blocks.extend(answer_blocks(answer))
    citations = unique_citations(answers)
    if citations:
        blocks.append({"type": "citations", "items": citations})
    last = asked.requests[-1]
    answered = {request.aspect for request in asked.requests if request.operation == last.operation}
    choices = next_choices(rules, last, checkable(last.operation or ""), answered)
    return (
        Reply(
            decision="answer",
            blocks=blocks,
            choices=[choice.label for choice in choices],
            operations=list(dict.fromkeys(r.operation for r in asked.requests if r.operation)),
            aspect=None if last.topic else last.aspect,
            topic=last.topic,
            ownership=last.ownership,
            citations=citations,
            asked=[asked_data(request) for request in asked.requests],
        ),
        remember(last, choices),
    )


def asked_data(request: Request) -> AskedData:
    """What a request asks for, as a reply names it."""
    return {
        "operation": request.operation,
        "aspect": None if request.topic else request.aspect,
        "topic": request.topic,
        "ownership": request.ownership,
    }


def remember(request: Request, choices: tuple[Choice, ...]) -> Context:
    """What the conversation is about after `request` was answered."""
    return Context(
        operation=request.operation,
        topic=request.topic,
        aspect=None if request.topic else request.aspect,
        ownership=request.ownership,
        number=request.number,
        choices=choices,
    )


def _answer(rules: RuleBase, request: Request, role: Role, on: date) -> Answer:
    if request.topic:
        return answer_topic(rules, request.topic, role, on)
    return answer_operation(rules, request.operation or "", request.aspect, request.ownership, role, on)


def answer_blocks(answer: Answer) -> list[Block]:
    """The blocks of one answer, without its citations."""
    blocks: list[Block] = []
    for part in answer.parts:
        first: TextBlock = {
            "type": "text",
            "text": part.first_line,
            "tone": "plain" if part.status in _NO_GAP else "gap",
        }
        if part.heading:
            first["heading"] = part.heading
        blocks.append(first)
        if part.items:
            checklist: ChecklistBlock = {"type": "checklist", "title": part.title, "items": list(part.items)}
            checklist["marks"] = "boxes" if answer.aspect in _TICKED else "points"
            if answer.operation and answer.aspect in _PRINTED:
                checklist["print"] = printed_page(answer.operation, answer.ownership or part.ownership)
            blocks.append(checklist)
        blocks.extend({"type": "text", "text": change.text, "tone": "warning"} for change in part.changes)
        blocks.extend({"type": "text", "text": note} for note in part.notes)
    return blocks


def printed_page(operation: str, ownership: Ownership | None) -> str:
    """The address of an operation's checklist on paper, on the gateway that serves the chat page."""
    return f"/checklists/{operation}" + (f"?ownership={ownership}" if ownership else "")


def unique_citations(answers: Sequence[Answer]) -> list[CitationData]:
    """Each cited place once, in the order of the answers."""
    places = dict.fromkeys((c.document, c.section) for answer in answers for c in answer.citations)
    return [{"document": document, "section": section} for document, section in places]


def next_choices(
    rules: RuleBase, request: Request, checkable: bool, answered: Collection[Aspect] = ()
) -> tuple[Choice, ...]:
    """What somebody who got the answer to `request` is likely to want next.

    `checkable`: whether account state can be looked at for this operation. `answered`: what else was told with it.
    """
    if not request.operation or not rules.operations[request.operation].answered:
        return ()
    hidden = {request.aspect, *answered} if checkable else {request.aspect, *answered, "eligibility"}
    possible = [aspect for aspect in _OFFERED if aspect not in hidden]
    # What the rules cannot answer is offered last. The sort keeps the order otherwise.
    possible.sort(key=lambda aspect: _only_a_gap(rules.operations[request.operation or ""], aspect))
    aspects = possible[:_OFFERED_AT_ONCE]
    requests = [Request(operation=request.operation, aspect=aspect, ownership=request.ownership) for aspect in aspects]
    return _labelled(rules, requests)


def _only_a_gap(operation: Operation, aspect: Aspect) -> bool:
    """Whether no rule of this aspect says anything to anybody."""
    rules = operation.aspects.get(aspect)
    return rules is not None and all(rule.status in ("lost", "not_stated") for rule in rules.rules)


def ask_back(
    rules: RuleBase,
    resolution: AskBack | AskOn | BadChoice,
    context: Context,
    numbers: Sequence[str],
    checkable: Callable[[str], bool],
) -> tuple[Reply, Context]:
    """Asks for what is missing, with named choices; the subject of the conversation is kept.

    Args:
        rules: what there is to ask about.
        resolution: what could not be made out.
        context: the conversation so far.
        numbers: telephone numbers in the message that may be looked at.
        checkable: whether account state can be looked at for an operation.
    """
    match resolution:
        case BadChoice(offered=0):
            return _clarify(say("no_choices", rules.pack), context, context.choices)
        case BadChoice(number, offered):
            text = say("choice_out_of_range", number=number, last=offered)
            return _clarify(text, context, context.choices)
        case AskBack(None, ()) if numbers:
            return _ask_what_to_check(rules, numbers[0], context, checkable)
        case AskBack():
            return _ask_which(rules, resolution, context)
        case AskOn():
            return _ask_on(rules, context, numbers, checkable)


def _ask_what_to_check(
    rules: RuleBase, number: str, context: Context, checkable: Callable[[str], bool]
) -> tuple[Reply, Context]:
    """A number and nothing else: what is to be checked of it?"""
    operations = [one.operation for one in rules.pack.suggestions] + list(rules.pack.common_operations)
    requests = [
        Request(operation=operation, aspect="eligibility", number=number)
        for operation in dict.fromkeys(operations)
        if checkable(operation)
    ]
    choices = _labelled(rules, requests[:_OFFERED_AT_ONCE])
    return _clarify(say("number_noted", number=mask_number(number)), context, choices)


def _ask_on(
    rules: RuleBase, context: Context, numbers: Sequence[str], checkable: Callable[[str], bool]
) -> tuple[Reply, Context]:
    """The subject is known, but not what is asked about it."""
    if numbers:
        return _ask_what_to_check(rules, numbers[0], context, checkable)
    subject = Request(context.operation, context.topic, context.aspect or "overview", context.ownership)
    choices = next_choices(rules, subject, checkable(context.operation or ""))
    name = rules.operations[context.operation].name if context.operation else rules.topics[context.topic or ""].name
    return _clarify(say("ask_on" if choices else "ask_on_topic", name=name), context, choices)


def _ask_which(rules: RuleBase, asked: AskBack, context: Context) -> tuple[Reply, Context]:
    """Which operation or topic is meant; whose account it is, where that was said, is not asked again."""
    key, offered = _guesses(rules, asked)
    if asked.ownership is None:
        return _clarify(say(key, rules.pack), context, offered)
    noted = say("ownership_noted", ownership=rules.wording.ownerships[asked.ownership])
    choices = tuple(Choice(one.label, replace(one.request, ownership=asked.ownership)) for one in offered)
    return _clarify(noted + say(key, rules.pack), replace(context, ownership=asked.ownership), choices)


def _guesses(rules: RuleBase, asked: AskBack) -> tuple[str, tuple[Choice, ...]]:
    """How to ask back, and what may be meant."""
    if asked.alternatives:
        requests = [
            Request(operation=one.operation, topic=one.topic, aspect=one.aspect or asked.aspect or "overview")
            for one in asked.alternatives[:_OFFERED_AT_ONCE]
        ]
        # What we had offered before is no guess: only the question stands.
        if not any(one.confidence for one in asked.alternatives):
            return "clarify_operation", _labelled(rules, requests)
        return "clarify" if len(requests) > 1 else "clarify_one", _labelled(rules, requests)
    if asked.aspect:
        common = [Request(operation=one, aspect=asked.aspect) for one in rules.pack.common_operations]
        return "clarify_operation", _labelled(rules, common)
    return "clarify_operation" if asked.ownership else "clarify_nothing", suggestions(rules.pack)


def _labelled(rules: RuleBase, requests: Iterable[Request]) -> tuple[Choice, ...]:
    return tuple(Choice(label(rules, request), request) for request in requests)


def with_rest(rules: RuleBase, rest: Sequence[Request], reply: Reply, context: Context) -> tuple[Reply, Context]:
    """The reply that offers first what was asked for as well but would have been too much at once."""
    if not rest:
        return reply, context
    asked = _labelled(rules, rest)
    choices = tuple(dict.fromkeys((*asked, *context.choices)))[: max(_OFFERED_AT_ONCE, len(asked))]
    more: Block = {"type": "text", "text": say("rest")}
    reply = replace(reply, blocks=[*reply.blocks, more], choices=[choice.label for choice in choices])
    return reply, replace(context, choices=choices)


def prefixed(notice: str, reply: Reply, tone: Literal["plain", "warning"] = "plain") -> Reply:
    """`reply` with a first paragraph."""
    first: Block = {"type": "text", "text": notice, "tone": tone}
    return replace(reply, blocks=[first, *reply.blocks])


def _clarify(text: str, context: Context, choices: tuple[Choice, ...]) -> tuple[Reply, Context]:
    reply = Reply(
        decision="clarify",
        blocks=[{"type": "text", "text": text}],
        choices=[choice.label for choice in choices],
    )
    return reply, replace(context, choices=choices)
