"""What a message asks, by its wording alone: for which aspects, in which clauses, and whether it names anything else."""

import re
from functools import cache
from typing import Final

from bot.nlu.cues import UNNAMED, Operator, any_of
from knowledge.identifiers import ASPECTS, Aspect

_ASPECTS: Final[dict[Aspect, re.Pattern[str]]] = {
    "documents": re.compile(
        r"要(?:啥|什么)(?:东西|手续)?[?。!]*$|带(?:什么|啥|些|哪|点|齐|全|身份证|证|上|着)|材料|证件|资料要|哪些资料|身份证|介绍信|委托|授权书|营业执照|公章|盖章|复印件|原件|手续要|什么手续|代办|证明|户口本|谁(?:去|来|能办)"
    ),
    "conditions": re.compile(
        r"条件|要求|限制|前提|门槛|什么情况|哪些情况|规定|允许|资格|不能办|办不了|不给办|才能|才可以"
    ),
    "channels": re.compile(
        r"哪里|哪儿|在哪|[去到上]哪|网上|线上|app|营业厅|打电话|电话(?:能|可以|里)|异地|外地|网厅|柜台|渠道|微信上|手机上"
    ),
    "fee": re.compile(r"多少钱|收费|费用|要钱|收钱|手续费|几块|几元|价格|免费|工本费|花钱|多贵|怎么收"),
    "time_limit": re.compile(
        r"多久|多长时间|(?<![这那好前后])几(?:天|个?小时|个?月)|多少天|什么时候|啥时候|何时|当天|立刻|马上生效|几号|时限|期限|生效"
    ),
    "procedure": re.compile(
        r"怎么(?:办|弄|操作|申请|搞|做|取消|开|改|换|查|退|走)|如何|流程|步骤|咋(?:个|办|弄|整|搞)|程序|怎样|之后会|会怎"
    ),
    "overview": re.compile(
        r"是什么|什么是|是啥|啥是|什么意思|啥意思|介绍|说明一?下|讲讲|讲一?下|说说|了解|有什么用|干什么用|干嘛的|指的是"
    ),
    "eligibility": re.compile(
        r"(?:我|这个?号|这张?卡|这部|名下|我们|现在|目前|客户|他|她|尾号|\d{4,}).{0,12}(?:能不能|可不可以|能否|可否|是否可以|够不够|符不符合|满不满足)"
        r"|(?:我|这个?号|这张?卡|现在|目前).{0,12}(?:能|可以).{0,10}[吗么嘛不没](?:[?。,;!]|$)|帮我(?:看看|查查|看下|查一?下).{0,12}(?:能|可以|符合)"
    ),
}

ASKS: Final = re.compile(r"怎么|什么|多少|哪|咋|几|谁|啥|为何|如何")
_CLAUSE: Final = re.compile(r"[^,。;?!]+")
_IS_QUESTION: Final = re.compile(rf"{ASKS.pattern}|多(?:久|长|贵)|[吗么嘛呢不没]$|(.)不\1")
# 「不是收费,我问的是…」: the aspect behind it is not asked for.
_NOT_ASKED: Final = re.compile(r"(?:(?<!是)不是|没有?|不)(?:要|想)?问(?:你|您)?$|(?<!是)不是(?:要|说)?$")

# 「销户也是这样吗」: what was asked of one thing is asked of another.
_THE_SAME_THERE: Final = re.compile(
    r"^[^,。;]{1,10}也(?:是|一样|这样|要|得|行|可以)?(?:这样|的|一样)?[吗么嘛不][?。!~]*$"
)
# What stands around the words for an aspect in a message that says nothing else: 「那这个要带什么呢」.
_AROUND_A_QUESTION: Final = re.compile(
    r"具体|大概|一般|到底|方面|问题|办理|需要|请问|[那这个它他的是呢吗么嘛啊呀哦噢嗯哎下一您你我要了得还给能不就都再会办理弄做去来]"
)
# A name of something: with it, a message is no bare question.
_CONCRETE: Final = re.compile(r"身份证|营业厅|营业执照|公章|介绍信|户口本|app|柜台|网厅|异地|外地")
_GO_ON: Final = re.compile(
    r"^(?:嗯|哦|噢|好的?|那|,)*(?:还有(?:别的|其他|其它|什么|啥)*(?:吗|么|没有?|呢)?|然后呢?|继续|接着说)[?。!]*$"
)
# Nobody asks whether something is allowed now without one of these.
_MAY_I: Final = re.compile(
    r"能|可以|可否|行吗|行不行|行么|允许|够|符合|满足|资格|让不让|给不给|给办|帮我(?:看|查)|看看|查查|是否|得不得|ok|办得|办不|成不"
)
_IS_IT_POSSIBLE: Final = re.compile(
    r"(?:能|可以|行|给办|办得了?)[^,。;]{0,12}[吗么嘛不没][?。!]*$|能不能|可不可以|能否|可否|行不行|成不成|给不给|是否可以"
)


def aspect_places(text: str, operator: Operator = UNNAMED) -> list[tuple[int, Aspect]]:
    """(start, aspect) of the words that ask for an aspect, in reading order; a hotline is a word for the channels."""
    found = [
        (match.start(), aspect)
        for aspect, pattern in _ASPECTS.items()
        for match in pattern.finditer(text)
        if not _NOT_ASKED.search(text[: match.start()])
    ]
    found += [(match.start(), "channels") for match in any_of(operator.hotlines).finditer(text)]
    return sorted(found, key=lambda place: (place[0], ASPECTS.index(place[1])))


def aspects_of(text: str, operator: Operator = UNNAMED) -> tuple[Aspect, ...]:
    """The aspects whose words stand in the message, in reading order."""
    return tuple(dict.fromkeys(aspect for _, aspect in aspect_places(text, operator)))


def is_question(clause: str) -> bool:
    """Whether a clause asks something."""
    return bool(_IS_QUESTION.search(clause))


def question_clauses(text: str, operator: Operator = UNNAMED) -> list[tuple[int, int, Aspect]]:
    """(start, end, aspect) of the clauses that ask for an aspect (「能销户吗,要带什么」), with the first one in each."""
    places = aspect_places(text, operator)
    spans = [match.span() for match in _CLAUSE.finditer(text) if is_question(match.group())]
    within = [(start, end, [aspect for at, aspect in places if start <= at < end]) for start, end in spans]
    return [(start, end, aspects[0]) for start, end, aspects in within if aspects]


def only_asks(text: str, operator: Operator = UNNAMED) -> bool:
    """Whether the message is a question about something said before, and names nothing: 「在哪」, 「还有吗」."""
    if _GO_ON.match(text):
        return True
    if _CONCRETE.search(text) or not set(aspects_of(text, operator)) - {"eligibility"}:
        return False
    return not any(map(str.isalpha, _AROUND_A_QUESTION.sub("", _bare_aspect().sub("", text))))


def possible_aspects(text: str) -> tuple[Aspect, ...]:
    """The aspects that the message can be about, whatever it resembles.

    None that is denied (「不是收费」); the account only where it asks for permission; and where it only asks whether the
    same holds elsewhere (「销户也一样吗」), none that it does not name.
    """
    named = aspects_of(text)
    if asks_the_same_elsewhere(text):
        return named
    denied = {aspect for aspect, pattern in _ASPECTS.items() if pattern.search(text)} - set(named)
    return tuple(
        one for one in ASPECTS if one not in denied and (one != "eligibility" or _MAY_I.search(text) is not None)
    )


def asks_permission(text: str, operator: Operator = UNNAMED) -> bool:
    """Whether the message asks whether something is possible, and for nothing else."""
    return bool(_IS_IT_POSSIBLE.search(text)) and set(aspects_of(text, operator)) <= {"eligibility"}


def asks_the_same_elsewhere(text: str) -> bool:
    """Whether what was asked of one thing is asked of another (「销户也是这样吗」)."""
    return bool(_THE_SAME_THERE.match(text))


@cache
def _bare_aspect() -> re.Pattern[str]:
    """The words for an aspect; those for eligibility would take what it is asked of with them."""
    return re.compile("|".join(pattern.pattern for aspect, pattern in _ASPECTS.items() if aspect != "eligibility"))
