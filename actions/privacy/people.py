"""Names of persons where somebody says that they are one, and postal addresses."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from actions.privacy.shadow import TAKEN
from actions.privacy.wording import word_list

_CJK: Final = r"[\u3400-\u9fff]"
# Behind these a name follows, or nothing that looks like one.
_CALLED: Final = (
    r"(?:(?:我|他|她|爸|妈|父亲|母亲|老公|老婆|丈夫|妻子|爱人|儿子|女儿|媳妇|家人|亲戚|同事|朋友|老板|员工|客户|用户|本人|孩子|"
    r"名字|姓名|全名|真名|原名|机主|户主|那人|的人)(?:的?(?:名字|姓名|真名|全名))?(?:就|本来)?叫做?|"
    r"(?:机主|户主|经办人?|办理人|联系人|开户人|申请人|负责人|使用人|代办人|委托人|受托人|法定代表人|法人)"
    r"(?:的?(?:姓名|名字))?(?:就?是|叫|为|(?:改|换|变更?|过户)[成为给到])?|(?:姓名|名字|户名)(?:就?是|叫|为|(?:改|换|变更?)[成为到])?)"
    r"[:： ]{0,2}"
)
_I_AM: Final = r"(?:我(?:就|本人)?是|本人|我本人|这边是|免贵姓)[: ]{0,2}"
_NAME_ENDS: Final = rf"(?=$|[\s,，。;；!！?？、:：()（）\"'“”{TAKEN}\u200b/+-]|我|想|要|的(?:手机|电话|号|身份|卡|账)|手机|电话|身份证|号码|\d)"


def names_in(plain: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each person's name in a shadow."""
    if not any(word in plain for word in ("叫", "主", "人", "名", "是")):
        return
    sure, unsure, words = _patterns()
    for pattern in (sure, unsure):
        for match in pattern.finditer(plain):
            if not match["name"].startswith(words):
                yield match.span("name")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], tuple[str, ...]]:
    usual, doubtful = ("".join(word_list(key)) for key in ("surnames", "ambiguous_surnames"))
    compound = "|".join(word_list("compound_surnames"))
    ends = "|".join(word_list("not_within_names"))
    given = rf"(?:(?![{''.join(word_list('not_in_names'))}]|{ends}){_CJK})"
    no_unit = f"(?!{'|'.join(word_list('units'))})"
    certain, possible = rf"(?:{compound}|[{usual}])", rf"(?:{compound}|[{usual}{doubtful}])"
    # As long as it can be, or it would end inside the name of a company.
    rest = rf"{given}{{1,2}}+{no_unit}"
    sure = rf"{_CALLED}(?P<name>{certain}{rest})"
    unsure = rf"(?:{_CALLED}|{_I_AM})(?P<name>{possible}{rest}){_NAME_ENDS}"
    return re.compile(sure), re.compile(unsure), tuple(word_list("not_names"))


_NUMBER: Final = r"(?:\d{1,5}|[一二三四五六七八九十百零〇]{1,6})(?:[-—之]\d{1,5})*"
_ROAD: Final = (
    r"(?:路|街|大街|大道|巷|弄|胡同|村|小区|花园|苑|公寓|大厦|广场|新村|家园|花苑|雅苑|园区|社区|里|庭|城|府|湾)"
)
_DETAIL: Final = (
    rf"(?:\s?(?:[东西南北a-z]\s?)?{_NUMBER}\s?(?!\d)(?:号楼|号院|号|弄|栋|幢|座|单元|楼|层|室|户|房|门|组|队)?(?![码卡线])"
    rf"|\s?[a-z]\s?[座栋幢区]|\s?(?:(?![搬到去换移改在至从]){_CJK}){{1,6}}(?:小区|花园|苑|公寓|大厦|广场|新村|家园))"
)
# A road and a house number, or at least three levels of where it is.
_HOUSE: Final = re.compile(
    rf"(?P<before>{_CJK}{{1,28}}?{_ROAD})(?=(?P<number>\s?(?:[a-z]\s?)?{_NUMBER}\s?(?:号楼|号院|号(?![码卡线短])|弄|栋|幢|座|单元|室)))"
    rf"(?P<rest>{_DETAIL}+)"
)
# No level has the word for one in its name, or a text of nothing else would be tried in every way.
_IN_LEVEL: Final = rf"(?:(?![省市区县旗]){_CJK})"
_LEVELS: Final = re.compile(
    rf"{_IN_LEVEL}{{2,8}}(?:省|自治区|市|自治州)(?:{_IN_LEVEL}{{1,7}}(?:市|区|县|旗)){{1,3}}+(?:{_IN_LEVEL}{{1,7}}?(?:镇|乡|街道))?"
    rf"{_CJK}{{1,9}}?(?:路|街|大道|巷|弄|村|小区|花园|苑|公寓|大厦|新村|家园)"
)
_LEADS_TO_ADDRESS: Final = re.compile(r".*(?:[在是到从址于往搬去住为把给家装]|改成|过来|那个|叫什么|叫)(?=.{2})")


def addresses_in(plain: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each postal address in a shadow."""
    for pattern in (_HOUSE, _LEVELS):
        for match in pattern.finditer(plain):
            start, end = match.span()
            before = match["before"][:-1] if pattern is _HOUSE else match[0][:14]
            if lead := _LEADS_TO_ADDRESS.match(before):
                start += lead.end()
            if end - start >= 4:
                yield start, end
