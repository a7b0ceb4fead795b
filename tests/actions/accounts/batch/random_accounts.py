"""Random rows of the accounts tables: every value a fact can have, unknown, explicitly none, and what it cannot have."""

import io
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import create_engine

from actions.accounts.migrations import upgrade
from actions.accounts.models import customer, subscription
from knowledge.facts import NONE, FactSpec

INVALID = {"enum": ["weird", "", "Active", "NONE"], "money": [-1, 10**14, -(10**14)], "int": [10**12, -(10**12)]}
# The words that other programs write where ours would not.
NEVER_NONE = [NONE]


class RandomAccounts:
    """Draws rows; `days` are the days around which dates lie."""

    def __init__(self, specs: Mapping[str, FactSpec], days: Sequence[date], seed: int) -> None:
        self.specs = specs
        self.days = days
        self.random = random.Random(seed)

    def customer_row(self, identifier: str) -> dict[str, Any]:
        """A customer."""
        facts = {name: self._flag() for name, spec in self.specs.items() if spec.level == "customer"}
        return {"id": identifier, "name": f"公司 {identifier}", **facts}

    def row(self, number: str, holder: str | None) -> dict[str, Any]:
        """A number, in the columns of its table as the database keeps them."""
        row: dict[str, Any] = {"number": number, "customer_id": holder, "recorded_at": "2026-11-01 00:00:00+00:00"}
        # Some numbers have few unknown facts, some many: both everything and nothing is met often enough.
        unknown = self.random.choice((0.0, 0.03, 0.3))
        invalid = self.random.choice((0.0, 0.0, 0.05))
        for name, spec in self.specs.items():
            if spec.level == "customer":
                continue
            value = None if self.random.random() < unknown else self._value(spec, self.random.random() < invalid)
            if spec.type == "date":
                row[f"{name}_is_none"] = value == NONE
                value = None if value == NONE else value
            row[name] = value
        return row

    def _value(self, spec: FactSpec, invalid: bool) -> Any:
        if invalid and spec.type in INVALID:
            return self.random.choice(
                INVALID[spec.type] + (NEVER_NONE if spec.type == "enum" and not spec.none else [])
            )
        if spec.none and self.random.random() < 0.5:
            return NONE
        if spec.type == "enum":
            return self.random.choice(list(spec.values or ()))
        if spec.type == "bool":
            return self._flag()
        if spec.type == "date":
            return self._day().isoformat()
        return self.random.choice((0, 0, 0, 1, 3250, 10**12 - 1))

    def _flag(self) -> bool | None:
        return self.random.choice((True, False, False, None))

    def _day(self) -> date:
        far = (date.max, date.max - timedelta(1), date.min, date(2028, 2, 28), date(2028, 2, 29))
        if self.random.random() < 0.1:
            return self.random.choice(far)
        day = self.random.choice(self.days).toordinal() + self.random.choice((-400, -2, -1, 0, 0, 1, 2, 30, 400))
        return date.fromordinal(min(max(day, 1), date.max.toordinal()))


def store(url: str, customers: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]]) -> None:
    """Makes the tables and puts the rows into them, past every check of ours."""
    upgrade(url)
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            cursor = connection.connection.cursor()
            for table, records in ((customer, list(customers)), (subscription, list(rows))):
                columns = [column.name for column in table.c]
                values = [tuple(record[name] for name in columns) for record in records]
                if engine.dialect.name == "sqlite":
                    marks = ",".join("?" * len(columns))
                    cursor.executemany(f"INSERT INTO {table.name} ({','.join(columns)}) VALUES ({marks})", values)
                else:
                    text = "".join("\t".join("\\N" if v is None else str(v) for v in row) + "\n" for row in values)
                    cursor.copy_expert(f"COPY {table.name} ({','.join(columns)}) FROM STDIN", io.StringIO(text))
    finally:
        engine.dispose()
