"""Look-ups and companies: for a purpose that is put on record first, masked, and as a file that runs nothing."""

import csv
import io
import json
import zipfile
from typing import Any

import pytest

from actions.audit.trail import Record, Trail, audit_chain
from actions.settings import settings
from tests.bot.desk.conftest import Staff

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WHY = {"purpose": "客户 18600010101 来电询问"}


def recorded() -> list[Record]:
    return Trail(settings().audit_url, audit_chain()).latest(20)


async def test_facts_are_shown_masked_with_source_and_time_and_put_on_record(staff: Staff) -> None:
    shown = await staff.post("lookups", {"number": "１８６ 0001-0102", **WHY}, "clerk", name="李")
    assert (shown["number"], shown["customer"], shown["verdict"]) == ("186****0102", "G1001", None)
    arrears = next(one for one in shown["facts"] if one["name"] == "arrears")
    assert arrears["value"] == "32.50"
    assert arrears["source"] == "账户数据库"
    assert arrears["read_at"].endswith("+08:00")
    assert "18600010102" not in json.dumps(shown)
    (record,) = recorded()
    content = record.content
    assert (content["channel"], content["who"], content["operation"]) == ("console", "李", "account")
    assert content["purpose"] == "客户 186****0101 来电询问"


async def test_a_verdict_comes_with_every_condition_and_for_another_day(staff: Staff) -> None:
    body = {"number": "18600010103", "operation": "change_number", **WHY}
    shown = await staff.post("lookups", body, "clerk")
    verdict = shown["verdict"]
    assert verdict["status"] == "blocked"
    assert len(verdict["conditions"]) > 3
    assert {one["state"] for one in verdict["conditions"]} >= {"met", "unmet"}
    assert verdict["block"]["conditions"]
    assert {one["name"] for one in shown["facts"]} >= {"subsidy_agreement_end"}
    later = await staff.post("lookups", {**body, "on": "2028-01-01"}, "clerk")
    assert later["verdict"]["status"] == "allowed"
    assert later["on"] == "2028-01-01"
    assert [record.content["on_day"] for record in recorded()] == ["2026-11-27", "2028-01-01"]


async def test_nothing_is_shown_that_cannot_be_put_on_record(
    staff: Staff, environment: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    environment.setenv("AUDIT_URL", f"sqlite:///file:{tmp_path / 'none.db'}?mode=ro&uri=true")
    settings.cache_clear()
    for path, body in (
        ("lookups", {"number": "18600010102"}),
        ("companies/G1001/numbers", {"operation": "cancel_service"}),
    ):
        answer = await staff.post(path, {**body, **WHY}, "clerk", 503)
        assert answer["error"]["code"] == "look_not_recorded"
    environment.setenv("ACCOUNTS_URL", f"sqlite:///{tmp_path / 'nothing.db'}")
    settings.cache_clear()
    answer = await staff.post("lookups", {"number": "18600010102", **WHY}, "clerk", 503)
    assert answer["error"]["code"] == "accounts_unavailable"


async def test_an_unknown_number_is_on_record_too(staff: Staff) -> None:
    answer = await staff.post("lookups", {"number": "13800001234", **WHY}, "clerk", 404)
    assert answer["error"]["message"] == "账户资料里没有号码 138****1234。"
    assert [record.content["status"] for record in recorded()] == ["unknown_number"]


async def test_companies_are_found_and_people_are_not(staff: Staff) -> None:
    found = (await staff.get("companies?name=源创三象", "clerk"))["companies"]
    assert found == [{"id": "G1001", "name": "源创三象科技有限公司"}]
    assert all(len(one["name"]) > 4 for one in (await staff.get("companies?name=G1", "clerk"))["companies"])


async def test_a_page_of_a_company_counts_everything_and_says_why(staff: Staff) -> None:
    body = {"operation": "change_number", **WHY}
    shown = await staff.post("companies/G1001/numbers", body, "clerk", name="李")
    assert sum(shown["counts"].values()) == shown["total"] == len(shown["rows"])
    rows = {row["number"]: row for row in shown["rows"]}
    assert rows["186****0103"]["earliest"] == "2028-01-01"
    assert rows["186****0103"]["reasons"]
    assert rows["186****0101"]["status_text"] == "可以办理"
    blocked = await staff.post("companies/G1001/numbers", {**body, "status": "blocked"}, "clerk")
    assert blocked["total"] == shown["counts"]["blocked"] == len(blocked["rows"])
    assert blocked["counts"] == shown["counts"]
    assert {row["status"] for row in blocked["rows"]} == {"blocked"}
    assert (await staff.post("companies/G1001/numbers", {**body, "page": 9}, "clerk"))["rows"] == []
    assert {(r.content["who"], r.content["channel"], r.content["customer"]) for r in recorded()} == {
        ("李", "console", "G1001"), ("王芳", "console", "G1001"),
    }  # fmt: skip


async def test_the_files_hold_the_same_rows(staff: Staff) -> None:
    body = {"operation": "change_number", "purpose": "核对资料"}
    rows = (await staff.post("companies/G1001/numbers", body))["rows"]
    query = "operation=change_number&purpose=核对资料"
    response = await staff.call("GET", f"companies/G1001/numbers.csv?{query}", "supervisor")
    assert "attachment" in response.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO((await response.read()).decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [row["number"] for row in rows]
    assert [line[1] for line in lines[1:]] == [row["status_text"] for row in rows]
    some = await staff.get(f"companies/G1001/numbers.csv?{query}&status=allowed")
    assert len(some.decode().splitlines()) - 1 == sum(row["status"] == "allowed" for row in rows)
    book = zipfile.ZipFile(io.BytesIO(await staff.get(f"companies/G1001/numbers.xlsx?{query}")))
    assert (
        "186****0103" in book.read("xl/worksheets/sheet1.xml").decode() + book.read("xl/worksheets/sheet1.xml").decode()
    )
    assert len(recorded()) == 8
