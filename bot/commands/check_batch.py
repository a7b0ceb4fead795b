"""`check-batch`: the verdict on every number of a customer, or of the whole database."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from actions.settings import settings
from bot.commands.days import day_option
from bot.errors import UsageError
from knowledge.conditions import NoEligibilityRules, OperationRules, UnknownOperation

if TYPE_CHECKING:
    from actions.accounts.batch.reader import Row
    from actions.audit.looks import Numbers


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.add_argument("--operation", required=True, help="业务编号，例如 change_number、cancel_service")
    parser.add_argument("--customer", metavar="ID", help="只判断这个客户的号码（客户编号），默认判断全部号码")
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="按哪一天判断（默认今天，北京时间）")
    parser.add_argument("--accounts", metavar="URL", help="账户数据库的 SQLAlchemy 地址")
    parser.add_argument(
        "--format",
        choices=("jsonl", "csv", "xlsx"),
        default="jsonl",
        help="给程序用 jsonl（默认），给人看用 csv 或 xlsx",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="写到这个文件（默认写到标准输出；xlsx 必须写明）")
    parser.add_argument("--purpose", metavar="TEXT", help="为什么查看这些号码，记在审计记录里（默认“命令行”）")
    parser.add_argument("--clear", action="store_true", help="号码不打星号")


def run(args: argparse.Namespace) -> int:
    """Writes one verdict a number; exit code 1 where there can be none."""
    if args.format == "xlsx" and args.out is None:
        raise UsageError("--format xlsx 要用 --out 写明文件名，例如 --out 结果.xlsx。")
    on = day_option("--on", args.on)
    from actions.audit.asker import on_command_line
    from actions.audit.looks import look_at_numbers
    from actions.eligibility.companies import UnknownCustomer
    from actions.eligibility.service import rules_of
    from bot.batch.wording import words

    asker, where = on_command_line(args.purpose), _database(args.accounts)
    try:
        rules = rules_of(args.operation)
        with look_at_numbers(args.operation, on, customer=args.customer, asker=asker, accounts_url=where) as numbers:
            chunks = _with_progress(numbers)
            if args.out is None:
                _write_stdout(chunks, rules, on, args)
            else:
                from bot.batch.files import whole_file

                with whole_file(args.out) as part:
                    _write_file(part, chunks, rules, on, args)
    except UnknownOperation as error:
        raise UsageError(str(error)) from error
    except NoEligibilityRules as error:
        return _failed("not_covered", str(error), args.format)
    except UnknownCustomer:
        message = words()["unknown_customer"].format(customer=args.customer)
        return _failed("unknown_customer", message, args.format)
    return 0


def _database(named: str | None) -> str:
    """The URL of the accounts database; says so where accounts are looked up elsewhere as well."""
    from actions.accounts.opening import is_source_file
    from bot.batch.wording import words

    if named is not None:
        if is_source_file(named):
            raise UsageError(words()["no_source_file"])
        return named
    if settings().accounts_sources:
        print(words()["database_only"], file=sys.stderr)
    return settings().accounts_url


def _write_stdout(chunks: "Iterable[Sequence[Row]]", rules: OperationRules, on: date, args: argparse.Namespace) -> None:
    if args.format == "jsonl":
        from bot.batch.jsonl import lines

        sys.stdout.writelines(lines(chunks, rules, on, clear=args.clear))
    else:
        from bot.batch.csv_file import write_csv
        from bot.batch.table import table

        write_csv(sys.stdout, table(chunks, rules, on, clear=args.clear))
    sys.stdout.flush()


def _write_file(
    part: Path, chunks: "Iterable[Sequence[Row]]", rules: OperationRules, on: date, args: argparse.Namespace
) -> None:
    if args.format == "xlsx":
        from bot.batch.table import table
        from bot.batch.xlsx_file import write_xlsx

        write_xlsx(part, table(chunks, rules, on, clear=args.clear))
    else:
        with part.open("w", encoding="utf-8", newline="") as file:
            if args.format == "csv":
                from bot.batch.csv_file import write_csv
                from bot.batch.table import table

                write_csv(file, table(chunks, rules, on, clear=args.clear))
            else:
                from bot.batch.jsonl import lines

                file.writelines(lines(chunks, rules, on, clear=args.clear))


def _with_progress(numbers: "Numbers") -> "Iterator[Sequence[Row]]":
    """The same rows; somebody at a terminal sees how far it is."""
    if not sys.stderr.isatty():
        yield from numbers.rows
        return
    from tqdm import tqdm

    from bot.batch.wording import words

    with tqdm(total=numbers.total, desc=words()["progress"], unit="", unit_scale=True, file=sys.stderr) as bar:
        for chunk in numbers.rows:
            yield chunk
            bar.update(len(chunk))


def _failed(code: str, message: str, kind: str) -> int:
    if kind == "jsonl":
        print(json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
    return 1
