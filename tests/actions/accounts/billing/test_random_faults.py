"""Thousands of look-ups in a billing system that is faulty in every way at random: no verdict rests on a wrong fact.

The simulator knows the truth about every number. What the source made of each answer is compared with it, fact by fact
and verdict by verdict. The run takes about 20 s on a quiet machine, nearly all of it computing.
"""

import asyncio
import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, get_args

import pytest

from actions.accounts.billing.client import BillingClient
from actions.accounts.billing.mapping_file import read_mapping
from actions.accounts.billing.source import HttpSource
from actions.accounts.errors import SourceUnavailable
from actions.accounts.facts import AccountFacts
from actions.eligibility.reads import facts_read
from actions.eligibility.verdict import Verdict, check
from actions.settings import today
from knowledge.conditions import OperationRules, load_all
from knowledge.facts import NONE, FactSpec, Value
from tests.actions.accounts.billing.conftest import TRUE
from tests.actions.eligibility.conftest import RULES
from tests.actions.eligibility.rule_cases import account_of
from tests.simulators.billing import SECRET, BillingSystem, Fault

# Calls that were made: those that a pause kept away from the system come on top.
CALLS: Final = 10_000
AT_ONCE: Final = 32
NUMBERS: Final = 400
FAULTY: Final = 0.7
# So many requests in a row fail now and then, and open the circuit.
OUTAGE: Final = 100
# The smallest sensible number of points is not declared, so nobody can tell that a negative one is absurd.
UNBOUNDED: Final = {"points"}


def accounts(facts: dict[str, FactSpec], on: date, chance: random.Random) -> dict[str, dict[str, Value]]:
    """Made-up accounts: most facts clear, some in the way, some that the system itself does not know."""
    clear: dict[str, Value] = {
        **TRUE,
        **{"arrears": Decimal("0.00"), "prepayment_kind": "none", "lifecycle": "none"},
        **dict.fromkeys(("subsidy_agreement_end", "special_number_agreement_end"), NONE),
    }

    def other(spec: FactSpec) -> Value:
        if spec.type == "bool":
            return chance.random() < 0.5
        if spec.type == "enum":
            return chance.choice([*(spec.values or ()), *([NONE] if spec.none else [])])
        if spec.type == "date":
            return on + timedelta(chance.choice([-400, -1, 0, 1, 400]))
        if spec.type == "int":
            return chance.randrange(10_000)
        return Decimal(chance.randrange(100_000)).scaleb(-2)

    result: dict[str, dict[str, Value]] = {}
    for index in range(NUMBERS):
        values = dict(clear)
        for name in chance.sample(list(facts), chance.choice([0, 0, 1, 2, 4, 6])):
            if chance.random() < 0.15:
                del values[name]
            else:
                values[name] = other(facts[name])
        result[f"186{index:08}"] = values
    return result


def agrees(found: Verdict, truth: Verdict) -> str:
    """What a verdict is in the light of the true one: "right", "open", "wrong"; or "scope", see below."""
    if found.status == "needs_review":
        return "open"
    if found.status == truth.status:
        return "right"
    # By the contract a bar that is known outranks a scope that is not: it says "blocked" and that the status of the
    # number is not known; the number may turn out to be cancelled. The facts behind the bar are true all the same.
    if found.status == "blocked" and found.applies is None and truth.status == "not_applicable":
        return "scope"
    return "wrong"


@pytest.mark.timeout(600)
async def test_no_verdict_rests_on_a_wrong_or_missing_fact(facts, tmp_path, capsys, caplog):
    caplog.set_level("ERROR")
    chance, on = random.Random(20261127), today()
    truth = accounts(facts, on, chance)
    rules = {name: one for name, one in load_all(RULES).items() if one.never_applies is None}
    true_verdicts = {
        (number, name): check(one, account_of(values), on)
        for number, values in truth.items()
        for name, one in rules.items()
    }
    # Most numbers may do most things: each status is asked for as often, or few would be barred.
    by_status = [
        [asked for asked, verdict in true_verdicts.items() if verdict.status == status]
        for status in sorted({verdict.status for verdict in true_verdicts.values()})
    ]
    faults = get_args(Fault)
    system = BillingSystem(truth, slow_seconds=0.4, randomness=chance)

    def choose() -> Fault | None:
        if len(system.requests) % 3000 < OUTAGE:
            return "error_500"
        return chance.choice(faults) if chance.random() < FAULTY else None

    system.choose_fault = choose
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    async with system.running():
        path = system.write_mapping(
            tmp_path, each_seconds=0.25, total_seconds=1, wait_seconds=0.001, pause_seconds=0.02
        )
        mapping = read_mapping(path, facts, lambda name: SECRET)
        source = HttpSource(mapping, BillingClient(mapping))

        async def ask_on() -> None:
            while counts["calls"] - counts["paused"] < CALLS:
                number, name = chance.choice(chance.choice(by_status))
                await ask(source, number, name, rules[name])

        async def ask(source: HttpSource, number: str, name: str, one: OperationRules) -> None:
            counts["calls"] += 1
            try:
                account = await source.find(number, facts_read(one))
            except SourceUnavailable as failure:
                paused = "暂停" in str(failure)
                counts["paused" if paused else "no answer"] += 1
                # People do not ask again within a microsecond.
                await asyncio.sleep(0.005 if paused else 0)
                return
            if account is None:
                counts["no such number"] += 1
                return
            if lies := wrong_facts(account, truth[number]):
                wrong.append(f"{number}: {lies}")
            true_verdict = true_verdicts[number, name]
            verdict = check(one, account, on)
            counts[f"verdict {verdict.status}"] += 1
            judged = agrees(verdict, true_verdict)
            counts[f"{judged} verdicts"] += 1
            if judged == "wrong":
                wrong.append(f"{number} {name}: {verdict.status}, in truth {true_verdict.status}")

        await asyncio.gather(*(ask_on() for _ in range(AT_ONCE)))
        await source.close()
    with capsys.disabled():
        print(f"\n{dict(sorted(counts.items()))}\nanswers of the system: {dict(sorted(system.counts.items()))}")
    assert wrong == []
    assert counts["calls"] - counts["paused"] >= CALLS
    assert set(system.counts) == {"none", *faults}
    assert min(counts["verdict allowed"], counts["verdict blocked"], counts["no answer"]) > 300
    assert counts["paused"] > 10


def wrong_facts(account: AccountFacts, truth: dict[str, Value]) -> dict[str, tuple[Value, Value | None]]:
    """The facts that the source says it knows and that are otherwise in truth."""
    return {
        name: (value, truth.get(name))
        for name, value in account.values().items()
        if name not in UNBOUNDED and value != truth.get(name)
    }
