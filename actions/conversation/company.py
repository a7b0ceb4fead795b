"""「源创三象名下哪些号码现在能销户」: a question about all numbers of a company. Only staff get an answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from actions.blocks import Block
from actions.conversation.context import Context
from actions.conversation.wording import say
from actions.identity import Identity
from actions.reply import Reply
from actions.understanding import Understanding
from knowledge.model import RuleBase

_STATUSES: Final = ("allowed", "blocked", "needs_review", "not_applicable")
_MOST_ROWS: Final = 5
_WHICH: Final = re.compile(
    r"(?:哪些|哪几个|多少个?|几个|所有|全部|每个|各个)(?:的)?(?:手机|电话)?(?:号|卡)|号码?(?:都|全都|全部)"
)
_HOLDER: Final = re.compile(
    r"(?P<holder>[^,。;?!]{1,30}?)(?:名下|旗下)|(?:公司|集团|单位|客户)[^,。;?!]{0,20}?(?:的|里|有)"
)
# Their own numbers are anybody's to ask about, one at a time.
_OWN: Final = re.compile(r"(?:我|我们|咱|咱们|本人|自己|本公司|本单位|我司)(?:的|公司|单位|集团)*$")


@dataclass(frozen=True, slots=True)
class Company:
    """A customer of the accounts."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CompanyOverview:
    """How many numbers of a company have which status, and the first of them: (masked number, one sentence)."""

    counts: Mapping[str, int]
    first: Sequence[tuple[str, str]]


class CompanyChecks(Protocol):
    """Verdicts on all numbers of a company, for staff."""

    def customers_named(self, text: str) -> Sequence[Company]:
        """The customers whose name, or the distinctive part of it, stands in a normalised text."""
        ...

    def company_overview(self, customer: str, operation: str, on: date, identity: Identity) -> CompanyOverview:
        """The verdicts on the numbers of a customer; `identity` is the member of staff who looks, for the audit trail.

        Raises `AccountsUnavailableError` or `LookNotRecordedError`.
        """
        ...


def asks_about_a_company(understanding: Understanding, text: str) -> bool:
    """Whether it is asked which numbers of somebody can do something now; one's own numbers are no company."""
    holder = _HOLDER.search(text)
    possible = understanding.permission or "eligibility" in understanding.aspects
    if not (holder and possible and understanding.operations and _WHICH.search(text)):
        return False
    return not _OWN.search(holder["holder"] or text[: holder.end()])


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
    named = companies.customers_named(text)
    if len(named) != 1:
        names = "、".join(one.name for one in named)
        return _said(say("company_which", names=names) if named else say("company_unknown"), operation), context
    company = named[0]
    overview = companies.company_overview(company.id, operation, on, identity)
    name = rules.operations[operation].name
    counts = "，".join(
        say(f"company_{status}", count=overview.counts[status]) for status in _STATUSES if overview.counts.get(status)
    )
    lead = say("company_counts", company=company.name, name=name, total=sum(overview.counts.values()), counts=counts)
    rows = [f"{number}：{sentence}" for number, sentence in overview.first[:_MOST_ROWS]]
    blocks: list[Block] = [{"type": "text", "text": lead}]
    if rows:
        blocks.append({"type": "checklist", "title": say("company_first"), "items": rows, "marks": "points"})
    blocks.append({"type": "text", "text": say("company_batch", customer=company.id, operation=operation)})
    return Reply(decision="answer", blocks=blocks, operations=[operation], aspect="eligibility"), context


def _said(text: str, operation: str) -> Reply:
    blocks: list[Block] = [{"type": "text", "text": text, "tone": "warning"}]
    return Reply(decision="answer", blocks=blocks, operations=[operation], aspect="eligibility")
