"""Reads what a message supposes: another day, the end of an agreement, or that something about the account has changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from actions.conversation.days import NamedDay, days_named
from knowledge.facts import Value
from knowledge.model import GAP
from knowledge.suppositions import Supposition, Suppositions

_LONGEST_GAP: Final = 6
_ENDED: Final = r"(?:的|也|都|快|一|全)*(?:到期|期满|满期|满了|到了期|过期)"
# 「到期那天」 is the last day in force; whatever comes after it is the day after.
_THE_LAST_DAY: Final = re.compile(r"(?:的)?(?:那天|那一天|当天|当日|那日|日)")
_AFTERWARDS: Final = re.compile(r"(?:的)?(?:第二天|次日|后一天|隔天|(?:了)?(?:以后|之后|后)|了)?")
# Right before a wording: it is denied, or it is told as done, and the account itself shows that.
_DENIED: Final = re.compile(r"(?:不|没|没有|未|别|不用|无需|不想|不要|不能)$")
_DONE: Final = re.compile(
    r"(?:刚|刚刚|刚才|已经|早就|昨天|前天|上次|上周|上个月|之前|前几天)(?:我|都|就|把|去|给|在网上|早)*.{0,3}$"
)
# Half of it is not it; what is owed may be named (「把欠的三十块交了」).
_PARTLY: Final = re.compile(
    r"一半|部分|一些|一点|半数|大半|(?<![欠0-9一二两三四五六七八九十百千.])(?<!欠的)(?<!欠了)(?<!欠你们)(?<!欠费)[0-9一二两三四五六七八九十百千.]+(?:多|几)?(?:块|元|毛)"
)
_DONE_NOW: Final = re.compile(r"(?:昨天|前天|上次|上周|上个月).{0,10}(?:了|过).{0,6}(?:现在|今天|能|可以|行)")
_FIRST: Final = re.compile(
    r"(?:先|如果|要是|假如|假设|等|万一|把|给|去|办理|办|我|他|号|这个|它|做|申请|弄)*(?:先|如果|要是|假如|假设|等)(?:把|给|去|办理|办|我|他|号|这个|它|做|申请|弄|一下)*$"
)
_ONCE: Final = re.compile(r"^(?:业务|手续)?(?:办?了|办?完|办?好|以后|之后|后|过(?!户)|着)")
_HYPOTHETICAL: Final = re.compile(
    r"如果|要是|假如|假设|假使|倘若|若是|万一|的话|就(?:能|可以|行|好|成|够|ok|没问题|给)|(?:以后|之后|完了?|[了后清])(?:再|呢|还?能|还?可以|还?行)|先.{1,14}(?:再|呢|行|可以|能)"
)
_ASKS_ELSE: Final = re.compile(
    r"哪|怎么(?!样)|如何|什么|多少|多久|几(?:天|时|个|块|元)|谁|为何|为啥|咋(?!样)|带|材料|证件|收费|手续费|渠道"
)
# What stands around a day or a supposition in a message that says nothing else.
_AROUND: Final = re.compile(
    r"如果|要是|假如|假设|万一|的话|是不是|能不能|可不可以|行不行|可以|怎么样|没问题|办理|今天|然后|或者|还是|现在|马上|立刻|到时候?|时候|以后|之后|"
    r"[把上那等到我他它你您们就去来再办弄能行成好了呢吗么嘛不吧啊呀呗哦噢嗯的是这个号换成看看查查帮给请问会够还都也先过完下]"
)
# Nobody plans further ahead than this, and nothing is known of the account then.
MOST_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class EndOfAgreement:
    """The day on which an agreement ends, or (`after`) the day after; `facts` are the dates it can be."""

    words: str
    facts: tuple[str, ...]
    after: bool


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a message supposes. `worded`: it is worded as a supposition, understood or not; `left`: what else it says.

    `asks_else`: it asks something that is no question of whether it is possible. `names_today`: it is about the account as
    it is. `done`: something is told as done already, which the account itself has to show.
    """

    text: str
    days: tuple[NamedDay, ...] = ()
    ends: tuple[EndOfAgreement, ...] = ()
    suppose: tuple[Supposition, ...] = ()
    worded: bool = False
    asks_else: bool = False
    left: str = ""
    names_today: bool = False
    done: bool = False

    def __bool__(self) -> bool:
        """Whether anything was understood that is not so today."""
        return bool(self.days or self.ends or self.suppose)

    @property
    def says_nothing_else(self) -> bool:
        """Whether the whole message is understood."""
        return not self.left and not self.asks_else

    @property
    def assumed(self) -> dict[str, Value] | None:
        """The facts as they are supposed to be; None where two suppositions contradict each other."""
        facts: dict[str, Value] = {}
        for one in self.suppose:
            if any(facts.get(fact, value) != value for fact, value in one.sets.items()):
                return None
            facts.update(one.sets)
        return facts


def read_what_if(text: str, suppositions: Suppositions, today: date, operation: str | None = None) -> WhatIf:
    """What a normalised text supposes; `operation` is the one asked about, which is not supposed to have been done."""
    ends = [*_ends(text, suppositions)]
    spans = [(start, end) for start, end, _ in ends]
    days = [one for one in days_named(text, today) if not _within(one.start, one.end, spans)]
    spans += [(one.start, one.end) for one in days]
    if _DONE_NOW.search(text):
        # 「我昨天交了,现在能办吗」: that day is not the one that is asked about.
        days = [one for one in days if one.day is None or one.day > today]
    suppose: dict[str, Supposition] = {}
    done = False
    for start, end, one in _supposed(text, suppositions):
        if _DONE.search(text[:start]):
            done = True
            continue
        if one.operation is not None and one.operation == operation:
            continue
        spans.append((start, end))
        suppose.setdefault(one.said, one)
    left = "".join(c for at, c in enumerate(text) if not any(start <= at < end for start, end in spans))
    left = "".join(filter(str.isalnum, _AROUND.sub("", left)))
    return WhatIf(
        text,
        tuple(one for one in days if one.day != today),
        tuple(one for _, _, one in ends),
        tuple(suppose.values()),
        worded=bool(_HYPOTHETICAL.search(text)),
        asks_else=bool(_ASKS_ELSE.search(text)),
        left=left,
        names_today=any(one.day == today for one in days) or "现在" in text,
        done=done,
    )


def _within(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < other_end and other < end for other, other_end in spans)


def _ends(text: str, suppositions: Suppositions) -> Iterator[tuple[int, int, EndOfAgreement]]:
    if not suppositions.ends:
        return
    called: dict[str, tuple[str, ...]] = {word: (fact,) for fact, words in suppositions.ends.items() for word in words}
    called |= {word: tuple(suppositions.ends) for word in suppositions.any_end}
    names = "|".join(map(re.escape, sorted(called, key=len, reverse=True)))
    for match in re.finditer(rf"过了?(?P<past>{names})期?|(?P<name>{names})?{_ENDED}", text):
        tail = _THE_LAST_DAY.match(text, match.end())
        after = tail is None
        tail = tail or _AFTERWARDS.match(text, match.end())
        end = tail.end() if tail else match.end()
        facts = called.get(match["name"] or match["past"] or "", tuple(suppositions.ends))
        yield match.start(), end, EndOfAgreement(text[match.start() : end], facts, after)


def _supposed(text: str, suppositions: Suppositions) -> Iterator[tuple[int, int, Supposition]]:
    """The suppositions with their places; of overlapping wordings the longest counts."""
    found = [
        (match.start(), match.end(), one)
        for one in suppositions.suppose
        for word in one.words
        for match in _pattern(word).finditer(text)
    ]
    kept: list[tuple[int, int]] = []
    for start, end, one in sorted(found, key=lambda place: (place[0] - place[1], place[0])):
        if _within(start, end, kept):
            continue
        kept.append((start, end))
        before, after = text[:start], text[end:]
        if _DENIED.search(before) or _PARTLY.search(text):
            continue
        # The name of a service alone asks about that service.
        if one.operation is None or _FIRST.search(before) or _ONCE.match(after):
            yield start, end, one


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    return re.compile(rf"[^,。;!?、]{{0,{_LONGEST_GAP}}}".join(map(re.escape, word.split(GAP))))
