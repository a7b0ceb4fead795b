"""A readable Chinese sheet of an operation or topic, for the people who own the rules."""

from collections.abc import Iterator
from datetime import date

from knowledge.answers import citation_text
from knowledge.model import AspectRules, Operation, Rule, RuleBase, Statement, Topic

_SCOPES = {"any": "不分单位和个人"}


def index(rules: RuleBase) -> str:
    """All operations and topics, one a line, with what is missing from them."""
    lines = [f"规则库版本 {rules.version}", "", "业务："]
    lines += [f"  {o.id}　{o.name}（{o.section}）{_gaps(rules, o)}" for o in rules.operations.values()]
    lines += ["", "主题："]
    lines += [f"  {t.id}　{t.name}（{t.citation}）{_gaps(rules, t)}" for t in rules.topics.values()]
    return "\n".join(lines)


def sheet(rules: RuleBase, identifier: str) -> str:
    """Everything the rule base says of one operation or topic.

    Raises `KeyError` where there is none of that name.
    """
    entry = rules.operations.get(identifier) or rules.topics[identifier]
    return "\n".join((*_head(entry), *_body(rules, entry)))


def _head(entry: Operation | Topic) -> Iterator[str]:
    official = f"（{entry.official_name}）" if isinstance(entry, Operation) else ""
    yield f"{entry.name}{official}　{entry.id}"
    yield f"出处：{entry.citation}"
    yield f"人们的说法：{'、'.join(entry.aliases)}"


def _body(rules: RuleBase, entry: Operation | Topic) -> Iterator[str]:
    if not entry.answered:
        yield rules.wording.sentences["not_ready"].format(name=entry.name)
    elif isinstance(entry, Topic):
        for rule in entry.rules:
            yield from _rule(rules, rule, entry.name)
    else:
        for name, aspect in entry.aspects.items():
            yield ""
            yield f"【{rules.wording.aspects[name]}】"
            yield from _aspect(rules, aspect, entry.name, rules.wording.aspects[name])


def _aspect(rules: RuleBase, aspect: AspectRules, name: str, subject: str) -> Iterator[str]:
    for scope, periods in aspect.by_scope.items():
        heading = _SCOPES.get(scope) or rules.wording.ownerships[scope]
        for rule in periods:
            yield from _rule(rules, rule, name, heading, subject)
    if aspect.common:
        yield rules.wording.checklists["common"]
        yield from (f"  · {_statement(statement)}" for statement in aspect.common)


def _rule(rules: RuleBase, rule: Rule, name: str, heading: str = "", subject: str = "") -> Iterator[str]:
    tags = [rules.wording.statuses[rule.status], citation_text(rule.citations)]
    if rule.valid.start or rule.valid.end:
        tags.append(f"有效期：{_day(rule.valid.start)}至{_day(rule.valid.end)}")
    yield f"{heading}（{'；'.join(tags)}）"
    if rule.lead:
        yield f"  {_statement(rule.lead)}"
    elif rule.status in rules.wording.gaps:
        yield f"  {rules.wording.gaps[rule.status].format(name=name, aspect=subject)}"
    yield from (f"  · {_statement(item)}" for item in rule.items)
    yield from (f"  注：{_statement(note)}" for note in rule.notes)


def _statement(statement: Statement) -> str:
    internal = "（仅供工作人员）" if statement.audience == "staff" else ""
    return f"{statement.text}{internal}"


def _day(day: date | None) -> str:
    return day.isoformat() if day else "不限"


def _gaps(rules: RuleBase, entry: Operation | Topic) -> str:
    if not entry.answered:
        return "　答复未整理"
    if isinstance(entry, Topic):
        return ""
    missing = [
        rules.wording.aspects[name]
        for name, aspect in entry.aspects.items()
        if name != "overview" and any(rule.status in ("lost", "partial") for rule in aspect.rules)
    ]
    return f"　有空缺：{'、'.join(missing)}" if missing else ""
