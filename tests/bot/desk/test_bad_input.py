"""Whatever a request says, the answer is a value or one Chinese sentence."""

import pytest

from tests.bot.desk.conftest import Staff

PURPOSE = {"purpose": "客户来电"}
BAD = [
    ("GET", "companies", None),
    ("GET", "companies?name=一", None),
    ("GET", "search/rules", None),
    ("GET", "search/rules?q=" + "长" * 101, None),
    ("GET", "search/conversations?page=0", None),
    ("GET", "search/conversations?page=1001", None),
    ("GET", "search/conversations?page=x", None),
    ("GET", "search/conversations?from=2026-02-30", None),
    ("GET", "search/conversations?from=20261101", None),
    ("GET", "search/conversations?to=1999-01-01", None),
    ("GET", "search/conversations?decision=maybe", None),
    ("GET", "search/conversations?operation=none", None),
    ("GET", "search/conversations?channel=fax", None),
    ("GET", "search/conversations?feedback=meh", None),
    ("GET", "conversations/x?after=-1", None),
    ("GET", "review", None),
    ("GET", "review?kind=all", None),
    ("GET", "review?kind=unsure&labelled=maybe", None),
    ("GET", "review/export?use=ignored", None),
    ("PUT", "review/1", {"use": "never"}),
    ("PUT", "review/1", {"use": "test"}),
    ("PUT", "review/1", {"use": "test", "decision": "answer"}),
    ("PUT", "review/1", {"use": "test", "decision": "answer", "operation": "cancel_service", "topic": "data_cap"}),
    ("PUT", "review/1", {"use": "test", "decision": "answer", "topic": ["data_cap"]}),
    ("PUT", "review/1", {"use": "ignored", "note": "长" * 501}),
    ("GET", "dashboard?days=0", None),
    ("GET", "dashboard?days=367", None),
    ("GET", "dashboard?days=1.5", None),
    ("GET", "dashboard.csv?channel=fax", None),
    ("GET", "events?after=x", None),
    ("POST", "ask", {}),
    ("POST", "ask", {"text": " "}),
    ("POST", "ask", {"text": "销户", "id": "有空格 的"}),
    ("POST", "ask", {"text": "销户", "conversation": "../x"}),
    ("POST", "lookups", {"number": "18600010101"}),
    ("POST", "lookups", {"number": "18600010101", "purpose": "一"}),
    ("POST", "lookups", {"number": "18600010101", "purpose": "长" * 201}),
    ("POST", "lookups", {"number": 18600010101, **PURPOSE}),
    ("POST", "lookups", {"number": "' OR 1=1", **PURPOSE}),
    ("POST", "lookups", {"number": "18600010101", "operation": "fly", **PURPOSE}),
    ("POST", "lookups", {"number": "18600010101", "operation": "new_connection", "on": "明天", **PURPOSE}),
    ("POST", "companies/G1001/numbers", {"operation": "cancel_service"}),
    ("POST", "companies/G1001/numbers", PURPOSE),
    ("POST", "companies/G1001/numbers", {"operation": "cancel_service", "status": "x", **PURPOSE}),
    ("POST", "companies/G1001/numbers", {"operation": "cancel_service", "page": True, **PURPOSE}),
    ("GET", "companies/G1001/numbers.csv?operation=cancel_service", None),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_bad_input_gets_one_chinese_sentence(staff: Staff) -> None:
    for method, path, body in BAD:
        response = await staff.call(method, path, "supervisor", json=body)
        assert response.status == 400, (path, body, response.status)
        message = (await response.json())["error"]["message"]
        assert message.endswith("。"), message
        assert any("\u4e00" <= character <= "\u9fff" for character in message)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_addresses_that_lead_nowhere(staff: Staff) -> None:
    for path in ("conversations/nobody", "review/x", "review/" + "9" * 30, "companies/G1001/numbers.pdf"):
        method = "PUT" if path.startswith("review/") else "GET"
        response = await staff.call(method, path, "supervisor", json={"use": "ignored"} if method == "PUT" else None)
        assert response.status == 404, path
    await staff.post("companies/G404/numbers", {"operation": "cancel_service", **PURPOSE}, status=404)
    await staff.post("lookups", {"number": "13800000000", **PURPOSE}, status=404)
