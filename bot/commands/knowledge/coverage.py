"""`knowledge coverage`: the rule documents sentence by sentence, and where the rule base says each."""

import argparse
import sys
from pathlib import Path
from typing import Final

from actions.settings import settings
from bot.commands.knowledge.sources import add_sources, existing
from bot.errors import UsageError
from knowledge.loader import load_rules
from knowledge.sentences.coverage import judge
from knowledge.sentences.entries import read_entries
from knowledge.sentences.report import Form, report, totals
from knowledge.sentences.suggest import suggest
from knowledge.sources import read_sources

_FORMS: Final[dict[str, Form]] = {".md": "md", ".html": "html"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.description = "逐句列出规则原文：规则库在哪里说了这一句，或者为什么不说；有未覆盖的句子时退出码是 1"
    add_sources(parser, "不写就用 RULE_SOURCES")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="把报告写到这个 .md 或 .html 文件（印有规则原文，不要放进项目）；不写就印出来",
    )
    parser.add_argument(
        "--suggest", action="store_true", help="给还没有处理的句子写上建议；要有人看过、去掉 proposed 以后才算数"
    )


def run(args: argparse.Namespace) -> int:
    """Prints or writes the report, or adds proposals to the coverage files."""
    sources = existing(args.sources)
    out: Path | None = args.out
    if sources is None:
        raise UsageError("请用 --sources 指明规则原文所在的目录或文件。")
    if out and out.suffix not in _FORMS:
        raise UsageError(f"--out 的“{out}”应以 .md 或 .html 结尾。")
    rules = load_rules(settings().rules)
    texts, missing = read_sources(sources, rules.documents, rules.folder / "documents.yml")
    entries, faulty = read_entries(rules)
    problems = [*missing, *faulty]
    for problem in problems:
        print(problem, file=sys.stderr)
    judged = judge(rules, texts, entries)
    if args.suggest:
        # A faulty file may hold what seems to be missing: nothing is added to it before it is mended.
        return 1 if problems else _suggested(suggest(rules, judged, entries))
    _write(report(rules, judged, _FORMS[out.suffix] if out else "md"), out)
    total = totals(judged)
    figures = f"已覆盖 {total.covered}，已说明 {total.explained}，未覆盖 {total.open}"
    print(f"规则原文共 {total.sentences} 句：{figures}（覆盖率 {total.percent}%）。", file=sys.stderr)
    return 1 if problems or total.open else 0


def _suggested(written: dict[Path, int]) -> int:
    for path, count in written.items():
        print(f"{path}：写了 {count} 条建议，请逐条看过，再去掉 proposed。")
    if not written:
        print("每一句都已经有人处理，没有要写的建议。")
    return 0


def _write(text: str, out: Path | None) -> None:
    if out is None:
        print(text, end="")
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--out 的“{out}”写不了（{error.strerror}）。") from error
