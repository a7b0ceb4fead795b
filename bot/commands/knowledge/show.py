"""`knowledge show`: the rule base as readable Chinese, for the people who own the rules."""

import argparse
from datetime import date, datetime
from pathlib import Path

from actions.settings import TIME_ZONE, settings
from bot.commands.days import day_option
from bot.commands.knowledge.sources import add_sources, existing
from bot.errors import UsageError
from knowledge.loader import load_rules
from knowledge.model import RuleBase
from knowledge.pages.owners import Made, owners_pages
from knowledge.pages.sheet import index_text, sheet_text
from knowledge.pages.writing import NotASheet, write_pages
from knowledge.sources import Sources, read_sources


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.description = "用中文列出一项业务或一个主题的全部内容，或者把整个规则库写成网页"
    parser.add_argument("id", nargs="?", metavar="ID", help="业务或主题的编号；不写就列出目录")
    parser.add_argument("--html", type=Path, metavar="OUT", help="把整个规则库写成网页，放进这个文件夹")
    parser.add_argument("--on", metavar="YYYY-MM-DD", help="按这一天有效的规则；不写就是今天")
    add_sources(parser, "写网页时附在每条依据旁边")


def run(args: argparse.Namespace) -> int:
    """Prints one sheet, or the index of all, or writes the pages."""
    identifier: str | None = args.id
    if args.html and identifier:
        raise UsageError("--html 写的是整个规则库，不用再写编号。")
    on = day_option("--on", args.on)
    sources = existing(args.sources)
    rules = load_rules(settings().rules)
    if args.html:
        return _write(rules, args.html, on, _read(sources, rules) if sources else None)
    if identifier and identifier not in {**rules.operations, **rules.topics}:
        raise UsageError(f"规则库里没有编号为“{identifier}”的业务或主题，不写编号可以列出目录。")
    print(sheet_text(rules, identifier, on) if identifier else index_text(rules, on))
    return 0


def _write(rules: RuleBase, folder: Path, on: date, sources: Sources | None) -> int:
    pages = owners_pages(rules, Made(datetime.now(TIME_ZONE).date(), on), sources)
    try:
        write_pages(pages, folder.resolve())
    except NotASheet as error:
        raise UsageError(str(error)) from error
    except OSError as error:
        raise UsageError(f"文件夹“{folder}”写不进去，请换一个地方，或者检查有没有权限。") from error
    count = sum(name.endswith(".html") for name in pages)
    print(f"写好了 {count} 个网页，从这里打开：{folder / 'index.html'}")
    return 0


def _read(path: Path, rules: RuleBase) -> Sources:
    """The copy of the rule documents; sections that are not found there are the lint's business."""
    return read_sources(path, rules.documents, rules.folder / "documents.yml")[0]
