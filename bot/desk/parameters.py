"""Reads what a request says: a value of the right type within its bounds, or one Chinese sentence."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, TypeVar, cast

from aiohttp import web

from actions.rule_base import rules
from actions.settings import today
from bot.gateway.errors import GatewayError
from bot.incoming_text import clean_text
from knowledge.identifiers import ASPECTS, DECISIONS, Aspect
from knowledge.model import RuleBase
from knowledge.yaml_source import KnowledgeError

Values = Mapping[str, Any]
Word = TypeVar("Word", bound=str)

CHANNELS: Final = ("web", "console", "wechat", "wecom")
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{3,32}")
_FIRST, _LAST = date(2000, 1, 1), date(2100, 12, 31)


def wrong(name: str, rule: str) -> GatewayError:
    """The error for a parameter that is not as the rule says."""
    return GatewayError(400, "wrong_parameter", f"{name} {rule}。")


def words(values: Values, name: str, least: int, most: int, *, required: bool = True) -> str:
    """A text without control characters and blanks around it, of so many characters; "" where it may be missing."""
    value = values.get(name)
    if value is None and not required:
        return ""
    if value is None:
        raise GatewayError(400, "missing_parameter", f"请求里缺少 {name}。")
    if not isinstance(value, str):
        raise wrong(name, "应是一段文字")
    text = clean_text(value)
    if not required and not text:
        return ""
    if not least <= len(text) <= most:
        raise wrong(name, f"应有 {least} 到 {most} 个字，现在是 {len(text)} 个")
    return text


def purpose(values: Values) -> str:
    """Why an account is looked at."""
    return words(values, "purpose", 2, 200)


def one_of(values: Values, name: str, allowed: Sequence[Word], *, required: bool = False) -> Word | None:
    """One of several words; None where it is missing or empty."""
    value = values.get(name)
    if value in (None, ""):
        if required:
            raise GatewayError(400, "missing_parameter", f"请求里缺少 {name}。")
        return None
    if not isinstance(value, str) or value not in allowed:
        raise wrong(name, f"只能是：{'、'.join(allowed)}")
    return cast(Word, value)


def whole(values: Values, name: str, least: int, most: int, default: int | None = None) -> int:
    """A whole number between two others."""
    value = values.get(name, default)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise wrong(name, f"应是 {least} 到 {most} 的整数")
    return value


def place(request: web.Request, name: str) -> int:
    """The id in the address; one that no row can have is no address at all."""
    value = request.match_info[name]
    if not re.fullmatch(r"[0-9]{1,18}", value):
        raise GatewayError(404, "not_found", "没有这个地址。")
    return int(value)


def day(values: Values, name: str) -> date | None:
    """A day as YYYY-MM-DD; None where it is missing."""
    value = values.get(name)
    if value in (None, ""):
        return None
    try:
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            raise ValueError
        found = date.fromisoformat(value)
    except ValueError as error:
        raise wrong(name, "应是 YYYY-MM-DD 的日期") from error
    if not _FIRST <= found <= _LAST:
        raise wrong(name, "应在 2000 年到 2100 年之间")
    return found


def judged_on(values: Values) -> date:
    """The day that a verdict is for: what `on` says, else today."""
    return day(values, "on") or today()


def number(values: Values) -> str:
    """A telephone or account number as somebody types it, without blanks and hyphens."""
    value = values.get("number")
    if not isinstance(value, str):
        raise GatewayError(400, "missing_parameter", "请求里缺少 number（要查的号码）。")
    found = re.sub(r"[\s\-‐–—]", "", unicodedata.normalize("NFKC", value[:100]))
    if not _NUMBER.fullmatch(found):
        raise wrong("number", "应是 3 到 32 位的数字或字母")
    return found


def operation(values: Values, current: RuleBase, *, required: bool = False) -> str | None:
    """The id of an operation of the rule base."""
    value = values.get("operation")
    if value in (None, ""):
        if required:
            raise GatewayError(400, "missing_parameter", "请求里缺少 operation（业务编号）。")
        return None
    if not isinstance(value, str) or value not in current.operations:
        raise wrong("operation", "不是规则库里的业务编号")
    return value


def aspect(values: Values) -> Aspect | None:
    """An aspect."""
    return one_of(values, "aspect", ASPECTS)


def topic(values: Values, current: RuleBase) -> str | None:
    """The id of a topic of the rule base."""
    value = values.get("topic")
    if value in (None, ""):
        return None
    if not isinstance(value, str) or value not in current.topics:
        raise wrong("topic", "不是规则库里的主题编号")
    return value


def decision(values: Values) -> str | None:
    """How a message was decided on."""
    return one_of(values, "decision", DECISIONS)


def current_rules() -> RuleBase:
    """The rule base; `GatewayError` 503 where it is faulty."""
    try:
        return rules()
    except KnowledgeError as error:
        raise GatewayError(503, "rules_unavailable", "规则库暂时不能用，请稍后再试。") from error


def pages(total: int, size: int) -> int:
    """How many pages so many rows fill."""
    return -(-total // size)
