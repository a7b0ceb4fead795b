"""The checklist of one operation, to print and take along: made of the answers of `knowledge/answers/` alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Final

from knowledge.answers import Answer, answer_operation
from knowledge.identifiers import OWNERSHIPS, RULE_ASPECTS, Aspect, Ownership, Role, Status
from knowledge.model import Citation, Operation, RuleBase
from knowledge.pages.render import render

# A sentence or two each.
_SHORT: Final[frozenset[Aspect]] = frozenset({"channels", "fee", "time_limit"})


@dataclass(frozen=True, slots=True)
class Block:
    """What is said of one aspect, or once for several of which the same is said; `coming` is what will change."""

    aspects: tuple[Aspect, ...]
    status: Status
    lead: str
    title: str
    items: tuple[str, ...]
    coming: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One sheet of paper: for organizations, for individuals, or (`ownership` is None) for everybody.

    `rows` are the blocks that stand below one another; the short ones of a row stand side by side.
    """

    ownership: Ownership | None
    summary: Block | None
    rows: tuple[tuple[Block, ...], ...]
    citations: tuple[Citation, ...]


def checklist_page(
    rules: RuleBase,
    operation: str,
    ownership: Ownership | None,
    role: Role,
    on: date,
    stylesheet: str,
    script: str | None = None,
    icon: str | None = None,
) -> str:
    """The page (HTML) with the rules in force on `on`; `stylesheet`, `script` and `icon` are addresses of its files.

    Without an ownership, an operation whose rules tell organizations and individuals apart has a sheet for each, and
    the page offers to show only one. Raises `KeyError` for an operation that is not in the rule base.
    """
    entry = rules.operations[operation]
    return render(
        "checklist.html",
        rules=rules,
        entry=entry,
        forms=[_form(rules, entry, each, role, on) for each in _sheets(entry, ownership)],
        on=on,
        stylesheet=stylesheet,
        script=script,
        icon=icon,
    )


def checklist_refusal(rules: RuleBase, operation: str, stylesheet: str, icon: str | None = None) -> str:
    """The page (HTML) for an address that names no operation, or a known one and no known ownership."""
    entry = rules.operations.get(operation)
    return render("checklist_refusal.html", rules=rules, entry=entry, stylesheet=stylesheet, icon=icon)


def _sheets(entry: Operation, ownership: Ownership | None) -> tuple[Ownership | None, ...]:
    if ownership is None and any(rules.split for rules in entry.aspects.values()):
        return OWNERSHIPS
    return (ownership,)


def _form(rules: RuleBase, entry: Operation, ownership: Ownership | None, role: Role, on: date) -> Form:
    if not entry.answered:
        answers = [answer_operation(rules, entry.id, "overview", ownership, role, on)]
    else:
        answers = [answer_operation(rules, entry.id, aspect, ownership, role, on) for aspect in RULE_ASPECTS]
    merged: dict[object, Block] = {}
    for answer in answers:
        block = _block(answer)
        if answer.aspect == "overview":
            block = _without_the_rest(block, _own_texts(entry, ownership, on), answers[1:])
        same = replace(block, aspects=(), title="")
        earlier = merged[same].aspects if same in merged else ()
        merged[same] = replace(block, aspects=earlier + block.aspects)
    blocks = list(merged.values())
    summary = blocks.pop(0) if blocks[0].aspects == ("overview",) and len(blocks) > 1 else None
    rows = [tuple(row) for short, group in groupby(blocks, _short) for row in ([group] if short else zip(group))]
    citations = dict.fromkeys(citation for answer in answers for citation in answer.citations)
    return Form(ownership, summary, tuple(rows), tuple(citations))


def _short(block: Block) -> bool:
    return set(block.aspects) <= _SHORT


def _block(answer: Answer) -> Block:
    part = answer.parts[0]
    aspects = (answer.aspect,) if answer.aspect else ()
    return Block(
        aspects, part.status, part.lead, part.title, part.items, tuple(c.text for c in part.changes), part.notes
    )


def _own_texts(entry: Operation, ownership: Ownership | None, on: date) -> set[str]:
    """What the rule file itself says in the overview."""
    rules = entry.aspects.get("overview")
    rule = rules.on(on, ownership or "organization") if rules else None
    return {statement.text for statement in (*(rule.statements if rule else ()), *(rules.common if rules else ()))}


def _without_the_rest(overview: Block, own: set[str], others: Sequence[Answer]) -> Block:
    """The overview without its line for each other aspect, and their changes: on this page all stand in full."""
    elsewhere = {change.text for answer in others for part in answer.parts for change in part.changes}
    return replace(
        overview,
        items=tuple(item for item in overview.items if item in own),
        coming=tuple(change for change in overview.coming if change not in elsewhere),
    )
