"""Reads the part of a mapping file that says how one fact stands in the answer."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Final, get_args

from actions.accounts.billing.mapping import UNITS, FactMapping, JsonType, Rounding, Stamp
from actions.accounts.billing.places import Marker, Place, Scalar, Without
from actions.accounts.billing.times import is_counted, is_form
from actions.accounts.freshness import MaxAge, read_age
from knowledge.facts import NONE, FactSpec, FactType, Value
from knowledge.reading import FileReader
from knowledge.yaml_source import Mapping as YamlMapping

# What else may be said of a fact, by its type.
_OWN_KEYS: Final[dict[FactType, tuple[str, ...]]] = {
    "bool": ("words",),
    "enum": ("words",),
    "int": ("divide_by", "at_most"),
    "money": ("unit", "at_most"),
    "decimal": ("divide_by", "round", "at_most"),
    "date": ("form", "days"),
}
_COMMON_KEYS: Final = ("json", "none", "as_of", "max_age")
_DATE: Final = "%Y-%m-%d"
_MOST_DAYS: Final = 31


class Places:
    """Reads places and what is expected there."""

    def __init__(self, file: FileReader) -> None:
        self._file = file

    def place(self, node: YamlMapping, key: str) -> Place | None:
        """The place under `key`; None where there is none (whether there must be one is for the caller to check)."""
        text = self._file.text(node, key)
        place = Place.parse(text) if text else None
        if text and place is None:
            self._file.note(node.line_of(key), f"“{key}”应当是一个位置，例如 /data/fee 或 data.fee")
        return place

    def marker(self, node: YamlMapping, what: str, others: Iterable[str] = ()) -> Marker | None:
        """A place with the values that say something there."""
        self._file.check_keys(node, ("at", "equals"), others)
        place = self.place(node, "at")
        values = node.get("equals")
        if not isinstance(values, list) or not values or not all(_is_scalar(value) for value in values):
            self._file.note(node.line_of("equals"), f"“{what}”的 equals 应当是列表，里面是文字、整数或 true、false")
            return None
        return Marker(place, tuple(map(_plain, values))) if place else None

    def stamp(self, node: YamlMapping, key: str) -> Stamp | None:
        """Where the time of the data stands; None where nothing says it."""
        if key not in node:
            return None
        content = self._file.mapping(node[key], node.line_of(key), f"“{key}”")
        if content is None:
            return None
        self._file.check_keys(content, ("at", "form"))
        place, form = self.place(content, "at"), self.form(content)
        return Stamp(place, form) if place and form else None

    def form(self, node: YamlMapping) -> str:
        """The form of a date; "" with a problem where it cannot be one."""
        form = self._file.text(node, "form")
        if form and not is_form(form):
            self._file.note(
                node.line_of("form"),
                f"“form”的值“{form}”不对：可以是 iso8601、epoch_seconds、epoch_milliseconds，或者像 %Y%m%d%H%M%S 这样写",
            )
            return ""
        return form


class FactReader:
    """Reads facts; `as_of` and `max_age` hold where a fact says nothing else."""

    def __init__(self, file: FileReader, as_of: Stamp | None, max_age: MaxAge | None) -> None:
        self._file = file
        self._places = Places(file)
        self._as_of = as_of
        self._max_age = max_age

    def read(self, spec: FactSpec, node: YamlMapping) -> FactMapping | None:
        """How the fact is read; None (with problems) where that cannot be told."""
        # A sum without its unit could be off by a hundred: it has to be said.
        self._file.check_keys(
            node,
            ("at", "unit") if spec.type == "money" else ("at",),
            (*_OWN_KEYS[spec.type], *_COMMON_KEYS),
        )
        place = self._places.place(node, "at")
        form = self._places.form(node) if "form" in node else _DATE
        words = self._words(spec, node) if "words" in node else None
        none, none_when = self._none(spec, node)
        json = self._json(spec, node, form, words is not None)
        if place is None or not form:
            return None
        return FactMapping(
            spec=spec,
            place=place,
            json=json,
            words=words,
            none=none,
            none_when=none_when,
            divisor=self._divisor(node),
            rounding=self._rounding(node),
            at_most=self._decimal(node, "at_most"),
            form=form,
            days=self._days(node),
            as_of=self._places.stamp(node, "as_of") or self._as_of,
            max_age=self._age(spec, node),
        )

    def _json(self, spec: FactSpec, node: YamlMapping, form: str, translated: bool) -> JsonType:
        """The JSON type that the value has; another one is never taken for it."""
        usual: JsonType = "text"
        if translated:
            allowed: tuple[JsonType, ...] = ("text", "integer", "boolean")
        elif spec.type == "bool":
            usual, allowed = "boolean", ("boolean",)
        elif spec.type == "date":
            usual = "integer" if is_counted(form) else "text"
            allowed = (usual,)
        elif spec.type == "enum":
            allowed = ("text",)
        else:
            usual = "integer" if spec.type == "int" or node.get("unit") in ("分", "厘") else "text"
            allowed = ("text", "integer", "number")
        chosen = self._file.choice(node, "json", get_args(JsonType), usual)
        if chosen not in allowed:
            self._file.note(node.line_of("json"), f"“{spec.name}”的 json 只能是 {'、'.join(allowed)}")
        return chosen  # type: ignore[return-value]  # one of the words of JsonType

    def _words(self, spec: FactSpec, node: YamlMapping) -> dict[str, Value] | None:
        line = node.line_of("words")
        content = self._file.mapping(node["words"], line, "“words”")
        words: dict[str, Value] = {}
        for theirs, ours in (content or {}).items():
            known = ours in (spec.values or ()) if spec.type == "enum" else isinstance(ours, bool)
            if ours == NONE and spec.none is not None:
                words[theirs] = NONE
            elif known:
                words[theirs] = ours if isinstance(ours, bool) else str(ours)
            else:
                options = list(spec.values or ("true", "false")) + ([NONE] if spec.none else [])
                at = content.line_of(theirs) if content else line
                self._file.note(at, f"“{spec.name}”的 words：“{ours}”不对，只能译成 {'、'.join(options)}")
        if content is not None and not content:
            self._file.note(line, f"“{spec.name}”的 words 是空的")
        return words

    def _none(self, spec: FactSpec, node: YamlMapping) -> tuple[tuple[Scalar, ...], Marker | Without | None]:
        if "none" not in node:
            return (), None
        line, content = node.line_of("none"), node["none"]
        if spec.none is None:
            self._file.note(line, f"“{spec.name}”没有“明确没有”的说法，不能写 none")
        elif isinstance(content, list):
            if not content or not all(_is_scalar(value) for value in content):
                self._file.note(line, "“none”应当列出表示“没有”的值；空值（null）只表示不知道，不能算")
            else:
                return tuple(map(_plain, content)), None
        elif isinstance(content, YamlMapping):
            return (), self._none_when(content)
        else:
            self._file.note(line, '“none”应当是列表，例如 ["", "00000000"]，或者写 at 和 equals')
        return (), None

    def _none_when(self, node: YamlMapping) -> Marker | Without | None:
        if "without" not in node:
            return self._places.marker(node, "none")
        self._file.check_keys(node, ("at", "without", "kinds"))
        place, kind, kinds = self._places.place(node, "at"), node["without"], self._file.texts(node, "kinds")
        if not isinstance(kind, YamlMapping) or len(kind) != 1 or not all(isinstance(v, str) for v in kind.values()):
            self._file.note(node.line_of("without"), '“without”应当写一个键和它的值，例如 {type: "SUBSIDY"}')
            return None
        [(key, value)] = kind.items()
        if value not in kinds:
            self._file.note(node.line_of("kinds"), f"“kinds”应当列出对方有的每一种，其中要有“{value}”")
        return Without(place, key, str(value), tuple(map(str, kinds))) if place else None

    def _divisor(self, node: YamlMapping) -> Decimal:
        if "unit" in node:
            return UNITS[self._file.choice(node, "unit", UNITS, "元")]
        return self._decimal(node, "divide_by") or Decimal(1)

    def _rounding(self, node: YamlMapping) -> Rounding | None:
        if "round" not in node:
            return None
        return "up" if self._file.choice(node, "round", get_args(Rounding), "down") == "up" else "down"

    def _decimal(self, node: YamlMapping, key: str) -> Decimal | None:
        if key not in node:
            return None
        try:
            value = Decimal(node[key]) if isinstance(node[key], str) else Decimal(0)
        except InvalidOperation:
            value = Decimal(0)
        if not value.is_finite() or value <= 0:
            self._file.note(node.line_of(key), f'“{key}”应当是加引号的正数，例如 "1024"')
            return None
        return value

    def _days(self, node: YamlMapping) -> int:
        days: Any = node.get("days", 0)
        if type(days) is not int or abs(days) > _MOST_DAYS:
            self._file.note(node.line_of("days"), f"“days”应当是 -{_MOST_DAYS} 到 {_MOST_DAYS} 的整数")
            return 0
        return days

    def _age(self, spec: FactSpec, node: YamlMapping) -> MaxAge | None:
        age = read_age(self._file, node, "max_age") or self._max_age
        if age is not None and self._as_of is None and "as_of" not in node:
            self._file.note(node.line_of("max_age"), f"“{spec.name}”有时效 max_age，却没有 as_of 说明数据的时间")
        return age


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | bool)


def _plain(value: Any) -> Scalar:
    """A value without the line it was read from."""
    return str(value) if isinstance(value, str) else value
