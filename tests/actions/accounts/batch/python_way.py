"""The verdicts as the evaluator forms them, number by number, in the shape of the batch."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import create_engine

from actions.accounts.batch.findings import Findings
from actions.accounts.batch.reader import BatchReader
from actions.accounts.repository import _ACCOUNT, AccountRepository
from actions.eligibility.evaluator import evaluate
from actions.eligibility.timeline import earliest
from knowledge.conditions import OperationRules
from knowledge.predicates import Values

Verdict = tuple[str, list[str], list[str], str | None, bool]


def known_values(url: str) -> Iterator[tuple[str, str | None, Values]]:
    """(number, customer, known facts) of every number, read as a single account is."""
    repository = AccountRepository(url)
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(_ACCOUNT).mappings():
                account = repository._account(row)
                yield account.number, account.customer, account.values()
    finally:
        engine.dispose()
        repository.close()


def by_python(rules: OperationRules, values: Values, on: date) -> Verdict:
    """The verdict on these facts."""
    outcome = evaluate(rules, values, on)
    first = earliest(rules, values, on, outcome)
    named = list(zip((c.id for c in rules.conditions_on(on)), outcome.truths, strict=False))
    return (
        outcome.status,
        [name for name, truth in named if truth is False],
        [name for name, truth in named if truth is None],
        first.day.isoformat() if first.day else None,
        first.certain,
    )


def by_sql(reader: BatchReader, rules: OperationRules, on: date, holder: str | None) -> Iterator[tuple[str, Verdict]]:
    """The same verdicts from the statement."""
    findings = Findings(rules, on)
    for chunk in reader.rows(rules, on, holder):
        for number, day, code in chunk:
            found = findings[code]
            blockers, unknowns = ([c.id for c in part] for part in (found.blockers, found.unknowns))
            yield number, (found.status, blockers, unknowns, day, found.certain)
