"""`knowledge lint`: all checks on the rule base; with `--sources`, against the rule documents."""

import argparse
import sys

from actions.settings import settings
from bot.commands.knowledge.sources import add_sources, existing
from knowledge import vocabulary
from knowledge.lint import lint, lint_sources
from knowledge.loader import load_rules
from knowledge.model import RuleBase
from knowledge.sources import read_sources
from knowledge.yaml_source import KnowledgeError, Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.description = "检查规则库；有问题时退出码是 1"
    add_sources(parser, "给出时逐条、逐句与原文核对")


def run(args: argparse.Namespace) -> int:
    """Prints every problem, or that there is none."""
    sources = existing(args.sources)
    try:
        rules = load_rules(settings().rules)
    except KnowledgeError as error:
        return _report(list(error.problems))
    problems = [*lint(rules), *_stale(rules)]
    if sources:
        texts, missing = read_sources(sources, rules.documents, rules.folder / "documents.yml")
        problems += [*missing, *lint_sources(rules, texts)]
    if problems:
        return _report(problems)
    compared = "，已与规则原文逐句核对" if sources else ""
    print(f"规则库没有问题：{len(rules.operations)} 项业务，{len(rules.topics)} 个主题{compared}。")
    return 0


def _stale(rules: RuleBase) -> list[Problem]:
    """Generated files that no longer match; a rule base outside of its pack has none."""
    if rules.folder.resolve() != settings().pack / "knowledge":
        return []
    generated = settings().generated
    stale = vocabulary.check(rules, generated)
    return [Problem(generated / name, 0, "与规则库不一致，请运行 make train 重新生成") for name in stale]


def _report(problems: list[Problem]) -> int:
    for problem in problems:
        print(problem)
    print(f"共有 {len(problems)} 个问题。", file=sys.stderr)
    return 1
