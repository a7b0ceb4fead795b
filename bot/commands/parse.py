"""`parse`: understanding only, one JSON line out for each line in."""

import argparse
import json
from pathlib import Path
from typing import Any

from bot.commands.jsonl import read_objects, text_of
from bot.commands.loading import load_parser


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where the messages come from."""
    parser.add_argument("--file", type=Path, metavar="IN.jsonl", help="要理解的句子（默认读标准输入）")


def run(args: argparse.Namespace) -> int:
    """Parses everything with a model that is loaded once."""
    messages = [(value.get("id"), text_of(where, value)) for where, value in read_objects(args.file)]
    from bot.nlu.report import to_report

    parser = load_parser()
    for identifier, text in messages:
        print(_line({"id": identifier, "text": text, **to_report(parser.parse(text))}))
    return 0


def _line(value: dict[str, Any]) -> str:
    line = json.dumps(value, ensure_ascii=False)
    # Half of a surrogate pair is legal in JSON but not in UTF-8; escaped it can be printed.
    return json.dumps(value) if any("\ud800" <= character <= "\udfff" for character in line) else line
