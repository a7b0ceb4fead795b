"""Passwords and codes that somebody has typed: what stands at the word for one."""

import re
from collections.abc import Iterator
from typing import Final

from actions.privacy.shadow import TAKEN_SECRET

_WORD: Final = r"(?:密码|口令|验证码|校验码|动态码|确认码|短信码|随机码|授权码|pin码|puk码|pin2?|puk2?|password|passwd|pwd|passcode|code)"
# What leads from the word to its value. `_SAYS` leaves no doubt that a value follows.
_SAYS: Final = (
    r"(?:(?:就|应该|好像|也|都)?(?:是|为|叫)|(?:改|换|变|设|重置|修改|设置)(?:成|为|到)(?:了)?|如下|:|=|->|→)"
)
_LEADS: Final = (
    rf"(?:{_SAYS}|输入?的?|填的?|[\"'“”‘’「」『』《》<>()\[\] \u200b,，、]|了|的|我的?|[4-8四五六八]位(?:数字?)?)"
)
_FIGURES: Final = r"\d(?:[ \u200b\-.]?\d){3,31}"
_MIXED: Final = r"(?=[\w@#$%^&+!.\-]{0,31}[a-z])(?=[\w@#$%^&+!.\-]{0,31}\d)[a-z0-9@#$%^&+!_](?:[a-z0-9@#$%^&+!_.\-]{2,30})[a-z0-9@#$%^&+!_]"
_WORDLESS: Final = r"[a-z][a-z@#$%^&+!_]{4,31}(?![a-z])"
# Amounts, times and lengths are no passwords, and neither are the numbers that everybody calls.
_NOT_BEHIND: Final = r"(?! ?(?:位|年|月|日|号楼|元|块|次|分|秒|个|条|遍|天|小时|g\b|m\b))(?!\d)"
_PUBLIC: Final = re.compile(r"100(?:\d\d|\d{3})|12[3]\d\d|1100?|1060\d*|9[56]\d{3}")
_TELEPHONE: Final = re.compile(r"(?:86)?1[3-9]\d{9}|0\d{9,11}")
_BEHIND_WORD: Final = re.compile(
    rf"{_WORD}(?P<lead>{_LEADS}{{0,6}}?)(?:(?P<value>{_FIGURES}{_NOT_BEHIND}|{_MIXED})|(?<=[是为叫:=])(?P<letters>{_WORDLESS}))"
)
_BEFORE_WORD: Final = re.compile(
    rf"(?<![\w])(?P<value>{_FIGURES}|{_MIXED})(?:[ ,]?(?:就|才|都)?(?:是|为)(?:我|我们|他|她|你们)?(?:家|手机|新|旧|老|原)?的?"
    rf"(?:初始|新|旧|原|老|服务|登录|查询|手机|支付|交易|短信|宽带)*|[ ,]?[这那]个){_WORD}"
)
# 「密码 382911 改成 654321」: what a password that was found is to become.
_NEXT: Final = re.compile(
    rf"{TAKEN_SECRET}+(?:[ ,，、]?(?:改|换|变|设)(?:成|为|到)|[ ,]?(?:或者?|还是|和|、)|[,，、])(?:的?新?{_WORD}?{_SAYS}?)?"
    rf" ?(?P<value>{_FIGURES}{_NOT_BEHIND}|{_MIXED})"
)


def secrets_in(plain: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each password or code in a shadow."""
    for match in _BEHIND_WORD.finditer(plain):
        group = "value" if match["value"] else "letters"
        if _is_secret(match[group], sure=bool(re.search(_SAYS, match["lead"]))):
            yield match.span(group)
    for match in (*_BEFORE_WORD.finditer(plain), *_NEXT.finditer(plain)):
        if _is_secret(match["value"], sure=False):
            yield match.span("value")


def _is_secret(value: str, *, sure: bool) -> bool:
    digits = re.sub(r"[ \u200b\-.]", "", value)
    return not _PUBLIC.fullmatch(digits) and (sure or not _TELEPHONE.fullmatch(digits))
