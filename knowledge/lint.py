"""Checks on a rule base that has loaded: wording, names, gaps, eligibility rules, and the rule documents themselves."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from knowledge.conditions import load_all
from knowledge.model import Operation, Rule, RuleBase, Scope, Statement, Topic
from knowledge.reading import line_of
from knowledge.sources import Sources, letters
from knowledge.yaml_source import KnowledgeError, Problem

_CHINESE: Final = "\u4e00-\u9fff"
_HALF_WIDTH: Final = re.compile(rf"(?<=[{_CHINESE}）”》])[,;:!?()]|[,;:!?()](?=[{_CHINESE}（“《])|(?<=[{_CHINESE}])\.")
_PLACEHOLDER: Final = re.compile(r"[{}]|TODO|TBD|XX+|待补|待定|？？")
_MONEY: Final = re.compile(r"(?:[\d.]+|[一二三四五六七八九十百千万两]+)\s*元|[¥￥]")
_NOT_A_WORDING: Final = re.compile(r"[\[\](){}\"\n]")
_FIGURE: Final = re.compile(r"\d+")
_NAMED_PAPER: Final = re.compile(r"《[^》]+》")
_LONGEST_LEAD: Final = 70
_LONGEST_STATEMENT: Final = 120
_LONGEST_ALIAS: Final = 16
_COPIED_RUN: Final = 20


def lint(rules: RuleBase) -> list[Problem]:
    """Everything wrong with the rule base that loading does not find."""
    return [
        *_names(rules),
        *(problem for entry in _entries(rules) for problem in _statements(rules, entry)),
        *(problem for operation in rules.operations.values() for problem in _structure(rules, operation)),
        *_eligibility(rules),
    ]


def lint_sources(rules: RuleBase, sources: Sources) -> list[Problem]:
    """Where the rule base says what the cited section does not, or copies a sentence of the documents."""
    return [
        *(problem for entry in _entries(rules) for problem in _unfounded(rules, entry, sources)),
        *_copied(rules.folder, letters(sources.whole)),
    ]


def _entries(rules: RuleBase) -> Iterator[Operation | Topic]:
    yield from rules.operations.values()
    yield from rules.topics.values()


def _scoped(entry: Operation | Topic) -> Iterator[tuple[Scope, Statement]]:
    """Every statement with whom it speaks to; what is common to both counts as said to everybody."""
    if isinstance(entry, Topic):
        yield from (("any", statement) for rule in entry.rules for statement in rule.statements)
        return
    for aspect in entry.aspects.values():
        yield from (("any", statement) for statement in aspect.common)
        for scope, periods in aspect.by_scope.items():
            yield from ((scope, statement) for rule in periods for statement in rule.statements)


def _names(rules: RuleBase) -> Iterator[Problem]:
    """Every wording belongs to one operation or topic, and can be used in training data."""
    owner: dict[str, str] = {}
    for entry in _entries(rules):
        for wording in (entry.name, *entry.aliases):
            line = line_of(wording, 1)
            if wording in owner:
                where = "本文件" if owner[wording] == entry.id else owner[wording]
                yield Problem(entry.path, line, f"说法“{wording}”在{where}里已经有了")
            owner.setdefault(wording, entry.id)
            if _NOT_A_WORDING.search(wording) or not 2 <= len(wording) <= _LONGEST_ALIAS:
                yield Problem(entry.path, line, f"说法“{wording}”应是 2 到 {_LONGEST_ALIAS} 个字，不带括号和引号")


def _statements(rules: RuleBase, entry: Operation | Topic) -> Iterator[Problem]:
    for scope, statement in _scoped(entry):
        for reason in _wording_problems(statement.text):
            yield Problem(entry.path, statement.line, reason)
        if scope != "organization":
            for paper in rules.documents.terms.organization_only:
                if paper in statement.text:
                    yield Problem(entry.path, statement.line, f"“{paper}”只属于单位，不能出现在给个人的答复里")
    for rule in _rules(entry):
        if rule.lead and len(rule.lead.text) > _LONGEST_LEAD:
            yield Problem(entry.path, rule.lead.line, f"第一句超过 {_LONGEST_LEAD} 个字，请写短些")
        if rule.lead and not rule.lead.text.endswith("。"):
            yield Problem(entry.path, rule.lead.line, "第一句应当以句号结尾")
        if rule.status == "lost" and rule.items:
            yield Problem(entry.path, rule.line, "写了内容就不是“lost”，请用“partial”")


def _rules(entry: Operation | Topic) -> Iterator[Rule]:
    if isinstance(entry, Topic):
        yield from entry.rules
    else:
        yield from (rule for aspect in entry.aspects.values() for rule in aspect.rules)


def _wording_problems(text: str) -> Iterator[str]:
    if len(text) > _LONGEST_STATEMENT:
        yield f"这一条超过 {_LONGEST_STATEMENT} 个字，请分开写"
    if found := _HALF_WIDTH.search(text):
        yield f"中文里用了半角标点“{found[0]}”"
    if found := _PLACEHOLDER.search(text):
        yield f"留下了没有填写的内容“{found[0]}”"
    if found := _MONEY.search(text):
        yield f"规则文件没有写任何金额，这里却有“{found[0]}”"


def _structure(rules: RuleBase, operation: Operation) -> Iterator[Problem]:
    """An overview must not promise more than the aspects hold."""
    if not operation.answered:
        return
    overview = operation.aspects["overview"]
    others = [aspect for name, aspect in operation.aspects.items() if name != "overview"]
    if any(aspect.split for aspect in others) and not overview.split:
        yield Problem(operation.path, overview.line, "有的方面区分单位和个人，“overview”也要分开写")
    for scope in ("any", "organization"):
        statuses = {
            rule.status
            for aspect in others
            for rule in aspect.by_scope.get("organization", aspect.by_scope.get("any", ()))
        }
        for rule in overview.by_scope.get(scope, ()):
            if rule.status == "stated" and statuses & {"lost", "partial", "contradictory"}:
                yield Problem(operation.path, rule.line, "有的方面残缺，“overview”的状态应是“partial”")


def _eligibility(rules: RuleBase) -> Iterator[Problem]:
    try:
        loaded = load_all(rules.folder)
    except KnowledgeError as error:
        yield from error.problems
        return
    for operation in loaded.values():
        for citation, line in operation.citations():
            if refusal := rules.documents.refusal(citation):
                yield Problem(operation.path, line, refusal)


def _unfounded(rules: RuleBase, entry: Operation | Topic, sources: Sources) -> Iterator[Problem]:
    """Figures, named papers and fixed terms of a statement that the cited sections do not contain."""
    titles = {f"《{title}》" for title in rules.documents.by_title}
    for _, statement in _scoped(entry):
        cited = letters("".join(map(sources.text, statement.citations)))
        text = statement.text
        expected = set(_NAMED_PAPER.findall(text)) - titles
        expected |= set(_FIGURE.findall(text))
        expected |= {term for term in rules.documents.terms.checked if term in text}
        for term in sorted(expected):
            if letters(term) not in cited:
                places = "、".join(map(str, statement.citations))
                yield Problem(entry.path, statement.line, f"所引用的{places}里没有“{term}”")


def _copied(folder: Path, source: str) -> Iterator[Problem]:
    runs = {source[start : start + _COPIED_RUN] for start in range(len(source) - _COPIED_RUN + 1)}
    for path in sorted(folder.rglob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            plain = letters(line)
            windows = (plain[start : start + _COPIED_RUN] for start in range(len(plain) - _COPIED_RUN + 1))
            if run := next((window for window in windows if window in runs), None):
                yield Problem(path, number, f"照抄了规则原文：……{run}……，请改用自己的话")
