"""How an answer came about: how the message was understood, which rules were used, and which facts of the account."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, cast

from actions.settings import today
from bot.desk.names import aspect_name, question, subject
from knowledge.identifiers import Aspect
from knowledge.model import Rule, RuleBase

Reply = Mapping[str, Any]


def trace_of(reply: Reply, rules: RuleBase) -> dict[str, Any]:
    """The trace of a reply as it was stored, what is for staff included."""
    understanding = reply.get("understanding")
    return {
        "understood": _understood(understanding, rules) if understanding else None,
        "rules_version": reply.get("rules_version"),
        "rules": [one for asked in (understanding or {}).get("asked", ()) for one in _rules(asked, rules, today())],
        "citations": [
            {"document": item["document"], "section": item["section"], "passage": item.get("passage")}
            for block in _blocks(reply, "citations")
            for item in block["items"]
        ],
        "facts": list(_facts(reply)),
    }


def _understood(said: Mapping[str, Any], rules: RuleBase) -> dict[str, Any]:
    topic = said.get("topic")
    return {
        "decision": said["decision"],
        "operations": [{"id": one, "name": subject(rules, one, None)} for one in said["operations"]],
        "aspects": [{"id": one, "name": aspect_name(rules, one)} for one in said["aspects"]],
        "topic": {"id": topic, "name": subject(rules, None, topic)} if topic else None,
        "ownership": said.get("ownership"),
        "confidence": said["confidence"],
        "alternatives": [
            {
                "label": question(rules, one["operation"], one["aspect"], one["topic"]),
                **{name: one[name] for name in ("operation", "topic", "aspect", "confidence")},
            }
            for one in said["alternatives"]
        ],
    }


def _rules(asked: Mapping[str, Any], rules: RuleBase, on: date) -> Iterator[dict[str, Any]]:
    """The rules in force that answer one of the things asked; those of a check are in the verdict's table."""
    operation, aspect, topic = asked["operation"], asked["aspect"], asked["topic"]
    found: list[tuple[str, Rule]] = []
    if topic in rules.topics:
        found = [("any", rule) for rule in rules.topics[topic].rules]
    elif operation in rules.operations and aspect in rules.operations[operation].aspects:
        scopes = rules.operations[operation].aspects[cast(Aspect, aspect)].by_scope.items()
        wanted = ("any", asked["ownership"]) if asked["ownership"] else None
        found = [(scope, one) for scope, several in scopes for one in several if not wanted or scope in wanted]
    for scope, rule in found:
        if not rule.valid.covers(on):
            continue
        yield {
            "label": question(rules, operation, aspect, topic),
            "operation": operation,
            "aspect": aspect,
            "topic": topic,
            "scope": scope,
            "status": rule.status,
            "from": rule.valid.start.isoformat() if rule.valid.start else None,
            "to": rule.valid.end.isoformat() if rule.valid.end else None,
            "citations": [{"document": c.document, "section": c.section} for c in rule.citations],
        }


def _facts(reply: Reply) -> Iterator[dict[str, str]]:
    """The facts behind the verdicts, each once."""
    seen = set()
    for block in _blocks(reply, "verdict"):
        for condition in block.get("conditions", ()):
            for fact in condition["facts"]:
                if (block["number"], fact["label"]) not in seen:
                    seen.add((block["number"], fact["label"]))
                    yield {"number": block["number"], **fact}


def _blocks(reply: Reply, kind: str) -> Iterator[Mapping[str, Any]]:
    return (block for block in reply.get("blocks", ()) if block["type"] == kind)
