"""What the wording alone says of whose account it is, and whether it is about an operator at all.

Only closed lists of function words live here; what operations and the operator are called is the rule base's business.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from knowledge.identifiers import Ownership


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

_OURS: Final = re.compile(
    r"手机|号码|电话|sim|esim|宽带|固话|座机|专线|电信|移动(?!支付)|流量|话费|副卡|靓号|短信|信号|网速|断网|上网|彩铃|漫游|机主"
)

# Calling somebody is no business with an operator.
_BY_TELEPHONE: Final = re.compile(r"[打来](?!不)\w{0,4}电话|电话(?=催|骚扰)")


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


def names_something_of_ours(text: str, operator: Operator = UNNAMED) -> bool:
    """Whether anything that an operator has to do with is named, or the operator itself."""
    told = _BY_TELEPHONE.sub("", text)
    return bool(_OURS.search(told) or any_of((*operator.called, *operator.hotlines)).search(text))


@cache
def _not_organization(called: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_NOT_ORGANIZATION.format(called=any_of(called).pattern))


@cache
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Matches any of the words; nothing where there are none."""
    return re.compile("|".join(map(re.escape, words)) or "(?!)")
