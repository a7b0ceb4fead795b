"""What the wording alone says, whatever the subject: whose account, which choice, which aspects, leaning on what was said.

Only closed lists of function words live here; what operations and the operator are called is the rule base's business.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from knowledge.identifiers import Aspect, Ownership


@dataclass(frozen=True, slots=True)
class Operator:
    """The operator whose rules these are: what people call it, and its hotlines."""

    called: tuple[str, ...] = ()
    hotlines: tuple[str, ...] = ()


UNNAMED: Final = Operator()

_ORGANIZATION: Final = re.compile(
    r"单位|公司|企业|对公|集团(?!炫铃|彩铃)|公户|机构|学校的|工厂|厂里|村委|法人|营业执照|公章|介绍信|经办人|单位户|政企|我司|本司|贵司的员工"
)
_INDIVIDUAL: Final = re.compile(r"个人|私人|私户|自己名下|本人名下|我名下|个人户|自个儿?名下|不是单位|不是公司")
# 「个人信息」 is not whose account it is; 「你们公司」 is the operator; 「不是单位的」 says it is not the unit's.
_NOT_ORGANIZATION: Final = (
    r"(?:你们?|贵|咱|电信|移动|运营|快递|这家|什么|{called})(?:的)?(?:公司|单位|集团|企业|机构)"
    r"|(?:不是|并非)(?:单位|公司|企业|集团)|移动单位|公司倒闭"
)
_NOT_INDIVIDUAL: Final = re.compile(
    r"个人(?:信息|隐私|资料|热点|微信|头像)|(?:不是|并非)(?:个人|私人)|(?:一|两|几|多少|哪|这|那)个人(?!的|号|户)"
)

_DIGITS: Final = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_CHOICE: Final = re.compile(
    r"^(?:嗯|那|就|我)*(?:我?(?:要|选择?|点|办|想要|是|说的是))*第?\s*([1-9一二两三四五六七八九])\s*"
    r"(?:个|项|条|种|号|\.|、)?(?:吧|呗|那个|这个|的|选项|就行|就好|可以|谢谢|哈)*[。.!,]*$"
)
_FIRST: Final = re.compile(r"^(?:选|要|就)*(?:最?(?:上面|前面)|头)(?:那|的|一)*个?(?:吧|呗)?[。.!]?$")

_LEANS_BACK: Final = re.compile(
    r"^(?:嗯|哦|噢|好的?|,|\s)*(?:那(?!个)|还有呢|另外呢|换成|不对|我说的是|我是说|刚才(?:说|问)|上面(?:说|那))"
)
_AND_THAT: Final = re.compile(r"^[^,。;]{1,12}呢[?。!~]*$")
_ASKS: Final = re.compile(r"怎么|什么|多少|哪|咋|几|谁|啥|为何|如何")

_ASPECTS: Final[dict[Aspect, re.Pattern[str]]] = {
    "documents": re.compile(
        r"带(?:什么|啥|些|哪|点|齐|全|身份证|证|上|着)|材料|证件|资料要|哪些资料|身份证|介绍信|委托|授权书|营业执照|公章|盖章|复印件|原件|手续要|什么手续|代办|证明|户口本|谁(?:去|来|能办)"
    ),
    "conditions": re.compile(
        r"条件|要求|限制|前提|门槛|什么情况|哪些情况|规定|允许|资格|不能办|办不了|不给办|才能|才可以"
    ),
    "channels": re.compile(
        r"哪里|哪儿|在哪|去哪|上哪|网上|线上|app|营业厅|打电话|电话(?:能|可以|里)|异地|外地|网厅|柜台|渠道|微信上|手机上"
    ),
    "fee": re.compile(r"多少钱|收费|费用|要钱|收钱|手续费|几块|几元|价格|免费|工本费|花钱|多贵|怎么收"),
    "time_limit": re.compile(
        r"多久|多长时间|几天|几个?小时|多少天|什么时候|啥时候|何时|当天|立刻|马上生效|几号|时限|期限|几个?月|生效"
    ),
    "procedure": re.compile(
        r"怎么(?:办|弄|操作|申请|搞|做|取消|开|改|换|查|退|走)|如何|流程|步骤|咋(?:办|弄|整|搞)|程序|怎样|之后会|会怎"
    ),
    "overview": re.compile(
        r"是什么|什么是|是啥|啥是|什么意思|啥意思|介绍|说明一?下|讲讲|讲一?下|说说|了解|有什么用|干什么用|干嘛的|指的是"
    ),
    "eligibility": re.compile(
        r"(?:我|这个?号|这张?卡|这部|名下|我们|现在|目前|客户|他|她|尾号|\d{4,}).{0,12}(?:能不能|可不可以|能否|可否|是否可以|够不够|符不符合|满不满足)"
        r"|(?:我|这个?号|这张?卡|现在|目前).{0,12}(?:能|可以).{0,10}[吗么嘛不没][?？。]*$|帮我(?:看看|查查|看下|查一?下).{0,12}(?:能|可以|符合)"
    ),
}

_OURS: Final = re.compile(
    r"手机|号码|电话|sim|esim|宽带|固话|座机|专线|电信|移动(?!支付)|流量|话费|副卡|靓号|短信|信号|网速|断网|上网|彩铃|漫游|机主"
)
# Nobody asks whether something is allowed now without one of these.
_MAY_I: Final = re.compile(
    r"能|可以|可否|行吗|行不行|行么|允许|够|符合|满足|资格|让不让|给不给|给办|帮我(?:看|查)|看看|查查|是否|得不得|ok|办得|办不|成不"
)


def ownership_words(text: str, operator: Operator = UNNAMED) -> list[tuple[int, int, Ownership]]:
    """(start, end, ownership) of the words that say whose account it is; the operator's own company is nobody's."""
    found: list[tuple[int, int, Ownership]] = []
    pairs: tuple[tuple[Ownership, re.Pattern[str], re.Pattern[str]], ...] = (
        ("organization", _ORGANIZATION, _not_organization(operator.called)),
        ("individual", _INDIVIDUAL, _NOT_INDIVIDUAL),
    )
    for ownership, pattern, exception in pairs:
        excepted = [match.span() for match in exception.finditer(text)]
        found += [
            (match.start(), match.end(), ownership)
            for match in pattern.finditer(text)
            if not any(start < match.end() and match.start() < end for start, end in excepted)
        ]
    return sorted(found)


def ownership_of(text: str, operator: Operator = UNNAMED) -> Ownership | None:
    """Whose account it is by the words; None where nothing or both are named."""
    named = {ownership for _, _, ownership in ownership_words(text, operator)}
    return named.pop() if len(named) == 1 else None


def choice_of(text: str) -> int | None:
    """The number of an offered choice, counted from 1, in a message that says nothing else."""
    if _FIRST.match(text):
        return 1
    match = _CHOICE.match(text)
    if not match:
        return None
    figure = match.group(1)
    return _DIGITS.get(figure) or int(figure)


def leans_back(text: str) -> bool:
    """Whether the wording leans on what was said before (「那…呢」)."""
    return bool(_LEANS_BACK.match(text) or (_AND_THAT.match(text) and not _ASKS.search(text)))


def aspects_of(text: str, operator: Operator = UNNAMED) -> tuple[Aspect, ...]:
    """The aspects whose words stand in the message, in reading order; a hotline is a word for the channels."""
    places = {aspect: match.start() for aspect, pattern in _ASPECTS.items() if (match := pattern.search(text))}
    if hotline := _any_of(operator.hotlines).search(text):
        places["channels"] = min(hotline.start(), places.get("channels", hotline.start()))
    return tuple(sorted(filter(places.__contains__, _ASPECTS), key=lambda aspect: places[aspect]))


def names_something_of_ours(text: str, operator: Operator = UNNAMED) -> bool:
    """Whether anything that an operator has to do with is named, or the operator itself."""
    return bool(_OURS.search(text) or _any_of((*operator.called, *operator.hotlines)).search(text))


def asks_permission(text: str) -> bool:
    """Whether the wording can be a question about what is possible now."""
    return bool(_MAY_I.search(text))


@cache
def _not_organization(called: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_NOT_ORGANIZATION.format(called=_any_of(called).pattern))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches any of the words; nothing where there are none."""
    return re.compile("|".join(map(re.escape, words)) or "(?!)")
