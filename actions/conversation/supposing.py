"""What is supposed in a question about an account, held against the account: on which day and with which facts it is judged."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from actions.conversation.context import Context, Request
from actions.conversation.resolve import Asked, Resolution
from actions.conversation.what_if import MOST_YEARS, EndOfAgreement, WhatIf, read_what_if
from actions.conversation.wording import say
from actions.understanding import Understanding
from knowledge.facts import NONE, Value, show_date
from knowledge.model import RuleBase

# 「先复机再停机保号」: what is asked about stands behind what is done first.
_THEN: Final = re.compile(r"先.{1,10}?,?(?:再|然后|接着)(?:去|来|给我|办理?|申请)*(?P<then>[^,。;?!]+)")


@dataclass(frozen=True, slots=True)
class Supposed:
    """Judge it `on` this day with the `assumed` facts; `lead` says so before the verdict and `note` behind it."""

    on: date
    lead: str
    note: str
    assumed: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotSupposed:
    """It cannot be judged so; `text` says why."""

    text: str


def with_supposition(
    understanding: Understanding, context: Context, resolution: Resolution, text: str, rules: RuleBase, today: date
) -> Resolution:
    """The resolution with what the message supposes; what is supposed of a check before makes it another check."""
    if understanding.choice is not None:
        return resolution
    said = read_what_if(text, rules.suppositions, today)
    if _is_about_the_check_before(understanding, context, said):
        request = Request(context.operation, aspect="eligibility", ownership=context.ownership, supposing=text)
        return Asked((request,))
    if (then := _asked_behind(said, rules)) and understanding.permission and isinstance(resolution, Asked):
        first = resolution.requests[0]
        return Asked((Request(then, aspect="eligibility", ownership=first.ownership, supposing=text),))
    if not said or not isinstance(resolution, Asked):
        return resolution
    checks = [one for one in resolution.requests if one.aspect == "eligibility"]
    done = {one.operation for one in said.suppose}
    # 「复机以后能补卡吗」 does not ask whether the first is possible.
    wanted = [one for one in checks if one.operation not in done] or checks
    requests = tuple(_supposing(one, text) for one in resolution.requests if one not in checks or one in wanted)
    return replace(resolution, requests=requests, also=_for_the_check_before(said, context, resolution))


def is_unread(understanding: Understanding, context: Context, text: str, rules: RuleBase, today: date) -> bool:
    """Whether a message that could not be understood otherwise supposes something of the check before."""
    said = read_what_if(text, rules.suppositions, today)
    return (
        said.worded and not said.asks_else and _checked_before(understanding, context, said) and not understanding.named
    )


def _is_about_the_check_before(understanding: Understanding, context: Context, said: WhatIf) -> bool:
    """Whether the message supposes something of the check before, and names nothing else."""
    named = set(understanding.operations) if understanding.named else set()
    if said.asks_else or not _checked_before(understanding, context, said) or not named <= {context.operation}:
        return False
    if understanding.topic and understanding.named:
        return False
    if (said.says_nothing_else and (said or said.names_today)) or (said.done and understanding.permission):
        return True
    return bool(said.suppose) and (said.worded or understanding.permission or understanding.follow_up)


def _checked_before(understanding: Understanding, context: Context, said: WhatIf) -> bool:
    """Whether the message can be about a check: it was the last subject, or a number is looked at and it sounds like it."""
    if context.operation is None:
        return False
    return context.aspect == "eligibility" or (
        context.number is not None and (understanding.permission or (said.worded and bool(said)))
    )


def _asked_behind(said: WhatIf, rules: RuleBase) -> str | None:
    """The operation that is asked about in 「先复机再停机保号行不行」, where exactly one is named there."""
    done = {one.operation for one in said.suppose}
    match = _THEN.search(said.text)
    if match is None or not done - {None}:
        return None
    named = {
        operation.id
        for operation in rules.operations.values()
        if any(word in match["then"] for word in (operation.name, *operation.aliases))
    }
    return next(iter(named)) if len(named) == 1 and not named <= done else None


def _supposing(request: Request, text: str | None) -> Request:
    """The request with what is supposed of it, where it is a check that supposes nothing yet."""
    if request.aspect != "eligibility" or request.supposing:
        return request
    return replace(request, supposing=text)


def _for_the_check_before(said: WhatIf, context: Context, asked: Asked) -> tuple[Request, ...]:
    """「那我先停机保号行不行」: what would that mean for what was checked before?"""
    asked_now = {one.operation for one in asked.requests if one.aspect == "eligibility"}
    done = {one.operation for one in said.suppose} & asked_now
    if not done or context.aspect != "eligibility" or context.operation in {None, *asked_now}:
        return ()
    before = Request(context.operation, aspect="eligibility", ownership=context.ownership, supposing=said.text)
    return (before,)


def supposed(
    request: Request, verdict: Mapping[str, Any], rules: RuleBase, today: date
) -> Supposed | NotSupposed | None:
    """How the account is to be judged; None where nothing is supposed that is of any concern here.

    Args:
        request: the check, with the words that suppose.
        verdict: the JSON of the verdict on the account as it is today.
        rules: the rule base.
        today: the day of the verdict.
    """
    said = read_what_if(request.supposing or "", rules.suppositions, today, request.operation)
    if not said:
        return None
    name = rules.operations[request.operation or ""].name
    assumed = said.assumed
    if assumed is None:
        return NotSupposed(say("what_if_contradiction", said="、".join(one.said for one in said.suppose)))
    facts = _facts_read(verdict)
    # Another day changes nothing about what the operation is for; another state of the account may.
    if verdict["status"] == "not_applicable" and not assumed.keys() & facts.keys():
        return Supposed(today, say("what_if_not_applicable"), "")
    if impossible := _impossible(said, facts, rules):
        return impossible
    day = _day(said, facts, rules, today, name)
    if isinstance(day, NotSupposed):
        return day
    specs = rules.suppositions.facts
    what = "，".join(one.said for one in said.suppose)
    already = bool(assumed) and all(facts.get(fact) == specs[fact].to_json(value) for fact, value in assumed.items())
    lead = [say("what_if_already", said=what) if already else say("what_if_said", said=what)] if what else []
    elsewhere = [specs[fact].label for fact in assumed if facts and fact not in facts]
    if elsewhere:
        lead.append(say("what_if_not_looked_at", name=name, facts="、".join(elsewhere)))
    if day != today:
        words = "、".join((*(said.text[one.start : one.end] for one in said.days), *(one.words for one in said.ends)))
        lead.append(say("what_if_day", words=words, day=show_date(day)))
        if not all(one.exact for one in said.days):
            lead.append(say("what_if_other_day"))
    note = "what_if_note" if assumed and not already else "what_if_note_day" if day != today else ""
    return Supposed(day, "".join(lead), say(note) if note else "", assumed)


def _impossible(said: WhatIf, facts: Mapping[str, Any], rules: RuleBase) -> NotSupposed | None:
    """Why this account cannot become what is supposed of it, if so."""
    specs = rules.suppositions.facts
    for one in said.suppose:
        changes = any(
            facts.get(fact) != specs[fact].to_json(value) for fact, value in one.sets.items() if fact in facts
        )
        for fact, values in one.only_from.items():
            if changes and fact in facts and facts[fact] not in [specs[fact].to_json(value) for value in values]:
                raw = facts[fact]
                shown = specs[fact].show(None if raw is None else specs[fact].from_json(raw))
                return NotSupposed(say("what_if_impossible", said=one.said, label=specs[fact].label, value=shown))
    return None


def concerns(request: Request, verdict: Mapping[str, Any], rules: RuleBase, today: date) -> bool:
    """Whether the operation looks at what is supposed to have been done."""
    said = read_what_if(request.supposing or "", rules.suppositions, today, request.operation)
    return bool(_facts_read(verdict).keys() & set(said.assumed or {}))


def _facts_read(verdict: Mapping[str, Any]) -> dict[str, Any]:
    """What the operation looks at, to see whether it applies and whether anything bars."""
    return {fact: value for one in (verdict["applies"], *verdict["conditions"]) for fact, value in one["facts"].items()}


def _day(said: WhatIf, facts: Mapping[str, Any], rules: RuleBase, today: date, name: str) -> date | NotSupposed:
    days: dict[date, str] = {}
    for named in said.days:
        words = said.text[named.start : named.end]
        if named.day is None:
            return NotSupposed(say("what_if_no_such_day", words=words))
        days[named.day] = words
    for end in said.ends:
        ended = _end(end, facts, rules, today, name)
        if isinstance(ended, NotSupposed):
            return ended
        days[ended] = end.words
    if len(days) > 1:
        return NotSupposed(say("what_if_several_days", days="、".join(map(show_date, sorted(days)))))
    day = next(iter(days), today)
    if day < today:
        return NotSupposed(say("what_if_past", words=days[day], day=show_date(day)))
    if day.year > today.year + MOST_YEARS:
        return NotSupposed(say("what_if_far", day=show_date(day), years=MOST_YEARS))
    return day


def _end(end: EndOfAgreement, facts: Mapping[str, Any], rules: RuleBase, today: date, name: str) -> date | NotSupposed:
    """The day on which the agreement of this account ends, as far as the operation looks at it."""
    labels = {fact: rules.suppositions.facts[fact].label for fact in end.facts}
    read = [fact for fact in end.facts if fact in facts]
    if not read:
        return NotSupposed(say("what_if_not_looked_at", name=name, facts="、".join(labels.values())))
    dates = {fact: date.fromisoformat(facts[fact]) for fact in read if facts[fact] not in (None, NONE)}
    to_come = {fact: day for fact, day in dates.items() if day >= today}
    unknown = "、".join(labels[fact] for fact in read if facts[fact] is None)
    if len(set(to_come.values())) > 1:
        told = "；".join(f"{labels[fact]} {show_date(day)}" for fact, day in to_come.items())
        return NotSupposed(say("what_if_which_end", ends=told))
    if unknown:
        return NotSupposed(say("what_if_end_unknown", facts=unknown))
    if not to_come:
        return NotSupposed(say("what_if_no_end", facts="、".join(labels[fact] for fact in read)))
    day = next(iter(to_come.values()))
    if not end.after:
        return day
    return NotSupposed(say("what_if_no_such_day", words=end.words)) if day == date.max else day + timedelta(1)
