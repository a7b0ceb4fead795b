"""Reads predicates of the closed vocabulary from YAML and reports everything in them that is not sound."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from knowledge.facts import NONE, FactSpec, FactValueError, Value
from knowledge.predicates import (
    AllOf,
    AnyOf,
    EndsWithin,
    Lost,
    MoreThan,
    NoneOrPassed,
    Not,
    OneOf,
    Predicate,
    SilentUnless,
)
from knowledge.yaml_source import Mapping as YamlMapping


class PredicateReader:
    """Turns YAML nodes into predicates; `report` takes the line and the reason of each problem."""

    def __init__(self, facts: Mapping[str, FactSpec], report: Callable[[int, str], None]) -> None:
        self.facts = facts
        self.report = report

    def read(self, node: Any, line: int, what: str, *, top: bool = False, notice: bool = False) -> Predicate | None:
        """One predicate, or None where it is not sound.

        `top`: the words that speak about the rule text itself (`silent_unless`, `lost`) may stand here.
        `notice`: the words that only make sense in a notice (`ends_within`) may stand here.
        """
        if not isinstance(node, YamlMapping) or len(node) != 1:
            if node is not None:
                self.report(line, f"{what}：这里应恰好有一个判断词")
            return None
        word, argument = next(iter(node.items()))
        line = node.line_of(word)
        if word in ("all", "any"):
            return self._group(word, argument, line, what, notice)
        if word == "not" or (word == "silent_unless" and top):
            child = self.read(argument, line, what, notice=notice)
            if child is None:
                return None
            return Not(child) if word == "not" else SilentUnless(child)
        if word == "lost" and top:
            if argument is not True:
                self.report(line, f"{what}：lost 只能写 true")
            return Lost()
        if word == "none_or_passed":
            return NoneOrPassed(argument) if self._has_type(argument, "date", line, what) else None
        if word in ("equals", "not_equals", "in", "not_in", "more_than") or (word == "ends_within" and notice):
            return self._comparison(word, argument, line, what)
        self.report(line, f"{what}：不认识的判断词“{word}”，或它不能用在这里")
        return None

    def _group(self, word: str, argument: Any, line: int, what: str, notice: bool) -> Predicate | None:
        if not isinstance(argument, list) or len(argument) < 2:
            self.report(line, f"{what}：{word} 下面应是至少两个判断")
            return None
        parts = [self.read(part, line, what, notice=notice) for part in argument]
        sound = tuple(part for part in parts if part is not None)
        if len(sound) < len(parts):
            return None
        return AllOf(sound) if word == "all" else AnyOf(sound)

    def _comparison(self, word: str, argument: Any, line: int, what: str) -> Predicate | None:
        if not isinstance(argument, YamlMapping) or len(argument) != 1:
            self.report(line, f"{what}：{word} 应写成“事实: 值”，只写一个事实")
            return None
        fact, raw = next(iter(argument.items()))
        if word == "ends_within":
            if not self._has_type(fact, "date", line, what):
                return None
            if isinstance(raw, bool) or not isinstance(raw, int) or raw < 0:
                self.report(line, f"{what}：ends_within 的值应是天数")
                return None
            return EndsWithin(fact, raw)
        if word in ("in", "not_in") and (not isinstance(raw, list) or not raw or len(raw) != len(set(map(str, raw)))):
            self.report(line, f"{what}：{word} 的值应是不重复的列表")
            return None
        values = [self.value(fact, item, line, what) for item in (raw if word in ("in", "not_in") else [raw])]
        options = tuple(value for value in values if value is not None)
        if len(options) < len(values):
            return None
        if word == "more_than":
            if self.facts[fact].type not in ("int", "money", "decimal") or options[0] == NONE:
                self.report(line, f"{what}：{fact} 不是数，不能用 more_than")
                return None
            return MoreThan(fact, options[0])
        found = OneOf(fact, options)
        return Not(found) if word.startswith("not_") else found

    def value(self, fact: str, raw: Any, line: int, what: str) -> Value | None:
        """A constant written for a fact, or None where the fact cannot have it."""
        if fact not in self.facts:
            self.report(line, f"{what}：没有声明过的事实“{fact}”")
            return None
        try:
            return self.facts[fact].from_json(raw.isoformat() if isinstance(raw, date) else raw)
        except FactValueError as error:
            self.report(line, f"{what}：{fact} 的值{error}")
            return None

    def _has_type(self, fact: Any, kind: str, line: int, what: str) -> bool:
        if not isinstance(fact, str) or fact not in self.facts:
            self.report(line, f"{what}：没有声明过的事实“{fact}”")
            return False
        if self.facts[fact].type != kind:
            self.report(line, f"{what}：{fact} 不是日期")
            return False
        return True
