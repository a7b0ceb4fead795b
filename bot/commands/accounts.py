"""`accounts import`: loads account records from JSON Lines."""

import argparse
import sys
from pathlib import Path

from actions.settings import settings
from bot.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    load = actions.add_parser("import", help="导入 JSON Lines 文件：要么全部导入，要么一条也不导入")
    load.add_argument("file", type=Path, metavar="FILE.jsonl", help="账户数据，一行一个号码")
    load.add_argument("--accounts", metavar="URL", help="账户数据库的 SQLAlchemy 地址（默认用内嵌的 SQLite）")


def run(args: argparse.Namespace) -> int:
    """Imports the file; everything that is wrong with it is reported at once."""
    from actions.accounts.errors import AccountsError
    from actions.accounts.importer import import_accounts
    from knowledge.facts import load_facts

    facts = load_facts(settings().rules / "facts.yml")
    try:
        count = import_accounts(args.file, args.accounts or settings().accounts_url, facts)
    except AccountsError as error:
        raise UsageError(str(error)) from error
    print(f"已导入 {count} 个号码。", file=sys.stderr)
    return 0
