"""`knowledge outline`: the sections of a rule document, and what of it the rule base has."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final, TypeVar

from actions.settings import settings
from bot.errors import UsageError
from knowledge.loader import load_rules
from knowledge.outline.build import outline
from knowledge.outline.model import Kind
from knowledge.outline.report import data, text

T = TypeVar("T")
# A bar is shown for what takes more than a moment: pages of a PDF, paragraphs of a Word document, lines of a text.
_LONG: Final[dict[Kind, int]] = {"pdf": 50, "docx": 2_000, "txt": 100_000}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.description = "读一份规则文件（txt、docx、pdf），列出各节、文件里的毛病、规则库里有什么和缺什么"
    parser.add_argument("file", type=Path, metavar="FILE", help="规则文件")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--text", type=Path, metavar="OUT", help="把读到的文字另存为 UTF-8 的 txt 文件，供逐句核对用")


def run(args: argparse.Namespace) -> int:
    """Prints the outline."""
    found = outline(args.file, load_rules(settings().rules), _progress)
    if args.text:
        _save(args.text, args.file, (line.text for line in found.reading.lines))
    print(json.dumps(data(found), ensure_ascii=False, indent=2) if args.json else text(found))
    return 0


def _save(path: Path, source: Path, lines: Iterable[str]) -> None:
    if path.exists() and source.exists() and path.samefile(source):
        raise UsageError(f"--text 的“{path}”就是要读的文件，请换一个文件名。")
    try:
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--text 的“{path}”写不了（{error.strerror}）。") from error


def _progress(items: Iterable[T], total: int, kind: Kind, /) -> Iterable[T]:
    if total <= _LONG[kind]:
        return items
    from tqdm import tqdm

    return tqdm(items, total=total, desc="正在读文件")  # type: ignore[no-any-return]
