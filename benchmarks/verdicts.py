"""Verdicts per second of our evaluator and of others, on the same generated accounts, side by side in one run.

    .venv/bin/python -m benchmarks.verdicts

A fifth of the facts is missing. Facts are turned into each engine's types beforehand. Every contender runs once a
round, in turn, and the median over the rounds counts. Processor time, so that other processes disturb less; run it on
a quiet machine all the same.
"""

import argparse
import gc
import random
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from platform import python_implementation, python_version
from typing import Any

from actions.accounts.facts import Absent, AccountFacts, Known
from actions.eligibility.evaluator import evaluate
from actions.eligibility.verdict import check
from actions.settings import settings
from benchmarks.by_hand import BY_HAND
from benchmarks.engines import ENGINES
from knowledge.conditions import OperationRules, load_operation
from knowledge.facts import NONE, FactSpec, Value

ON = date(2026, 11, 22)
MISSING = 0.2
SECONDS = 0.1
OURS, EXPLAINED, HAND = "ours, status", "ours, full explanation", "by hand, status"


@dataclass
class Contender:
    """One way to reach verdicts: what it is given for each account, and how it judges."""

    name: str
    operation: str
    judge: Callable[[Any], str]
    inputs: Sequence[Any]
    rates: list[float] = field(default_factory=list)
    disagreements: int = 0

    def measure(self) -> None:
        """Judges as many accounts as fill the time, and notes how many a second that was."""
        judge, inputs = self.judge, self.inputs
        judged = 0
        started = time.process_time()
        while (passed := time.process_time() - started) < SECONDS or not judged:
            # In pieces, so that a slow engine need not finish all accounts.
            start = judged % len(inputs)
            for account in inputs[start : start + 100]:
                judge(account)
            judged += min(100, len(inputs) - start)
        self.rates.append(judged / passed)


def random_value(spec: FactSpec, dice: random.Random) -> Value | None:
    """A value of a fact as accounts have it, or None: nobody knows."""
    if dice.random() < MISSING:
        return None
    if spec.none and dice.random() < 0.5:
        return NONE
    if spec.values is not None:
        return str(dice.choice([*spec.values]))
    if spec.type == "bool":
        return dice.random() < 0.2
    if spec.type == "date":
        return ON + timedelta(dice.randint(-400, 400))
    amount = 0 if dice.random() < 0.6 else dice.randint(1, 50_000)
    return amount if spec.type == "int" else Decimal(amount).scaleb(-2)


def generated(facts: Iterable[FactSpec], count: int, seed: int) -> list[dict[str, Value]]:
    """Accounts with every declared fact, a fifth of them unknown."""
    dice = random.Random(seed)
    specs = list(facts)
    accounts = []
    for _ in range(count):
        drawn = {spec.name: random_value(spec, dice) for spec in specs}
        accounts.append({name: value for name, value in drawn.items() if value is not None})
    return accounts


def as_account(values: dict[str, Value]) -> AccountFacts:
    """The account as its repository would give it."""
    facts = {name: Absent("a", None) if value == NONE else Known(value, "a", None) for name, value in values.items()}
    return AccountFacts("18600000001", "G1001", "单位", facts)


def contenders(rules: OperationRules, accounts: list[dict[str, Value]]) -> list[Contender]:
    """Everyone who judges this operation."""
    operation, by_hand = rules.operation, BY_HAND[rules.operation]
    result = [
        Contender(HAND, operation, lambda values: by_hand(values, ON)[0], accounts),
        Contender(OURS, operation, lambda values: evaluate(rules, values, ON).status, accounts),
        Contender(
            EXPLAINED,
            operation,
            lambda account: check(rules, account, ON).to_json()["status"],
            [as_account(values) for values in accounts],
        ),
    ]
    for name, build in ENGINES.items():
        engine = build(rules)
        prepared = [engine.prepare(values, ON) for values in accounts]
        result.append(Contender(f"{name} {version(name)}", operation, engine.status, prepared))
    return result


def compare(everyone: list[Contender]) -> None:
    """Counts the accounts of which each contender says something else than we do."""
    ours = next(contender for contender in everyone if contender.name == OURS)
    expected = [ours.judge(account) for account in ours.inputs]
    for contender in everyone:
        found = [contender.judge(account) for account in contender.inputs]
        contender.disagreements = sum(one != other for one, other in zip(expected, found, strict=True))


def report(everyone: list[Contender], accounts: int, rounds: int) -> str:
    """The table, as Markdown."""
    medians = {(c.operation, c.name): statistics.median(c.rates) for c in everyone}
    rival = next(name for _, name in medians if name.startswith("rule-engine"))
    lines = [
        f"{python_implementation()} {python_version()}, {accounts:,} accounts, a fifth of the facts missing, "
        f"median (lowest to highest) of {rounds} rounds.",
        "",
        "| operation | contender | verdicts/s | µs/verdict | of by hand | times rule-engine | disagreements |",
        "|---|---|---|---|---|---|---|",
    ]
    for contender in everyone:
        median = medians[contender.operation, contender.name]
        lines.append(
            f"| `{contender.operation}` | {contender.name} "
            f"| {median:,.0f} ({min(contender.rates):,.0f}-{max(contender.rates):,.0f}) | {1e6 / median:,.2f} "
            f"| {median / medians[contender.operation, HAND]:.0%} | {median / medians[contender.operation, rival]:,.1f} "
            f"| {contender.disagreements:,} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=settings().var / "benchmark-verdicts.md")
    args = parser.parse_args()
    everyone: list[Contender] = []
    for operation in BY_HAND:
        rules = load_operation(settings().rules, operation)
        rules = replace(rules, conditions=rules.conditions_on(ON))
        accounts = generated(rules.facts.values(), args.accounts, args.seed)
        found = contenders(rules, accounts)
        compare(found)
        shares = Counter(evaluate(rules, values, ON).status for values in accounts)
        print(operation, dict(shares))
        everyone += found
    for _ in range(args.rounds):
        for contender in everyone:
            gc.collect()
            contender.measure()
    table = report(everyone, args.accounts, args.rounds)
    print(table)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(table + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
