"""`knowledge show`: the rule base as readable Chinese, for the people who own the rules."""

import argparse

from actions.settings import settings
from bot.errors import UsageError
from knowledge.loader import load_rules
from knowledge.sheet import index, sheet


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.description = "用中文列出一项业务或一个主题的全部内容"
    parser.add_argument("id", nargs="?", metavar="ID", help="业务或主题的编号；不写就列出目录")


def run(args: argparse.Namespace) -> int:
    """Prints one sheet, or the index of all."""
    rules = load_rules(settings().rules)
    identifier: str | None = args.id
    if identifier and identifier not in {**rules.operations, **rules.topics}:
        raise UsageError(f"规则库里没有编号为“{identifier}”的业务或主题，不写编号可以列出目录。")
    print(sheet(rules, identifier) if identifier else index(rules))
    return 0
