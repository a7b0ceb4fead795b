"""Random accounts for benchmarks, written straight into the tables: the importer checks every line, which takes longer."""

import io
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import create_engine

from actions.accounts.migrations import upgrade
from actions.accounts.models import customer, subscription

ON = date(2026, 11, 22)
CUSTOMERS = 1000
_DATES = ("subsidy_agreement_end", "plan_agreement_end", "special_number_agreement_end", "roaming_closed_on")
_CHUNK = 20_000


def fill(url: str, numbers: int, seed: int = 1) -> None:
    """Makes the tables and fills them; the same numbers for the same seed."""
    upgrade(url)
    engine = create_engine(url)
    holders = [(f"G{place}", f"公司{place}", place % 50 == 0, place % 20 == 0) for place in range(CUSTOMERS)]
    columns = [column.name for column in subscription.c]
    rows = (tuple(row[name] for name in columns) for row in _rows(numbers, random.Random(seed)))
    with engine.begin() as connection:
        connection.execute(
            customer.insert(),
            [dict(zip(("id", "name", "blacklisted", "key_person"), holder, strict=True)) for holder in holders],
        )
        cursor: Any = connection.connection.cursor()
        while chunk := list(islice(rows, _CHUNK)):
            if engine.dialect.name == "sqlite":
                cursor.executemany(
                    f"INSERT INTO subscription ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})", chunk
                )
            else:
                text = "".join("\t".join("\\N" if v is None else str(v) for v in row) + "\n" for row in chunk)
                cursor.copy_expert(f"COPY subscription ({','.join(columns)}) FROM STDIN", io.StringIO(text))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE")
    engine.dispose()


def _rows(numbers: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Mostly ordinary numbers; one fact in fifty is unknown, one number in ten owes something."""
    now = datetime(2026, 11, 1, tzinfo=UTC).isoformat(sep=" ")
    roll = chance.random
    for place in range(numbers):
        prepaid = roll() < 0.2
        row: dict[str, Any] = {
            "number": f"1{8_600_000_000 + place:010d}",
            "customer_id": f"G{place % CUSTOMERS}",
            "recorded_at": now,
            "ownership": "organization" if roll() < 0.8 else "individual",
            "service": "mobile",
            "payment": "prepaid" if prepaid else "postpaid",
            "status": chance.choices(("active", "suspended", "lost", "barred", "cancelled"), (85, 5, 2, 3, 5))[0],
            "lifecycle": chance.choice(("valid", "recharge", "locked")) if prepaid else "none",
            "arrears": 0 if roll() < 0.9 else int(roll() * 50_000),
            "balance": int(roll() * 50_000),
            "refundable": 0 if roll() < 0.5 else int(roll() * 20_000),
            "points": int(roll() * 5000),
            "relocated": "none" if roll() < 0.98 else "new",
            "campaign_restricted": roll() < 0.03,
            "special_number_restricted": roll() < 0.02,
            "special_terms": roll() < 0.02,
            "prepayment_kind": chance.choices(("none", "ordinary", "special_number"), (70, 25, 5))[0],
            "roaming": roll() < 0.1,
            "roaming_prepayment": 0,
            "data_used_gb": int(roll() * 20_000),
            "signed_member": roll() < 0.9,
        }
        for name in _DATES:
            dated = roll() < 0.25
            row[name] = (ON + timedelta(int(roll() * 1000) - 300)).isoformat() if dated else None
            row[f"{name}_is_none"] = not dated and roll() < 0.97
        for name in ("ownership", "status", "arrears", "relocated", "special_terms", "campaign_restricted"):
            if roll() < 0.02:
                row[name] = None
        yield row
