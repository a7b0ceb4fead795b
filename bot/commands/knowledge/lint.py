"""`knowledge lint`: all checks on the rule base; with `--sources`, against the rule documents."""

import argparse
import sys
from pathlib import Path

from actions.settings import ROOT, settings
from bot.errors import UsageError
from knowledge import vocabulary
from knowledge.lint import lint, lint_sources
from knowledge.loader import load_rules
from knowledge.model import RuleBase
from knowledge.sources import read_sources
from knowledge.yaml_source import KnowledgeError, Problem

GENERATED = ROOT / "data" / "generated"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.description = "检查规则库；有问题时退出码是 1"
    parser.add_argument("--sources", type=Path, metavar="DIR", help="规则原文所在的目录或文件，给出时逐条与原文核对")


def run(args: argparse.Namespace) -> int:
    """Prints every problem, or that there is none."""
    sources: Path | None = args.sources or settings().rule_sources
    if sources and not sources.exists():
        raise UsageError(f"--sources 的“{sources}”不存在。")
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
    compared = "，已与规则原文核对" if sources else ""
    print(f"规则库没有问题：{len(rules.operations)} 项业务，{len(rules.topics)} 个主题{compared}。")
    return 0


def _stale(rules: RuleBase) -> list[Problem]:
    """Generated files that no longer match; only this project's own rule base has them."""
    if rules.folder.resolve() != ROOT / "knowledge":
        return []
    stale = vocabulary.check(rules, GENERATED)
    return [Problem(GENERATED / name, 0, "与规则库不一致，请运行 make train 重新生成") for name in stale]


def _report(problems: list[Problem]) -> int:
    for problem in problems:
        print(problem)
    print(f"共有 {len(problems)} 个问题。", file=sys.stderr)
    return 1
