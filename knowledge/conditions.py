"""Eligibility rules: which account facts bar an operation, what to say of it, and what helps.

One file an operation in `knowledge/eligibility/`, in the closed vocabulary of `knowledge/predicates.py`. A file that
is not sound is refused as a whole, with every problem, its file and its line.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, get_args

from knowledge.facts import FactSpec, Value, load_facts
from knowledge.identifiers import AUDIENCES, Audience
from knowledge.model import Citation
from knowledge.predicate_reader import PredicateReader
from knowledge.predicates import Lost, Predicate, can_be_false, date_facts_of, facts_of
from knowledge.reading import rule_files
from knowledge.templates import template_problem
from knowledge.yaml_source import KnowledgeError, Problem, read_yaml
from knowledge.yaml_source import Mapping as YamlMapping

RemedyBy = Literal["customer", "time", "none"]
LOST_TEXT: Final = "lost_text"
_ID = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Remedy:
    """What makes an unmet condition met: something the customer does (it sets facts), time, or nothing."""

    by: RemedyBy
    text: str
    sets: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of an operation, with its place in the documents and its wording."""

    id: str
    citation: Citation
    require: Predicate
    requirement: str
    unmet: str
    unknown: str
    remedy: Remedy | None
    line: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something else that happens with the operation; it never bars. Internal ones are told to staff only."""

    id: str
    citation: Citation
    when: Predicate
    text: str
    audience: Audience
    line: int


@dataclass(frozen=True, slots=True)
class Scope:
    """To which numbers the operation applies at all."""

    require: Predicate
    otherwise: str
    unknown: str


@dataclass(frozen=True, slots=True)
class OperationRules:
    """Everything that account state decides about one operation.

    `never_applies` is the sentence for an operation of which the rules make nothing depend on the account.
    """

    operation: str
    name: str
    facts: Mapping[str, FactSpec]
    conditions: tuple[Condition, ...]
    notices: tuple[Notice, ...]
    scope: Scope | None
    never_applies: str | None
    path: Path

    def citations(self) -> Iterator[tuple[Citation, int]]:
        """Every citation with its line in `path`."""
        for condition in self.conditions:
            yield condition.citation, condition.line
        for notice in self.notices:
            yield notice.citation, notice.line


class NoEligibilityRules(Exception):  # noqa: N818 - part of the published interface
    """No eligibility rules have been written for the operation yet; the message is a Chinese sentence."""

    def __init__(self, operation: str, name: str) -> None:
        self.operation = operation
        self.name = name
        super().__init__(f"“{name}”的办理条件还没有整理成可以对照账户核对的规则，暂时不能判断某个号码能不能办。")


class UnknownOperation(Exception):  # noqa: N818 - as above
    """The rule base has no such operation; the message is a Chinese sentence."""

    def __init__(self, operation: str, operations: list[str]) -> None:
        super().__init__(f"没有“{operation}”这项业务；可以写的是：{'、'.join(operations)}。")


def covered_operations(rules: Path) -> list[str]:
    """The operations that have eligibility rules, sorted."""
    return sorted(path.stem for path in (rules / "eligibility").glob("*.yml") if _ID.fullmatch(path.stem))


def load_operation(rules: Path, operation: str) -> OperationRules:
    """The eligibility rules of one operation of the rule base in the folder `rules`.

    Raises `NoEligibilityRules` where none are written yet, `KnowledgeError` with every problem of a bad file,
    and `UnknownOperation`.
    """
    operations = [path.stem for path in rule_files(rules / "operations")]
    if operation not in operations:
        raise UnknownOperation(operation, operations)
    names = read_yaml(rules / "operations" / f"{operation}.yml")
    name = names.get("name") if isinstance(names, YamlMapping) else None
    if not isinstance(name, str):
        raise KnowledgeError([Problem(rules / "operations" / f"{operation}.yml", 0, "缺少业务名称 name")])
    path = rules / "eligibility" / f"{operation}.yml"
    if not path.exists():
        raise NoEligibilityRules(operation, name)
    return _Reader(path, load_facts(rules / "facts.yml")).read(name)


def load_all(rules: Path) -> dict[str, OperationRules]:
    """The eligibility rules of every operation that has some; `KnowledgeError` with the problems of all files."""
    result: dict[str, OperationRules] = {}
    problems: list[Problem] = []
    for operation in covered_operations(rules):
        try:
            result[operation] = load_operation(rules, operation)
        except KnowledgeError as error:
            problems += [problem for problem in error.problems if problem not in problems]
        except UnknownOperation:
            path = rules / "eligibility" / f"{operation}.yml"
            problems.append(Problem(path, 0, f"规则库里没有 {operation} 这项业务"))
    if problems:
        raise KnowledgeError(problems)
    return result


class _Reader:
    """Reads one rule file and collects everything that is wrong with it."""

    def __init__(self, path: Path, facts: Mapping[str, FactSpec]) -> None:
        self.path = path
        self.facts = facts
        self.problems: list[Problem] = []
        self.predicates = PredicateReader(facts, self._problem)

    def read(self, name: str) -> OperationRules:
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
        self._unique([(condition.id, condition.line) for condition in rules.conditions])
        self._unique([(notice.id, notice.line) for notice in rules.notices])
        if self.problems:
            raise KnowledgeError(sorted(self.problems, key=lambda problem: problem.line))
        return rules

    # -- parts of the file

    def _condition(self, node: Any) -> Condition | None:
        if not self._mapping(node, "条件"):
            return None
        what = f"条件 {node.get('id')}"
        self._keys(node, {"id", "cite", "require", "say"}, {"remedy"}, what)
        require = self.predicates.read(node.get("require"), node.line_of("require"), what, top=True)
        citation = self._citation(node, what)
        identifier = self._id(node, what)
        if require is None or citation is None or identifier is None:
            return None
        if (identifier == LOST_TEXT) != isinstance(require, Lost):
            self._problem(node.line_of("require"), f"{what}：{LOST_TEXT} 与 lost 只能一起用")
        bars = can_be_false(require)
        say = self._say(node, {"requirement", "unknown"} | ({"unmet"} if bars else set()), require, what)
        if bars and "remedy" not in node:
            self._problem(node.line, f"{what}：缺少 remedy")
        if not bars and "remedy" in node:
            self._problem(node.line_of("remedy"), f"{what}：这个条件不会“不符合”，不能有 remedy")
        remedy = self._remedy(node["remedy"], node.line_of("remedy"), require, what) if "remedy" in node else None
        return Condition(
            identifier, citation, require, say["requirement"], say.get("unmet", ""), say["unknown"], remedy, node.line
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
            # The requirement is the rule in general; what this account shows belongs to the other two.
            allowed = () if key == "requirement" else facts_of(require)
            self._template(say, key, allowed, f"{what} 的 {key}")
        return {**empty, **say}

    def _remedy(self, node: Any, line: int, require: Predicate, what: str) -> Remedy | None:
        if not isinstance(node, YamlMapping):
            self._problem(line, f"{what}：remedy 应是一组键值")
            return None
        by: RemedyBy | None = node.get("by")
        if by is None or by not in get_args(RemedyBy):
            self._problem(line, f"{what}：remedy 的 by 应是 {'、'.join(get_args(RemedyBy))} 之一")
            return None
        self._keys(node, {"by", "text"} | ({"sets"} if by == "customer" else set()), set(), f"{what} 的 remedy")
        allowed = facts_of(require) + (("clears_on",) if by == "time" else ())
        self._template(node, "text", allowed, f"{what} 的 remedy")
        sets = self._sets(node, require, what) if by == "customer" else {}
        passed = dict.fromkeys(date_facts_of(require), date.min)
        clears_by_time = bool(passed) and require.holds(passed, date.max) is True
        if by == "customer" and sets is not None and require.holds(sets, date.min) is not True:
            self._problem(line, f"{what}：补救办法做完以后，这个条件仍然不成立")
        if by == "time" and not clears_by_time:
            self._problem(line, f"{what}：时间过去以后，这个条件仍然不成立")
        if by == "none" and clears_by_time:
            self._problem(line, f"{what}：这个条件会随时间解除，remedy 应是 time")
        return Remedy(by, node.get("text", ""), sets or {})

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
        self._keys(node, {"id", "cite", "when", "text"}, {"audience"}, what)
        audience = node.get("audience", "all")
        if audience not in AUDIENCES:
            self._problem(node.line_of("audience"), f"{what} 的 audience 只能是：{'、'.join(AUDIENCES)}")
        when = self.predicates.read(node.get("when"), node.line_of("when"), what, notice=True)
        citation = self._citation(node, what)
        identifier = self._id(node, what)
        if when is None or citation is None or identifier is None:
            return None
        self._template(node, "text", facts_of(when), what)
        return Notice(identifier, citation, when, node.get("text", ""), audience, node.line)

    def _scope(self, node: Any, line: int) -> Scope | None:
        if not isinstance(node, YamlMapping):
            self._problem(line, "applies_to 应是一组键值")
            return None
        self._keys(node, {"require", "otherwise", "unknown"}, set(), "applies_to")
        require = self.predicates.read(node.get("require"), node.line_of("require"), "applies_to")
        if require is None:
            return None
        for key in ("otherwise", "unknown"):
            self._template(node, key, facts_of(require), f"applies_to 的 {key}")
        return Scope(require, node.get("otherwise", ""), node.get("unknown", ""))

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
        return Citation(document, section)

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

    def _unique(self, identifiers: list[tuple[str, int]]) -> None:
        seen: set[str] = set()
        for identifier, line in identifiers:
            if identifier in seen:
                self._problem(line, f"编号 {identifier} 重复出现")
            seen.add(identifier)

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
