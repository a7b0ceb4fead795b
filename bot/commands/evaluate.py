"""`evaluate`: how well labelled questions are understood."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from actions.settings import settings
from bot.commands.jsonl import read_objects
from bot.commands.loading import load_parser
from bot.errors import UsageError
from knowledge.loader import load_rules

if TYPE_CHECKING:
    from bot.nlu.assessment.cases import Case
    from bot.nlu.evaluation import Labelled, Tally


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The questions and the form of the report."""
    parser.add_argument("--file", type=Path, required=True, metavar="LABELLED.jsonl", help="标注好的问题")
    parser.add_argument("--json", action="store_true", help="输出 JSON")
    parser.add_argument("--report", type=Path, metavar="OUT", help="把完整的报告（带图）写进这个文件夹")
    parser.add_argument("--errors", type=_count, default=0, metavar="N", help="每类错误列出前 N 个")


def run(args: argparse.Namespace) -> int:
    """Prints the figures, and writes the report where one is asked for."""
    from bot.nlu.assessment.cases import Case
    from bot.nlu.assessment.document import errors_json, errors_text
    from bot.nlu.assessment.names import names_of
    from bot.nlu.evaluation import Tally, table

    questions = _questions(args.file)
    names = names_of(load_rules(settings().rules))
    parser = load_parser()
    tally = Tally()
    cases: list[Case] = []
    for question in questions:
        got = parser.parse(question.text)
        cases.append(Case(question, got, tally.add(question, got)))
    if args.json:
        errors = {"errors": errors_json(cases, args.errors)} if args.errors else {}
        print(json.dumps({**tally.summary(), **errors}, ensure_ascii=False))
    else:
        print(table(tally))
        if args.errors:
            print(errors_text(cases, args.errors))
    if args.report:
        _write(args.report, cases, tally, names)
    return 0


def _questions(path: Path) -> "list[Labelled]":
    from bot.nlu.evaluation import QuestionError, labelled

    questions: list[Labelled] = []
    for where, row in read_objects(path):
        try:
            questions.append(labelled(row))
        except QuestionError as error:
            raise UsageError(f"{where}：{error}。") from error
    return questions


def _write(folder: Path, cases: "Sequence[Case]", tally: "Tally", names: dict[str, str]) -> None:
    from bot.nlu.assessment.document import DrawingError, write_report

    try:
        write_report(folder, cases, tally, names)
    except OSError as error:
        raise UsageError(f"文件夹“{folder}”写不进去，请换一个地方，或者检查有没有权限。") from error
    except DrawingError as error:
        raise UsageError(f"报告的图画不出来（{error}）。") from error


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"应是 0 或更大的整数，现在是“{text}”")
    return int(text)
