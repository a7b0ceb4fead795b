"""`answer`: the rule base's answer to one question, without understanding."""

import argparse
import json

from actions.blocks import CitationData
from actions.conversation.passages import with_passage
from actions.rule_sources import rule_sources
from actions.settings import settings
from bot.commands.days import day_option
from bot.errors import UsageError
from bot.rendering.terminal import staff_appendix
from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.identifiers import ASPECTS, OWNERSHIPS, ROLES, Aspect
from knowledge.loader import load_rules
from knowledge.model import RuleBase


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--operation", metavar="ID", help="业务编号，例如 cancel_service")
    parser.add_argument("--aspect", metavar="ID", help=f"方面：{'、'.join(ASPECTS)}；不写就是 overview")
    parser.add_argument("--ownership", metavar="ID", help="organization（单位名称开户）或 individual（个人名称开户）")
    parser.add_argument("--topic", metavar="ID", help="主题编号，例如 data_cap")
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="按哪一天有效的规则（默认今天，北京时间）")
    parser.add_argument("--role", metavar="ID", default="customer", help="customer（客户，默认）或 staff（工作人员）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    """Prints the answer."""
    if bool(args.operation) == bool(args.topic):
        raise UsageError("请用 --operation 指定一项业务，或用 --topic 指定一个主题，二者只能写一个。")
    if args.topic and (args.aspect or args.ownership):
        raise UsageError("--topic 不能和 --aspect、--ownership 一起用。")
    _one_of("--aspect", args.aspect, ASPECTS)
    _one_of("--ownership", args.ownership, OWNERSHIPS)
    _one_of("--role", args.role, ROLES)
    on = day_option("--on", args.on)
    rules = load_rules(settings().rules)
    if args.topic:
        _one_of("--topic", args.topic, tuple(rules.topics))
        answer = answer_topic(rules, args.topic, args.role, on)
    else:
        _one_of("--operation", args.operation, tuple(rules.operations))
        aspect: Aspect = args.aspect or "overview"
        answer = answer_operation(rules, args.operation, aspect, args.ownership, args.role, on)
    if args.json:
        print(json.dumps(answer.to_json(), ensure_ascii=False))
        return 0
    print(answer.text)
    if args.role == "staff":
        print(staff_appendix(_cited(rules, answer), answer.version))
    return 0


def _cited(rules: RuleBase, answer: Answer) -> list[CitationData]:
    """The cited places, with their passages where there is a readable copy of the documents."""
    places: list[CitationData] = [{"document": c.document, "section": c.section} for c in answer.citations]
    sources = rule_sources(rules)
    return [with_passage(place, sources) for place in places] if sources else places


def _one_of(option: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        raise UsageError(f"{option} 的值“{value}”不对，只能是：{'、'.join(allowed)}。")
