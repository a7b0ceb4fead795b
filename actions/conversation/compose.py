"""Composes the reply to a resolved message: rules from `knowledge`, verdicts from `eligibility`."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from actions.blocks import Block, ChecklistBlock, CitationData, TextBlock
from actions.conversation.context import Choice, Context, Request
from actions.conversation.resolve import AskBack, Asked, BadChoice
from actions.conversation.wording import aspect_label, say, suggestions
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
        if len(answers) > 1:
            blocks.append({"type": "text", "text": say("heading", subject=label(rules, request))})
        blocks.extend(answer_blocks(answer))
    citations = unique_citations(answers)
    if citations:
        blocks.append({"type": "citations", "items": citations})
    last = asked.requests[-1]
    choices = next_choices(rules, last, checkable(last.operation or ""))
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
        ),
        remember(last, choices),
    )


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


def next_choices(rules: RuleBase, request: Request, checkable: bool) -> tuple[Choice, ...]:
    """What somebody who got the answer to `request` is likely to want next.

    `checkable`: whether account state can be looked at for this operation.
    """
    if not request.operation or not rules.operations[request.operation].answered:
        return ()
    hidden = {request.aspect} if checkable else {request.aspect, "eligibility"}
    possible = [aspect for aspect in _OFFERED if aspect not in hidden]
    # What the rules cannot answer is offered last. The sort keeps the order otherwise.
    possible.sort(key=lambda aspect: _only_a_gap(rules.operations[request.operation or ""], aspect))
    aspects = possible[:_OFFERED_AT_ONCE]
    requests = [Request(operation=request.operation, aspect=aspect, ownership=request.ownership) for aspect in aspects]
    return tuple(Choice(label(rules, r), r) for r in requests)


def _only_a_gap(operation: Operation, aspect: Aspect) -> bool:
    """Whether no rule of this aspect says anything to anybody."""
    rules = operation.aspects.get(aspect)
    return rules is not None and all(rule.status in ("lost", "not_stated") for rule in rules.rules)


def ask_back(rules: RuleBase, resolution: AskBack | BadChoice, context: Context) -> tuple[Reply, Context]:
    """Asks for what is missing, with named choices; the subject of the conversation is kept."""
    if isinstance(resolution, BadChoice):
        if not resolution.offered:
            return _clarify(say("no_choices", rules.pack), context, context.choices)
        text = say("choice_out_of_range", number=resolution.number, last=resolution.offered)
        return _clarify(text, context, context.choices)
    choices = []
    for alternative in resolution.alternatives:
        request = Request(
            operation=alternative.operation,
            topic=alternative.topic,
            aspect=alternative.aspect or resolution.aspect or "overview",
            ownership=resolution.ownership,
        )
        choices.append(Choice(label(rules, request), request))
    if choices:
        key = "clarify" if len(choices) > 1 else "clarify_one"
        return _clarify(say(key), context, tuple(choices[:_OFFERED_AT_ONCE]))
    if resolution.aspect:
        requests = [
            Request(operation=operation, aspect=resolution.aspect, ownership=resolution.ownership)
            for operation in rules.pack.common_operations
        ]
        offered = tuple(Choice(label(rules, request), request) for request in requests)
        return _clarify(say("clarify_operation"), context, offered)
    return _clarify(say("clarify_nothing"), context, suggestions(rules.pack))


def _clarify(text: str, context: Context, choices: tuple[Choice, ...]) -> tuple[Reply, Context]:
    reply = Reply(
        decision="clarify",
        blocks=[{"type": "text", "text": text}],
        choices=[choice.label for choice in choices],
    )
    return reply, replace(context, choices=choices)
