"""Loads account records from a JSON Lines file: all of them or none, and every bad line is reported at once."""

import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from tqdm import tqdm

from actions.accounts.database import chinese_faults, open_engine, parse_url
from actions.accounts.errors import AccountsError, ImportProblems, LineProblem
from actions.accounts.migrations import upgrade
from actions.accounts.models import customer, subscription
from actions.accounts.records import Holder, Record, Report, parse_line
from knowledge.facts import NONE, FactSpec, Value

_BATCH: Final = 1000
_BAR_FROM_BYTES: Final = 2_000_000
_BOM: Final = b"\xef\xbb\xbf"


def import_accounts(path: Path, url: str, facts: Mapping[str, FactSpec]) -> int:
    """Loads a file into the accounts database (made or migrated first) and returns how many numbers it held.

    A number that is there already is replaced by its new record. The file is read twice, first to check all of it,
    so that a bad file does not even touch the database and a long one never has to fit in memory.
    Raises `ImportProblems` with everything that is wrong with the file, `AccountsError` for a fault of the database.
    """
    _refuse_facts_without_column(facts)
    checked = _Checked(path, facts)
    for _ in checked.records("检查"):
        pass
    checked.refuse_problems()
    upgrade(url)
    parsed = parse_url(url)
    engine = open_engine(parsed)
    try:
        with chinese_faults(parsed), engine.begin() as connection:
            _load(connection, checked, datetime.now(UTC))
    finally:
        engine.dispose()
    return len(checked.lines)


def _refuse_facts_without_column(facts: Mapping[str, FactSpec]) -> None:
    """A rule pack declares its own facts, but only those of the account contract can be kept."""
    columns = {"customer": customer.c, "subscription": subscription.c}
    homeless = [name for name, spec in facts.items() if name not in columns[spec.level]]
    if homeless:
        raise AccountsError(f"facts.yml 里的事实 {'、'.join(homeless)} 在账户数据库里没有地方存，不能导入账户数据。")


class _Checked:
    """The records of one file, with what is wrong with it as a whole."""

    def __init__(self, path: Path, facts: Mapping[str, FactSpec]) -> None:
        self.path = path
        self.facts = facts
        self.problems: list[LineProblem] = []
        self.lines: dict[str, int] = {}
        self.customers: dict[str, Holder] = {}

    def records(self, doing: str) -> Iterator[Record]:
        """The sound records, from the first line on; what is wrong with the others is in `problems`."""
        self.problems, self.lines, self.customers = [], {}, {}
        empty = True
        for line_number, line in enumerate(_lines(self.path, doing), 1):
            if not line.strip():
                continue
            empty = False
            before = len(self.problems)
            report = partial(self._report, line_number)
            record = parse_line(line, self.facts, report)
            if record is None:
                continue
            first = self.lines.setdefault(record.number, line_number)
            if first != line_number:
                report("number", f"与第 {first} 行重复")
            if record.holder is not None:
                self._merge(record.holder, report)
            if len(self.problems) == before:
                yield record
        if empty:
            self.problems.append(LineProblem(0, None, "文件是空的，没有任何记录"))

    def refuse_problems(self) -> None:
        """Raises `ImportProblems` if there was any."""
        if self.problems:
            raise ImportProblems(self.path, self.problems)

    def _report(self, line: int, field: str | None, reason: str) -> None:
        self.problems.append(LineProblem(line, field, reason))

    def _merge(self, holder: Holder, report: Report) -> None:
        """Adds what a line says of its customer to what the lines before it said; they must not disagree."""
        known = self.customers.get(holder.id, Holder(holder.id, None, {}))
        if holder.name is not None and known.name not in (None, holder.name):
            report("customer.name", f"与前面 {holder.id} 的记录不一致：“{known.name}”和“{holder.name}”")
        for name, value in holder.facts.items():
            if known.facts.get(name, value) != value:
                report(f"customer.{name}", f"与前面 {holder.id} 的记录不一致")
        # What was said first stays, so that each line that disagrees with it is reported.
        self.customers[holder.id] = Holder(holder.id, known.name or holder.name, {**holder.facts, **known.facts})


def _lines(path: Path, doing: str) -> Iterator[bytes]:
    try:
        size = path.stat().st_size
        with (
            path.open("rb") as file,
            tqdm(
                total=size, desc=doing, unit="B", unit_scale=True, file=sys.stderr, disable=size < _BAR_FROM_BYTES
            ) as bar,
        ):
            for number, line in enumerate(file):
                bar.update(len(line))
                yield line.removeprefix(_BOM) if number == 0 else line
    except OSError as error:
        raise AccountsError(f"文件 {path} 读不出来：{_reason(error)}。") from error


def _reason(error: OSError) -> str:
    words = {
        FileNotFoundError: "没有这个文件",
        IsADirectoryError: "这是一个目录",
        PermissionError: "没有读的权限",
    }
    return words.get(type(error), error.strerror or "原因不明")


def _load(connection: Connection, checked: _Checked, now: datetime) -> None:
    # All customers are known from the first reading.
    rows = iter([_customer_row(holder, checked.facts) for holder in checked.customers.values()])
    while batch := list(islice(rows, _BATCH)):
        _upsert(connection, customer, "id", batch)
    records = checked.records("导入")
    while batch := [_row(record, checked.facts, now) for record in islice(records, _BATCH)]:
        _upsert(connection, subscription, "number", batch)
    # The file changed between the two readings: the transaction is rolled back.
    checked.refuse_problems()


def _customer_row(holder: Holder, specs: Mapping[str, FactSpec]) -> dict[str, Any]:
    names = [name for name, spec in specs.items() if spec.level == "customer"]
    return {"id": holder.id, "name": holder.name, **{name: holder.facts.get(name) for name in names}}


def _row(record: Record, specs: Mapping[str, FactSpec], now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {
        "number": record.number,
        "customer_id": record.holder.id if record.holder else None,
        "recorded_at": now,
    }
    for name, spec in specs.items():
        if spec.level == "customer":
            continue
        value: Value | None = record.facts.get(name)
        if spec.type == "date" and spec.none is not None:
            row[f"{name}_is_none"] = value == NONE
            value = None if value == NONE else value
        row[name] = value
    return row


def _upsert(connection: Connection, table: Table, key: str, rows: list[dict[str, Any]]) -> None:
    # Both databases have the same statement, but SQLAlchemy keeps it in the dialects.
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement: Any = dialect.insert(table)
    replaced = {column: statement.excluded[column] for column in rows[0] if column != key}
    connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=replaced), rows)
