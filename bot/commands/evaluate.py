"""`evaluate`: how well labelled questions are understood."""

import argparse
import json
from pathlib import Path

from bot.commands.jsonl import read_objects
from bot.commands.loading import load_parser
from bot.errors import UsageError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The questions and the form of the report."""
    parser.add_argument("--file", type=Path, required=True, metavar="LABELLED.jsonl", help="标注好的问题")
    parser.add_argument("--json", action="store_true", help="输出 JSON")


def run(args: argparse.Namespace) -> int:
    """Prints the report."""
    from bot.nlu.evaluation import Labelled, QuestionError, Tally, labelled, table

    questions: list[Labelled] = []
    for where, row in read_objects(args.file):
        try:
            questions.append(labelled(row))
        except QuestionError as error:
            raise UsageError(f"{where}：{error}。") from error

    parser = load_parser()
    tally = Tally()
    for question in questions:
        tally.add(question, parser.parse(question.text))
    print(json.dumps(tally.summary(), ensure_ascii=False) if args.json else table(tally))
    return 0
