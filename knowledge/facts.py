"""Account facts as declared in `facts.yml`: their types, how they are read, written and shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Literal, get_args

from knowledge.yaml_source import KnowledgeError, Problem, read_yaml
from knowledge.yaml_source import Mapping as YamlMapping

FactType = Literal["bool", "int", "money", "decimal", "date", "enum"]
Level = Literal["subscription", "customer"]
Value = bool | int | Decimal | date | str
"""A known value; `NONE` stands for an explicit "there is none". An unknown fact has no value at all."""

NONE: Final = "none"
PLACES: Final[Mapping[str, int]] = {"money": 2, "decimal": 3}
# What fits a 64-bit integer of the smallest unit, with room for sums.
MAX_INTEGER_DIGITS: Final = 12
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.(\d+))?", re.ASCII)
_TRUE = ("true", "yes", "是")
_FALSE = ("false", "no", "否")
_KEYS = {"label", "type", "of", "none", "values", "minimum"}


class FactValueError(ValueError):
    """A value that the fact cannot have; the message is Chinese and names neither fact nor place."""


@dataclass(frozen=True, slots=True)
class FactSpec:
    """The declaration of one account fact."""

    name: str
    type: FactType
    label: str
    level: Level = "subscription"
    none: str | None = None
    values: Mapping[str, str] | None = None
    minimum: Decimal | None = None

    def from_json(self, raw: object) -> Value:
        """The value of a JSON field (not null). Raises `FactValueError`."""
        if self.type == "bool":
            if not isinstance(raw, bool):
                raise FactValueError("应是 true 或 false")
            return raw
        if self.type == "int":
            if isinstance(raw, bool) or not isinstance(raw, int):
                raise FactValueError("应是整数")
            return self.checked(raw)
        if not isinstance(raw, str):
            raise FactValueError(f"应是文字，{self._form()}")
        return self._from_word(raw)

    def from_text(self, text: str) -> Value:
        """The value typed on a command line. Raises `FactValueError`."""
        if self.type == "bool":
            if text.lower() in _TRUE:
                return True
            if text.lower() in _FALSE:
                return False
            raise FactValueError("应是 true 或 false")
        if self.type == "int":
            if not re.fullmatch(r"-?\d{1,18}", text, re.ASCII):
                raise FactValueError("应是整数")
            return self.checked(int(text))
        return self._from_word(text)

    def checked(self, value: Any) -> Value:
        """`value` itself where it has the declared type and lies in the domain. Raises `FactValueError`."""
        if value == NONE and isinstance(value, str):
            if self.none is None:
                raise FactValueError("不能是 none：这一项没有“明确没有”的说法，不知道就不填")
            return NONE
        if not _TYPE_TESTS[self.type](value):
            raise FactValueError(f"类型不对，{self._form()}")
        if self.values is not None and value not in self.values:
            raise FactValueError(f"不能是“{value}”，{self._form()}")
        if self.type in ("int", "money", "decimal") and abs(value) >= 10**MAX_INTEGER_DIGITS:
            raise FactValueError("数值太大")
        if self.minimum is not None and value < self.minimum:
            raise FactValueError(f"不能小于 {self.minimum}")
        result: Value = value
        return result

    def to_json(self, value: Value | None) -> bool | int | str | None:
        """The JSON form: money as text with two decimals, dates as ISO text, unknown as null."""
        if isinstance(value, Decimal):
            return f"{value:.2f}" if self.type == "money" else f"{value}"
        if isinstance(value, date):
            return value.isoformat()
        return value

    def show(self, value: Value | None) -> str:
        """The value as a Chinese reader sees it."""
        if value is None:
            return "未知"
        if value == NONE and self.none is not None:
            return self.none
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, date):
            return show_date(value)
        if self.values is not None:
            return self.values[str(value)]
        return str(self.to_json(value))

    def _from_word(self, text: str) -> Value:
        if text == NONE:
            return self.checked(NONE)
        if self.type == "enum":
            return self.checked(text)
        if self.type == "date":
            return self.checked(parse_date(text))
        return self.checked(self._decimal(text))

    def _decimal(self, text: str) -> Decimal:
        match = _NUMBER.fullmatch(text)
        if not match:
            raise FactValueError(f"“{text[:20]}”不是数，{self._form()}")
        places = PLACES[self.type]
        if len(match[1] or "") > places:
            raise FactValueError(f"小数最多 {places} 位")
        value = Decimal(text) + 0  # "-0.00" is 0.00
        if self.type == "money" and abs(value) < 10**MAX_INTEGER_DIGITS:
            value = value.quantize(Decimal("0.01"))
        return value

    def _form(self) -> str:
        if self.values is not None:
            return "应是 " + "、".join([*self.values, *([NONE] if self.none else [])]) + " 之一"
        words = {"bool": "true 或 false", "int": "整数", "money": '金额，例如 "32.50"', "decimal": '小数，例如 "5.125"'}
        form = words.get(self.type, '日期，例如 "2027-12-31"')
        return f"应是{form}" + (f"，或 {NONE}" if self.none else "")


_TYPE_TESTS: dict[str, Callable[[object], bool]] = {
    "bool": lambda value: isinstance(value, bool),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "money": lambda value: isinstance(value, Decimal) and value.is_finite(),
    "decimal": lambda value: isinstance(value, Decimal) and value.is_finite(),
    "date": lambda value: type(value) is date,
    "enum": lambda value: isinstance(value, str),
}


def parse_date(text: str) -> date:
    """A date written as YYYY-MM-DD and nothing else. Raises `FactValueError`."""
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise FactValueError(f"“{text[:20]}”不是有效的日期，应写成 YYYY-MM-DD")


def show_date(day: date) -> str:
    """A date as a Chinese reader sees it."""
    return f"{day.year}年{day.month}月{day.day}日"


def load_facts(path: Path) -> dict[str, FactSpec]:
    """The declared facts by name, in the order of the file. Raises `KnowledgeError` with everything that is wrong."""
    content = read_yaml(path)
    if not isinstance(content, YamlMapping):
        raise KnowledgeError([Problem(path, 0, "应是“事实名: 声明”的列表")])
    problems: list[Problem] = []
    facts: dict[str, FactSpec] = {}
    for name, node in content.items():
        line = content.line_of(name)
        reasons = _declaration_problems(node)
        problems += [Problem(path, line, f"事实 {name}：{reason}") for reason in reasons]
        if not reasons:
            facts[name] = FactSpec(
                name=name,
                type=node["type"],
                label=node["label"],
                level=node.get("of", "subscription"),
                none=node.get("none"),
                values=node.get("values"),
                minimum=Decimal(node["minimum"]) if "minimum" in node else None,
            )
    if problems:
        raise KnowledgeError(problems)
    return facts


def _declaration_problems(node: object) -> list[str]:
    if not isinstance(node, YamlMapping):
        return ["声明应是一组键值"]
    problems = [f"不认识的键“{key}”" for key in node if key not in _KEYS]
    if not isinstance(node.get("label"), str):
        problems.append("缺少中文名 label")
    if node.get("type") not in get_args(FactType):
        problems.append(f"type 应是 {'、'.join(get_args(FactType))} 之一")
    if node.get("of", "subscription") not in get_args(Level):
        problems.append("of 只能是 customer 或 subscription")
    if "none" in node and not isinstance(node["none"], str):
        problems.append("none 应是一句话，说明“没有”是什么意思")
    if (node.get("type") == "enum") != isinstance(node.get("values"), YamlMapping):
        problems.append("enum 要有 values，其他类型不能有")
    elif NONE in (node.get("values") or ()):
        problems.append("values 里不能有 none，请用 none: 声明")
    if "minimum" in node and not (isinstance(node["minimum"], str) and _NUMBER.fullmatch(node["minimum"])):
        problems.append('minimum 应是加引号的数，例如 "0.00"')
    return problems
