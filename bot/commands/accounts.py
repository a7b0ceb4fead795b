"""`accounts`: loads account records and service passwords from JSON Lines, and shows what is known of one number."""

import argparse
import sys
from pathlib import Path

from actions.settings import settings, today
from bot.errors import UsageError
from knowledge.facts import FactSpec, load_facts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    load = actions.add_parser("import", help="导入 JSON Lines 文件：要么全部导入，要么一条也不导入")
    load.add_argument("file", type=Path, metavar="FILE.jsonl", help="账户数据，一行一个号码")
    load.add_argument("--accounts", metavar="URL", help="账户数据库的 SQLAlchemy 地址（默认用内嵌的 SQLite）")
    passwords = actions.add_parser("passwords", help="导入服务密码（JSON Lines，一行一个号码），只保存 argon2id 摘要")
    passwords.add_argument(
        "file", type=Path, metavar="FILE.jsonl", help='一行一个 {"number": …, "password": …}，或者用 hash'
    )
    show = actions.add_parser("show", help="列出一个号码的账户事实：值、来源、数据时间，不知道的写明原因")
    show.add_argument("--number", required=True, help="要看的号码")
    show.add_argument("--accounts", metavar="URL", help="账户数据库的 SQLAlchemy 地址，或者账户来源的 YAML 文件")
    show.add_argument("--purpose", metavar="TEXT", help="为什么查看这个号码，记在审计记录里（默认“命令行”）")


def run(args: argparse.Namespace) -> int:
    """Runs the action; what is wrong with a file is reported at once."""
    if args.action == "passwords":
        return _passwords(args.file)
    facts = load_facts(settings().rules / "facts.yml")
    return _import(args, facts) if args.action == "import" else _show(args, facts)


def _import(args: argparse.Namespace, facts: dict[str, FactSpec]) -> int:
    from actions.accounts.errors import AccountsError
    from actions.accounts.importer import import_accounts

    try:
        count = import_accounts(args.file, args.accounts or settings().accounts_url, facts)
    except AccountsError as error:
        raise UsageError(str(error)) from error
    print(f"已导入 {count} 个号码。", file=sys.stderr)
    return 0


def _passwords(file: Path) -> int:
    from bot.databases import require_database
    from bot.identity.database import open_database
    from bot.identity.keys import identity_keys
    from bot.identity.passwords import Passwords, SqlServicePasswords, read_passwords

    entries = read_passwords(file, Passwords())
    require_database("SESSIONS_URL", settings().sessions_url)
    engine = open_database(settings().sessions_url)
    count = SqlServicePasswords(engine, identity_keys(), Passwords(), demo=False).store(entries)
    print(f"已导入 {count} 个号码的服务密码。", file=sys.stderr)
    return 0


def _show(args: argparse.Namespace, facts: dict[str, FactSpec]) -> int:
    from actions.audit.asker import on_command_line
    from actions.audit.looks import look_at_account
    from actions.eligibility.sentences import fact_details, fact_text
    from actions.eligibility.wording import say
    from actions.identity import mask_number

    number = args.number.strip()
    asker, where = on_command_line(args.purpose), args.accounts or settings().accounts
    account = look_at_account(number, today(), facts=facts, asker=asker, accounts_url=where)
    if account is None:
        print(say("unknown_number", number=mask_number(number)), file=sys.stderr)
        return 1
    print(f"号码 {mask_number(number)}，客户：{account.customer_name or account.customer or '不知道'}")
    values = account.values()
    for name, spec in facts.items():
        print(f"{name}  {fact_text(fact_details(spec, account.fact(name), values.get(name)))}")
    return 0
