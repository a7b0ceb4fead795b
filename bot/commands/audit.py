"""`audit`: checks the chain of the audit trail, and shows its records."""

import argparse
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from actions.settings import TIME_ZONE, settings
from bot.errors import UsageError

if TYPE_CHECKING:
    from actions.audit.trail import Record, Trail
    from actions.audit.verify import Report

_HEAD: Final = re.compile(r"(\d+):([0-9a-f]{16,64})")
_MOST_FINDINGS: Final = 20
_COLUMNS: Final = ("sequence", "at", "who", "role", "channel", "purpose", "number", "operation", "on_day", "status")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    verify = actions.add_parser("verify", help="核对审计记录有没有被改过、删过、插过、调换过")
    verify.add_argument("--expect-head", metavar="序号:摘要", help="以前核对时抄下的链头，末尾整段被删也看得出来")
    show = actions.add_parser("show", help="查看最近的审计记录")
    show.add_argument("--last", type=int, default=20, metavar="N", help="看最近多少条（默认 20）")
    show.add_argument("--number", metavar="N", help="只看查过这个号码的记录")
    show.add_argument("--who", metavar="NAME", help="只看这个人查的记录")
    for action in (verify, show):
        action.add_argument("--audit", metavar="URL", help="审计库的 SQLAlchemy 地址")
        action.add_argument("--json", action="store_true", help="输出 JSON（show 是一行一条）")


def run(args: argparse.Namespace) -> int:
    """Runs one action; a trail that is not as it was written is exit code 1, one that cannot be read is 2."""
    from actions.audit.trail import Trail, audit_chain

    trail = Trail(args.audit or settings().audit_url, audit_chain())
    try:
        return _verify(trail, args) if args.action == "verify" else _show(trail, args)
    finally:
        trail.close()


def _verify(trail: "Trail", args: argparse.Namespace) -> int:
    from actions.audit.verify import verify

    report = verify(trail, _expected(args.expect_head))
    if args.json:
        print(json.dumps(_report_json(report), ensure_ascii=False))
    else:
        print("\n".join(_report_lines(report)))
    return 1 if report.findings else 0


def _expected(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    found = _HEAD.fullmatch(text.strip())
    if found is None:
        raise UsageError(
            f"参数 --expect-head 应写成 序号:摘要（摘要至少 16 位），例如 12:0a1b2c3d4e5f6071，现在是“{text}”。"
        )
    return int(found[1]), found[2]


def _report_json(report: "Report") -> dict[str, Any]:
    from actions.audit.wording import term

    return {
        "intact": not report.findings,
        "records": report.records,
        "head": "{}:{}".format(*report.head),
        "findings": [
            {"kind": one.kind, "sequence": one.sequence, "text": term("kinds", one.kind).format(sequence=one.sequence)}
            for one in report.findings
        ],
    }


def _report_lines(report: "Report") -> list[str]:
    from actions.audit.wording import say, term

    if report.findings:
        listed = report.findings[:_MOST_FINDINGS]
        lines = [say("broken", findings=len(report.findings), records=report.records)]
        lines += [f"　{term('kinds', one.kind).format(sequence=one.sequence)}" for one in listed]
        if rest := len(report.findings) - len(listed):
            lines.append(f"　{say('more', count=rest)}")
        return [*lines, say("other_key")] if report.nothing_fits else lines
    if not report.records:
        return [say("intact_empty")]
    sequence, hash_ = report.head
    return [say("intact", records=report.records), say("head", sequence=sequence, hash=hash_), say("keep_head")]


def _show(trail: "Trail", args: argparse.Namespace) -> int:
    from actions.audit.wording import say, term

    if args.last < 1:
        raise UsageError(f"参数 --last 应是 1 以上的整数，现在是 {args.last}。")
    number = args.number.strip() if args.number else None
    records = trail.latest(args.last, number=number, who=args.who)
    if args.json:
        for record in records:
            print(json.dumps(_record_json(record), ensure_ascii=False))
    elif not records:
        print(say("no_records"))
    else:
        names = _operation_names()
        rows = [[term("columns", column) for column in _COLUMNS], *(_row(record, names) for record in records)]
        print("\n".join(_aligned(rows)))
    return 0


def _record_json(record: "Record") -> dict[str, Any]:
    content = dict(record.content)
    for name in ("facts", "assumed", "counts"):
        content[name] = json.loads(str(content[name])) if content[name] is not None else None
    return {"sequence": record.sequence, **content, "previous": record.previous, "hash": record.hash}


def _operation_names() -> Mapping[str, str]:
    from actions.audit.looks import ACCOUNT
    from actions.audit.wording import say
    from actions.rule_base import rules

    return {ACCOUNT: say("account")} | {operation.id: operation.name for operation in rules().operations.values()}


def _row(record: "Record", names: Mapping[str, str]) -> list[str]:
    from actions.audit.wording import result, say, term

    content = record.content
    cells = {
        **content,
        "sequence": record.sequence,
        "at": datetime.fromisoformat(str(content["at"])).astimezone(TIME_ZONE).strftime("%Y-%m-%d %H:%M:%S"),
        "role": term("roles", str(content["role"])),
        "channel": term("channels", str(content["channel"])),
        "operation": names.get(str(content["operation"]), content["operation"]),
        "number": content["number_masked"],
        "status": result(str(content["status"])),
    }
    if content["numbers"] is not None:
        of = say("all") if content["customer"] == "all" else say("batch_of", customer=content["customer"])
        cells["number"] = f"{of} {say('batch_numbers', numbers=content['numbers'])}"
        cells["status"] = _counted(content["counts"])
    return [str(cells[column]) for column in _COLUMNS]


def _counted(counts: object) -> str:
    """The result of a list; a list that has only been begun has none yet."""
    from actions.audit.wording import result, say

    if counts is None:
        return say("batch_begun")
    each = json.loads(str(counts)).items()
    return "、".join(say("count", status=result(name), count=count) for name, count in each)


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns of equal width in a terminal, where a Chinese character takes two places."""
    widths = [max(_width(row[index]) for row in rows) for index in range(len(_COLUMNS))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
