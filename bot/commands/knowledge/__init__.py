"""`knowledge`: checks on the rule base, readable pages of it, and help for the people who change it."""

import argparse
import importlib
from types import ModuleType
from typing import Final

# name -> one Chinese line of help; the module of this name below this package does it.
COMMANDS: Final[dict[str, str]] = {
    "coverage": "逐句核对规则原文",
    "lint": "检查规则库",
    "new-operation": "新建一项业务",
    "outline": "读一份规则文件，列出各节并与规则库比较",
    "show": "查看规则库",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the subcommands."""
    commands = parser.add_subparsers(dest="knowledge_command", metavar="COMMAND", required=True)
    for name, help_text in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        _module(name).add_arguments(command)


def run(args: argparse.Namespace) -> int:
    """Runs the subcommand."""
    return int(_module(args.knowledge_command).run(args))


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
