"""The figures against what was written, counted once more in Python; the same on both databases."""

import csv
import io
import math
import zipfile
from collections import Counter
from datetime import timedelta

from sqlalchemy import select

from actions.settings import TIME_ZONE
from bot.conversations.models import entry
from bot.desk.tables import Sheet, as_csv, as_xlsx
from tests.bot.desk.conftest import Staff
from tests.bot.desk.entries import NOW, Story, fill

DAYS = 30


def percentile(values: list[int], share: int) -> int | None:
    ordered = sorted(values)
    return ordered[math.ceil(len(ordered) * share / 100) - 1] if ordered else None


async def test_every_figure_is_what_was_written(staff: Staff) -> None:
    first = (NOW - timedelta(days=DAYS - 1)).astimezone(TIME_ZONE).date()
    rows = [row for row in fill(staff.engine).rows if row["at"].astimezone(TIME_ZONE).date() >= first]
    for channel in (None, "wechat"):
        mine = [row for row in rows if channel in (None, row["channel"])]
        shown = await staff.get(f"dashboard?days={DAYS}" + (f"&channel={channel}" if channel else ""))
        assert (shown["from"], shown["to"], shown["channel"]) == ("2026-10-29", "2026-11-27", channel)
        days = Counter(row["at"].astimezone(TIME_ZONE).date().isoformat() for row in mine)
        hours = Counter(row["at"].astimezone(TIME_ZONE).hour for row in mine)
        assert shown["volume"]["total"] == len(mine)
        assert len(shown["volume"]["by_day"]) == DAYS
        assert {one["day"]: one["count"] for one in shown["volume"]["by_day"] if one["count"]} == days
        assert {one["hour"]: one["count"] for one in shown["volume"]["by_hour"] if one["count"]} == hours
        decisions = Counter(row["decision"] for row in mine)
        total = shown["outcomes"]["total"]
        assert total["answered"] == decisions["answer"]
        assert total["asked_back"] == decisions["clarify"]
        assert total["not_covered"] == decisions["out_of_scope"] + decisions["other_service"]
        assert total["small_talk"] == decisions["chitchat"]
        assert sum(total.values()) == len(mine)
        assert sum(one["answered"] for one in shown["outcomes"]["by_day"]) == decisions["answer"]
        operations = Counter(row["operation"] for row in mine if row["decision"] == "answer")
        assert {one["operation"]: one["count"] for one in shown["operations"]} == operations
        gap = sum(row["gap"] for row in mine)
        assert [(one["operation"], one["aspect"], one["count"]) for one in shown["gaps"]] == [
            ("cancel_service", "fee", gap)
        ]
        assert shown["gaps"][0]["name"] == "销户收费吗"
        waits = [row["ms"] for row in mine]
        assert (shown["latency"]["p50"], shown["latency"]["p95"]) == (percentile(waits, 50), percentile(waits, 95))
        day = shown["latency"]["by_day"][-3]["day"]
        waits = [row["ms"] for row in mine if row["at"].astimezone(TIME_ZONE).date().isoformat() == day]
        assert shown["latency"]["by_day"][-3] == {
            "day": day,
            "p50": percentile(waits, 50),
            "p95": percentile(waits, 95),
        }
        scores = Counter(row["score"] for row in mine)
        assert (shown["feedback"]["up"], shown["feedback"]["down"]) == (scores["up"], scores["down"])
        assert shown["feedback"]["reasons"] == [{"reason": "wrong", "name": "答错了", "count": scores["down"]}]


async def test_nothing_yet_is_zero_and_none(staff: Staff) -> None:
    shown = await staff.get("dashboard?days=2")
    assert shown["volume"]["total"] == 0
    assert shown["latency"] == {
        "p50": None, "p95": None,
        "by_day": [{"day": "2026-11-26", "p50": None, "p95": None}, {"day": "2026-11-27", "p50": None, "p95": None}],
    }  # fmt: skip
    assert set(shown["outcomes"]["total"].values()) == {0}
    assert shown["gaps"] == shown["operations"] == []


async def test_a_message_is_counted_once_and_one_for_a_person_as_handed_over(staff: Staff) -> None:
    with staff.engine.begin() as connection:
        story = Story(connection)
        place = story.conversation(NOW)
        asked, _ = story.exchange(place, NOW, "两条答复", "answer", "cancel_service", "fee")
        story.entry(place, NOW, "assistant", "第二条", reply_to=asked, decision="clarify", milliseconds=1)
        story.entry(place, NOW, "user", "给人工的话", state="staff")
        story.exchange(place, NOW, "没有答上", None)
    total = (await staff.get("dashboard?days=1"))["outcomes"]["total"]
    assert total == {
        "answered": 1, "asked_back": 0, "not_covered": 0, "handed_over": 1, "small_talk": 0, "unanswered": 1,
    }  # fmt: skip


async def test_the_files_hold_the_same_figures(staff: Staff) -> None:
    fill(staff.engine, 60)
    shown = await staff.get("dashboard?days=7")
    text = (await staff.get("dashboard.csv?days=7")).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[1][:3] == ["日期", "次数", "答复了"]
    assert [int(line[1]) for line in lines[2:9]] == [one["count"] for one in shown["volume"]["by_day"]]
    book = zipfile.ZipFile(io.BytesIO(await staff.get("dashboard.xlsx?days=7")))
    assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) == 6


def test_no_cell_of_a_file_is_a_formula() -> None:
    sheets = [Sheet("表", ["=1+1"], [["=HYPERLINK(0)", 5], ["＋1", None]])]
    text = as_csv(sheets).decode("utf-8-sig")
    assert "'=1+1" in text
    assert "'=HYPERLINK" in text
    assert "'＋1" in text
    sheet = zipfile.ZipFile(io.BytesIO(as_xlsx(sheets))).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet


async def test_the_realistic_set_is_large(staff: Staff) -> None:
    fill(staff.engine)
    with staff.engine.connect() as connection:
        assert len(connection.execute(select(entry.c.id)).all()) > 3000
