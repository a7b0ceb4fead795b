"""Reads the file with an operation's eligibility rules and reports everything in it that is not sound."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, get_args

from knowledge.condition_model import (
    LOST_TEXT,
    Condition,
    Deadline,
    Notice,
    OperationRules,
    Remedy,
    RemedyBy,
    Scope,
)
from knowledge.facts import FactSpec, Value
from knowledge.identifiers import AUDIENCES
from knowledge.model import Citation, Documents, Period
from knowledge.predicate_reader import PredicateReader
from knowledge.predicates import ALWAYS, Lost, Predicate, SilentUnless, can_be_false, date_facts_of, facts_of
from knowledge.reading import FileReader, read_period
from knowledge.templates import template_problem
from knowledge.yaml_source import KnowledgeError, Problem, read_yaml
from knowledge.yaml_source import Mapping as YamlMapping

IN_FORCE: Final = "in_force"
"""Placeholder: the agreements of the condition that still run, each with its last day."""
MISSING: Final = "missing"
"""Placeholder: the labels of the facts of the condition that are not known."""
_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


class ConditionReader:
    """Reads one rule file and collects everything that is wrong with it."""

    def __init__(self, path: Path, facts: Mapping[str, FactSpec], documents: Documents | None) -> None:
        """`documents`: the sections that may be cited; None where there is no catalogue to compare with."""
        self.path = path
        self.facts = facts
        self.documents = documents
        self.problems: list[Problem] = []
        self.predicates = PredicateReader(facts, self._problem)

    def read(self, name: str) -> OperationRules:
        """The rules of the operation of that name. Raises `KnowledgeError` with everything that is wrong."""
        node = read_yaml(self.path)
        if not isinstance(node, YamlMapping):
            raise KnowledgeError([Problem(self.path, 0, "应是一组键值：operation、conditions 等")])
        self._keys(node, {"operation"}, {"conditions", "notices", "applies_to", "never_applies"}, "文件")
        if node.get("operation") != self.path.stem:
            self._problem(node.line_of("operation"), f"operation 应与文件名一致：{self.path.stem}")
        never = node.get("never_applies")
        if "never_applies" in node:
            self._template(node, "never_applies", (), "never_applies")
            if "conditions" in node or "applies_to" in node:
                self._problem(node.line_of("never_applies"), "有 never_applies 就不能再有 conditions 或 applies_to")
        rules = OperationRules(
            operation=self.path.stem,
            name=name,
            facts=self.facts,
            conditions=tuple(filter(None, map(self._condition, self._list(node, "conditions")))),
            notices=tuple(filter(None, map(self._notice, self._list(node, "notices")))),
            scope=self._scope(node["applies_to"], node.line_of("applies_to")) if "applies_to" in node else None,
            never_applies=never,
            path=self.path,
        )
        self._unique(rules.conditions)
        self._unique(rules.notices)
        if self.problems:
            raise KnowledgeError(sorted(self.problems, key=lambda problem: problem.line))
        return rules

    # -- parts of the file

    def _condition(self, node: Any) -> Condition | None:
        if not self._mapping(node, "条件"):
            return None
        what = f"条件 {node.get('id')}"
        self._keys(node, {"id", "cite", "require", "say"}, {"remedy", "valid"}, what)
        require = self.predicates.read(node.get("require"), node.line_of("require"), what, top=True)
        citation = self._citation(node, what)
        identifier = self._id(node, what)
        if require is None or citation is None or identifier is None:
            return None
        if (identifier == LOST_TEXT) != isinstance(require, Lost):
            self._problem(node.line_of("require"), f"{what}：{LOST_TEXT} 与 lost 只能一起用")
        bars = can_be_false(require)
        silent = isinstance(require, SilentUnless)
        keys = {"requirement", "unknown"} | ({"unmet"} if bars else set()) | ({"silent"} if silent else set())
        say = self._say(node, keys, require, what)
        if bars and "remedy" not in node:
            self._problem(node.line, f"{what}：缺少 remedy")
        if not bars and "remedy" in node:
            self._problem(node.line_of("remedy"), f"{what}：这个条件不会“不符合”，不能有 remedy")
        remedy = self._remedy(node["remedy"], node.line_of("remedy"), require, what) if "remedy" in node else None
        return Condition(
            id=identifier,
            citation=citation,
            require=require,
            requirement=say["requirement"],
            unmet=say.get("unmet", ""),
            unknown=say["unknown"],
            remedy=remedy,
            line=node.line,
            silent=say.get("silent", ""),
            valid=read_period(FileReader(self.path, self.problems), node),
        )

    def _say(self, node: YamlMapping, keys: set[str], require: Predicate, what: str) -> dict[str, str]:
        say = node.get("say")
        line = node.line_of("say")
        empty = dict.fromkeys(keys, "")
        if not isinstance(say, YamlMapping):
            if say is not None:
                self._problem(line, f"{what}：say 应是一组键值")
            return empty
        self._keys(say, keys, set(), f"{what} 的 say")
        for key in keys & set(say):
            self._template(say, key, _placeholders(key, require), f"{what} 的 {key}")
        return {**empty, **say}

    def _remedy(self, node: Any, line: int, require: Predicate, what: str) -> Remedy | None:
        if not isinstance(node, YamlMapping):
            self._problem(line, f"{what}：remedy 应是一组键值")
            return None
        by: RemedyBy | None = node.get("by")
        if by is None or by not in get_args(RemedyBy):
            self._problem(line, f"{what}：remedy 的 by 应是 {'、'.join(get_args(RemedyBy))} 之一")
            return None
        self._keys(node, {"by", "text"} | ({"sets"} if by == "customer" else set()), {"text_for"}, f"{what} 的 remedy")
        allowed = _placeholders("unmet", require) + (("clears_on",) if by == "time" else ())
        self._template(node, "text", allowed, f"{what} 的 remedy")
        text_for = self._text_for(node, allowed, require, f"{what} 的 text_for") if "text_for" in node else {}
        sets = self._sets(node, require, what) if by == "customer" else {}
        passed = dict.fromkeys(date_facts_of(require), date.min)
        clears_by_time = bool(passed) and require.holds(passed, date.max) is True
        if by == "customer" and sets is not None and require.holds(sets, date.min) is not True:
            self._problem(line, f"{what}：补救办法做完以后，这个条件仍然不成立")
        if by == "time" and not clears_by_time:
            self._problem(line, f"{what}：时间过去以后，这个条件仍然不成立")
        if by == "none" and clears_by_time:
            self._problem(line, f"{what}：这个条件会随时间解除，remedy 应是 time")
        return Remedy(by, node.get("text", ""), sets or {}, text_for)

    def _text_for(
        self, node: YamlMapping, allowed: Collection[str], require: Predicate, what: str
    ) -> dict[str, dict[Value, str]]:
        result: dict[str, dict[Value, str]] = {}
        facts = node["text_for"]
        if not isinstance(facts, YamlMapping) or not all(isinstance(texts, YamlMapping) for texts in facts.values()):
            self._problem(node.line_of("text_for"), f"{what}应写成“事实: {{值: 一句话}}”")
            return result
        for fact, texts in facts.items():
            if fact in self.facts and (fact not in facts_of(require) or self.facts[fact].type != "enum"):
                self._problem(facts.line_of(fact), f"{what}：{fact} 应是这个条件里的枚举事实")
            for raw in texts:
                self._template(texts, raw, allowed, what)
                value = self.predicates.value(fact, raw, texts.line_of(raw), what)
                if value is not None:
                    result.setdefault(fact, {})[value] = texts[raw]
        return result

    def _sets(self, node: YamlMapping, require: Predicate, what: str) -> dict[str, Value] | None:
        sets = node.get("sets")
        if not isinstance(sets, YamlMapping) or not sets:
            if sets is not None:
                self._problem(node.line_of("sets"), f"{what}：sets 应写明补救以后哪些事实是什么值")
            return None
        result: dict[str, Value] = {}
        for fact, raw in sets.items():
            line = sets.line_of(fact)
            if fact in self.facts and fact not in facts_of(require):
                self._problem(line, f"{what}：补救改变的事实 {fact} 与这个条件无关")
            value = self.predicates.value(fact, raw, line, what)
            if value is not None:
                result[fact] = value
        return result if len(result) == len(sets) else None

    def _notice(self, node: Any) -> Notice | None:
        if not self._mapping(node, "提示"):
            return None
        what = f"提示 {node.get('id')}"
        self._keys(node, {"id", "cite", "text"}, {"when", "audience", "deadline"}, what)
        audience = node.get("audience", "all")
        if audience not in AUDIENCES:
            self._problem(node.line_of("audience"), f"{what} 的 audience 只能是：{'、'.join(AUDIENCES)}")
        when = (
            self.predicates.read(node["when"] or "", node.line_of("when"), what, notice=True)
            if "when" in node
            else ALWAYS
        )
        citation = self._citation(node, what)
        identifier = self._id(node, what)
        if when is None or citation is None or identifier is None:
            return None
        self._template(node, "text", facts_of(when), what)
        deadline = self._deadline(node, when, what) if "deadline" in node else None
        return Notice(identifier, citation, when, node.get("text", ""), audience, node.line, deadline)

    def _deadline(self, node: YamlMapping, when: Predicate, what: str) -> Deadline | None:
        deadline = node["deadline"]
        what = f"{what} 的 deadline"
        if not isinstance(deadline, YamlMapping):
            self._problem(node.line_of("deadline"), f"{what}应是一组键值")
            return None
        self._keys(deadline, {"after", "months", "text"}, set(), what)
        after, months = deadline.get("after"), deadline.get("months")
        sound = True
        if after is not None and (after not in self.facts or self.facts[after].type != "date"):
            self._problem(deadline.line_of("after"), f"{what}：after 应是一个日期事实，现在是“{after}”")
            sound = False
        if months is not None and (isinstance(months, bool) or not isinstance(months, int) or not 0 < months <= 120):
            self._problem(deadline.line_of("months"), f"{what}：months 应是月数")
            sound = False
        self._template(deadline, "text", (*facts_of(when), str(after), "deadline"), what)
        if not sound or after is None or months is None:
            return None
        return Deadline(after, months, deadline.get("text", ""))

    def _scope(self, node: Any, line: int) -> Scope | None:
        if not isinstance(node, YamlMapping):
            self._problem(line, "applies_to 应是一组键值")
            return None
        self._keys(node, {"cite", "require", "requirement", "otherwise", "unknown"}, set(), "applies_to")
        require = self.predicates.read(node.get("require"), node.line_of("require"), "applies_to")
        citation = self._citation(node, "applies_to")
        if require is None or citation is None:
            return None
        for key in ("requirement", "otherwise", "unknown"):
            self._template(node, key, _placeholders(key, require), f"applies_to 的 {key}")
        return Scope(
            citation,
            require,
            node.get("requirement", ""),
            node.get("otherwise", ""),
            node.get("unknown", ""),
            node.line,
        )

    def _citation(self, node: YamlMapping, what: str) -> Citation | None:
        cite = node.get("cite")
        if cite is None:
            return None
        document, section = (
            (cite.get("document"), cite.get("section")) if isinstance(cite, YamlMapping) else (None, None)
        )
        if not isinstance(document, str) or not isinstance(section, str) or set(cite) != {"document", "section"}:
            self._problem(node.line_of("cite"), f"{what}：cite 应写明 document 和 section，没有别的键")
            return None
        citation = Citation(document, section)
        if self.documents and (refusal := self.documents.refusal(citation)):
            self._problem(node.line_of("cite"), f"{what}：{refusal}")
        return citation

    # -- small checks

    def _problem(self, line: int, reason: str) -> None:
        self.problems.append(Problem(self.path, line, reason))

    def _keys(self, node: YamlMapping, required: set[str], optional: set[str], what: str) -> None:
        for key in node:
            if key not in required | optional:
                self._problem(node.line_of(key), f"{what}：不认识的键“{key}”")
        for key in sorted(required):
            if node.get(key) is None:
                self._problem(node.line_of(key), f"{what}：缺少 {key}")

    def _mapping(self, node: Any, what: str) -> bool:
        if not isinstance(node, YamlMapping):
            self._problem(0, f"{what}应是一组键值，这里是 {node!r}")
            return False
        return True

    def _unique(self, entries: Sequence[Condition | Notice]) -> None:
        """An identifier stands once, but for conditions that follow one another in time."""
        for number, entry in enumerate(entries):
            for earlier in entries[:number]:
                if entry.id == earlier.id and _period(entry).overlaps(_period(earlier)):
                    self._problem(entry.line, f"编号 {entry.id} 重复出现，有效期与第 {earlier.line} 行的重叠")

    def _list(self, node: YamlMapping, key: str) -> list[Any]:
        items = node.get(key, [])
        if not isinstance(items, list):
            self._problem(node.line_of(key), f"{key} 应是列表")
            return []
        return items

    def _id(self, node: YamlMapping, what: str) -> str | None:
        identifier = node.get("id")
        if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
            if identifier is not None:
                self._problem(node.line_of("id"), f"{what}：编号只能用小写英文字母、数字和下划线")
            return None
        return identifier

    def _template(self, node: YamlMapping, key: str, allowed: Collection[str], what: str) -> None:
        reason = template_problem(node[key], allowed) if node.get(key) is not None else None
        if reason:
            self._problem(node.line_of(key), f"{what}：{reason}")


def _placeholders(key: str, require: Predicate) -> tuple[str, ...]:
    """What the sentence `key` of a condition may be filled with.

    The requirement is the rule in general; what this account shows belongs to the other sentences.
    """
    if key == "requirement":
        return ()
    derived: tuple[str, ...] = (MISSING,) if key == "unknown" else ()
    if key == "unmet" and date_facts_of(require):
        derived = (IN_FORCE,)
    return (*facts_of(require), *derived)


def _period(entry: Condition | Notice) -> Period:
    return entry.valid if isinstance(entry, Condition) else Period()
