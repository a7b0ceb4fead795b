"""`check`: the verdict for one number, from the account and the rules."""

import argparse
import json
import sys
from datetime import date
from typing import TYPE_CHECKING

from actions.settings import settings
from bot.commands.days import day_option
from bot.errors import UsageError
from knowledge.conditions import NoEligibilityRules, UnknownOperation

if TYPE_CHECKING:
    from actions.eligibility.verdict import Verdict


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--number", required=True, help="要判断的号码")
    parser.add_argument("--operation", required=True, help="业务编号，例如 change_number、cancel_service")
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="按哪一天判断（默认今天，北京时间）")
    parser.add_argument(
        "--assume", action="append", default=[], metavar="FACT=VALUE", help="假设某个事实是这个值，可以写多次"
    )
    parser.add_argument("--accounts", metavar="URL", help="账户数据库的 SQLAlchemy 地址，或者账户来源的 YAML 文件")
    parser.add_argument("--purpose", metavar="TEXT", help="为什么查看这个号码，记在审计记录里（默认“命令行”）")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    """Prints the verdict; exit code 1 where there can be none."""
    on = day_option("--on", args.on)
    try:
        verdict = _verdict(args, on)
    except UnknownOperation as error:
        raise UsageError(str(error)) from error
    except NoEligibilityRules as error:
        return _failed("not_covered", str(error), args.json)
    if verdict is None:
        from actions.eligibility.wording import say
        from actions.identity import mask_number

        return _failed("unknown_number", say("unknown_number", number=mask_number(args.number.strip())), args.json)
    print(json.dumps(verdict.to_json(), ensure_ascii=False) if args.json else verdict.text)
    return 0


def _verdict(args: argparse.Namespace, on: date) -> "Verdict | None":
    from actions.accounts.errors import AccountsError
    from actions.audit.asker import on_command_line
    from actions.audit.looks import look_at
    from actions.eligibility.assume import AssumptionError, parse_assumptions
    from actions.eligibility.service import rules_of

    try:
        assumed = parse_assumptions(args.assume, rules_of(args.operation).facts)
        return look_at(
            args.number.strip(),
            args.operation,
            on,
            asker=on_command_line(args.purpose),
            accounts_url=args.accounts or settings().accounts,
            assume=assumed,
        )
    except (AccountsError, AssumptionError) as error:
        raise UsageError(str(error)) from error


def _failed(code: str, message: str, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
    return 1
