"""One line of an account file, checked against the declared facts."""

import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from knowledge.facts import FactSpec, FactValueError, Value

MAX_WORD: Final = 64
MAX_NAME: Final = 200
# Called with the field (None: the whole line) and the reason.
Report = Callable[[str | None, str], None]


@dataclass(frozen=True, slots=True)
class Holder:
    """What one line says of the customer; only known facts are in `facts`."""

    id: str
    name: str | None
    facts: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Record:
    """One number; only known facts are in `facts`, an explicit "there is none" among them as `NONE`."""

    number: str
    holder: Holder | None
    facts: Mapping[str, Value]


def parse_line(line: bytes, specs: Mapping[str, FactSpec], report: Report) -> Record | None:
    """What is sound in one line; None where not even the number can be read. Every problem goes to `report`."""
    fields = _fields(line, report)
    if fields is None:
        return None
    number = _word(fields, "number", "number", MAX_WORD, report, required=True)
    holder = _holder(fields["customer"], specs, report) if fields.get("customer") is not None else None
    facts = _facts(fields, {"number", "customer"}, "subscription", "", specs, report)
    return Record(number, holder, facts) if number else None


def _fields(line: bytes, report: Report) -> dict[str, Any] | None:
    repeated: list[str] = []
    try:
        fields = json.loads(line.decode("utf-8").rstrip(), object_pairs_hook=lambda pairs: _object(pairs, repeated))
    except UnicodeDecodeError:
        report(None, "不是 UTF-8 编码")
        return None
    except json.JSONDecodeError as error:
        report(None, f"不是完整的 JSON（第 {error.colno} 个字符附近）")
        return None
    except (ValueError, RecursionError):
        report(None, "不是可以读的 JSON")
        return None
    for key in repeated:
        report(key, "重复出现")
    if not isinstance(fields, dict):
        report(None, '应是一个 JSON 对象，例如 {"number": …}')
        return None
    return fields


def _holder(node: object, specs: Mapping[str, FactSpec], report: Report) -> Holder | None:
    if not isinstance(node, dict):
        report("customer", '应是一个对象，例如 {"id": "G1001"}')
        return None
    identifier = _word(node, "id", "customer.id", MAX_WORD, report, required=True)
    name = _word(node, "name", "customer.name", MAX_NAME, report)
    facts = _facts(node, {"id", "name"}, "customer", "customer.", specs, report)
    return Holder(identifier, name, facts) if identifier else None


def _facts(
    fields: Mapping[str, Any], others: set[str], level: str, prefix: str, specs: Mapping[str, FactSpec], report: Report
) -> dict[str, Value]:
    facts: dict[str, Value] = {}
    for key, raw in fields.items():
        spec = specs.get(key)
        if key in others or (spec is not None and spec.level == level and raw is None):
            continue
        if spec is None or spec.level != level:
            report(f"{prefix}{_short(key)}", "不认识，请检查字段名")
            continue
        try:
            facts[key] = spec.from_json(raw)
        except FactValueError as error:
            report(f"{prefix}{key}", str(error))
    return facts


def _word(
    fields: Mapping[str, Any], key: str, field: str, longest: int, report: Report, *, required: bool = False
) -> str | None:
    value = fields.get(key)
    if value is None:
        if required:
            report(field, "没有填")
        return None
    if not isinstance(value, str):
        report(field, "应是文字")
    elif not value or value != value.strip():
        report(field, "不能是空的，前后也不能有空格")
    elif len(value) > longest:
        report(field, f"太长了，最多 {longest} 个字符")
    elif any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        report(field, "含有不能保存的字符")
    else:
        return value
    return None


def _object(pairs: list[tuple[str, Any]], repeated: list[str]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        repeated += sorted({_short(key) for key in keys if keys.count(key) > 1})
    return result


def _short(key: str) -> str:
    return key if len(key) <= 40 else key[:40] + "…"
