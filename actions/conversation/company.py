"""「源创三象名下哪些号码现在能销户」: a question about all numbers of a company. Staff get an answer, and the handler of the company."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

from actions.blocks import Block
from actions.conversation.context import Choice, Context, Request
from actions.conversation.wording import say
from actions.eligibility.evaluator import Status
from actions.eligibility.wording import status_name
from actions.identity import Identity
from actions.reply import Reply
from actions.understanding import Understanding
from knowledge.facts import show_date
from knowledge.model import RuleBase

_STATUSES: Final[tuple[Status, ...]] = ("allowed", "blocked", "needs_review", "not_applicable")
_MOST_ROWS: Final = 5
_MOST_CHOICES: Final = 5
# The shortest part of a name that is taken for the whole, and the shortest name that has parts: no person's has.
_SHORTEST_PART: Final = 3
_SHORTEST_WHOLE: Final = 5
_WHICH: Final = re.compile(
    r"(?:哪些|哪几个|多少个?|几个|所有|全部|每个|各个)(?:的)?(?:手机|电话)?(?:号|卡)|号码?(?:都|全都|全部)"
)
# 「哪些号码能…」 asks it of the numbers, whatever the rest of the message sounds like.
_WHICH_CAN: Final = re.compile(
    r"(?:哪些|哪几个|多少个?|几个)(?:的)?(?:手机|电话)?(?:号码?|卡)[^,。;?!]{0,6}?(?:能|可以|够|符合|办得了)"
)
_HOLDER: Final = re.compile(
    r"(?P<holder>[^,。;?!]{1,30}?)(?:名下|旗下)|(?:公司|集团|单位|客户)[^,。;?!]{0,20}?(?:的|里|有(?!限))"
)
# Their own numbers are anybody's to ask about, one at a time.
_OWN: Final = re.compile(r"(?:我|我们|咱|咱们|本人|自己|本公司|本单位|我司)(?:的|公司|单位|集团)*$")
_OWN_UNIT: Final = re.compile(r"(?:我们?|咱们?|本|我们这个|咱们这个)(?:公司|单位|集团|厂|司|部门)")
# What stands around a name and may be no part of it.
_BEFORE: Final = re.compile(
    r"你好|您好|请问|请|麻烦|帮我|帮忙|帮|给我|查询|查|看|一下|下|我想|想|要|问|知道|了解|现在|今天|那么|那|这家|那家|这个|那个"
    r"|编号|客户|公司|集团|单位|叫|是|为|的|:|\s"
)
_BEHIND: Final = re.compile(r"(?:这家|那家|这个|那个|公司|集团|单位|客户|的|它|他们|里面|\s)$")


@dataclass(frozen=True, slots=True)
class Company:
    """A customer of the accounts."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CompanyOverview:
    """How many numbers of a company have which status, and the first of them: (masked number, one sentence).

    `database_only`: numbers are looked up elsewhere as well, one at a time, but for this only the database was read.
    """

    company: Company
    counts: Mapping[Status, int]
    first: Sequence[tuple[str, str]]
    database_only: bool = False


class CompanyChecks(Protocol):
    """Verdicts on all numbers of a company, for staff and for its handler."""

    def customers_called(self, names: Sequence[str], text: str) -> Sequence[Company]:
        """The customers whose id or name is one of `names`, whose name contains one, or stands whole in `text`.

        All in lower case and half width; the exact ones first. Raises `AccountsUnavailableError`.
        """
        ...

    def company_overview(self, customer: str, operation: str, on: date, identity: Identity) -> CompanyOverview | None:
        """The verdicts on the numbers of the customer with this id; `identity` is who looks, for the audit trail.

        None where there is no such customer. Raises `AccountsUnavailableError` or `LookNotRecordedError`.
        """
        ...


def asks_about_a_company(understanding: Understanding, text: str) -> bool:
    """Whether it is asked which numbers of somebody can do something now; one's own numbers are no company."""
    holder = _holder(text)
    possible = understanding.permission or "eligibility" in understanding.aspects or _WHICH_CAN.search(text)
    if not (holder and possible and understanding.operations and _WHICH.search(text)):
        return False
    return not _OWN.search(holder)


def asks_about_own_company(understanding: Understanding, text: str) -> bool:
    """Whether the handler of a unit asks which of its numbers can do something now, by 「我们公司」 or without naming any."""
    possible = understanding.permission or "eligibility" in understanding.aspects or _WHICH_CAN.search(text)
    if not (possible and understanding.operations and _WHICH.search(text)):
        return False
    holder = _holder(text)
    return holder is None or bool(_OWN.search(holder) or _OWN_UNIT.search(holder))


def is_called(customer: str, text: str, companies: CompanyChecks) -> bool:
    """Whether the message calls the customer with this id by its name or id; nothing is told of any other."""
    names = names_in(text)
    own = [one for one in companies.customers_called(names, text) if one.id == customer]
    return _meant(own, names) is not None


def _holder(text: str) -> str | None:
    """The words up to the end of the name of whoever holds the numbers."""
    if not (match := _HOLDER.search(text)):
        return None
    return match["holder"] or re.split("[,。;?!]", text[: match.end() - 1])[-1]


def names_in(text: str) -> tuple[str, ...]:
    """The names that a question about a company may call it by, the longest first: with and without the words around."""
    names: dict[str, None] = {}
    for shorter in _cut(_holder(text) or text, _BEHIND):
        names.update(dict.fromkeys(one for one in _cut_before(shorter) if len(one) > 1))
    return tuple(sorted(names, key=len, reverse=True))


def _cut(words: str, end: re.Pattern[str]) -> Iterator[str]:
    yield words
    while match := end.search(words):
        words = words[: match.start()]
        yield words


def _cut_before(words: str) -> Iterator[str]:
    yield words
    while match := _BEFORE.match(words):
        words = words[match.end() :]
        yield words


def _meant(named: Sequence[Company], names: Sequence[str]) -> Company | None:
    """The one customer that is certainly meant: by its id or whole name, or the only one by the beginning of its name."""
    exact = [one for one in named if plain_name(one.name) in names or one.id.lower() in names]
    if exact:
        return exact[0] if len(exact) == 1 else None
    if len(named) != 1 or len(named[0].name) < _SHORTEST_WHOLE:
        return None
    begins = any(len(name) >= _SHORTEST_PART and plain_name(named[0].name).startswith(name) for name in names)
    return named[0] if begins else None


def plain_name(name: str) -> str:
    """A name as messages are read: in lower case, with brackets of half width."""
    return name.lower().replace("（", "(").replace("）", ")")


def company_reply(
    operation: str,
    text: str,
    context: Context,
    on: date,
    identity: Identity,
    rules: RuleBase,
    companies: CompanyChecks,
) -> tuple[Reply, Context]:
    """The answer for staff: how many numbers can do it, and the first of them; the subject of the conversation stays."""
    names = names_in(text)
    named = companies.customers_called(names, text)
    if company := _meant(named, names):
        return overview_reply(operation, company.id, context, on, identity, rules, companies)
    if not named:
        return _said(say("company_unknown"), operation), context
    choices = tuple(
        Choice(
            say("company_choice", company=one.name, id=one.id),
            Request(operation=operation, aspect="eligibility", customer=one.id),
        )
        for one in named[:_MOST_CHOICES]
    )
    reply = replace(
        _said(say("company_which" if len(named) <= _MOST_CHOICES else "company_many"), operation),
        decision="clarify",
        choices=[one.label for one in choices],
    )
    return reply, replace(context, choices=choices)


def overview_reply(
    operation: str,
    customer: str,
    context: Context,
    on: date,
    identity: Identity,
    rules: RuleBase,
    companies: CompanyChecks,
) -> tuple[Reply, Context]:
    """The answer on the numbers of the customer with this id, for staff or for the customer's handler."""
    overview = companies.company_overview(customer, operation, on, identity)
    if overview is None:
        return _said(say("company_unknown"), operation), context
    lead = say(
        "company_counts",
        company=overview.company.name,
        id=overview.company.id,
        name=rules.operations[operation].name,
        day=show_date(on),
        total=sum(overview.counts.values()),
        counts="，".join(
            say("company_count", status=status_name(status), count=overview.counts[status])
            for status in _STATUSES
            if overview.counts.get(status)
        ),
    )
    rows = [say("company_row", number=number, text=text) for number, text in overview.first[:_MOST_ROWS]]
    blocks: list[Block] = [{"type": "text", "text": lead}]
    if rows:
        blocks.append({"type": "checklist", "title": say("company_first"), "items": rows, "marks": "points"})
    if overview.database_only:
        blocks.append({"type": "text", "text": say("company_database_only"), "tone": "warning"})
    if identity.role == "staff":
        blocks.append({"type": "text", "text": say("company_batch", customer=overview.company.id, operation=operation)})
    reply = Reply(decision="answer", blocks=blocks, operations=[operation], aspect="eligibility")
    return reply, replace(context, choices=())


def _said(text: str, operation: str) -> Reply:
    blocks: list[Block] = [{"type": "text", "text": text, "tone": "warning"}]
    return Reply(decision="answer", blocks=blocks, operations=[operation], aspect="eligibility")
