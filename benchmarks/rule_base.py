"""How long the rule base takes to load and to check, and an answer of it to render.

    .venv/bin/python -m benchmarks.rule_base

Loading and checking are repeated from the files; answers are those of every operation, aspect, ownership and role and of
every topic, made and turned into blocks, plain text and WeChat messages.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import product
from pathlib import Path

from actions.conversation.compose import answer_blocks, unique_citations
from actions.plain_text import plain_text
from actions.settings import settings
from bot.rendering.wechat import wechat_texts
from knowledge.answers import Answer, answer_operation, answer_topic
from knowledge.identifiers import ASPECTS, OWNERSHIPS, ROLES
from knowledge.lint import lint
from knowledge.loader import load_rules
from knowledge.model import RuleBase

DAY = date(2026, 1, 1)


def milliseconds(works: Iterable[Callable[[], object]]) -> list[float]:
    """The time of each call."""
    times = []
    for work in works:
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return times


def row(name: str, times: list[float]) -> str:
    """One line of the table."""
    p99 = statistics.quantiles(times, n=100, method="inclusive")[98]
    return f"{name:34} {len(times):6d} {statistics.median(times):9.3f} {p99:9.3f} {max(times):9.3f}"


def questions(rules: RuleBase) -> Iterator[Callable[[], Answer]]:
    """Everything that can be asked of a rule base."""
    for operation, aspect, ownership, role in product(rules.operations, ASPECTS, (None, *OWNERSHIPS), ROLES):
        yield lambda o=operation, a=aspect, w=ownership, r=role: answer_operation(rules, o, a, w, r, DAY)
    for topic, role in product(rules.topics, ROLES):
        yield lambda t=topic, r=role: answer_topic(rules, t, r, DAY)


def as_text(answer: Answer) -> object:
    """The answer as terminals and WeChat show it."""
    blocks = [*answer_blocks(answer), {"type": "citations", "items": unique_citations([answer])}]
    return plain_text(blocks, []), wechat_texts(blocks, [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", type=Path, default=settings().rules)
    parser.add_argument("--repeat", type=int, default=20)
    args = parser.parse_args()
    loading = milliseconds([lambda: load_rules(args.rules)] * args.repeat)
    rules = load_rules(args.rules)
    checking = milliseconds([lambda: lint(rules)] * args.repeat)
    asked = list(questions(rules)) * args.repeat
    answering = milliseconds(asked)
    answers = [ask() for ask in questions(rules)]
    rendering = milliseconds([lambda a=answer: as_text(a) for answer in answers])

    print(f"{'milliseconds':34} {'n':>6} {'median':>9} {'p99':>9} {'max':>9}")
    print(row("load", loading))
    print(row("lint", checking))
    print(row("answer", answering))
    print(row("blocks, plain text, WeChat", rendering))


if __name__ == "__main__":
    main()
