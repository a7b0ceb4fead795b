"""Every route, for each role and for nobody: who may, may; who may not, is told so and nothing else."""

import pytest

from tests.bot.desk.conftest import API, Staff

CLERK, SUPERVISOR, OWNER = "clerk", "supervisor", "rule_owner"
ALL = {CLERK, SUPERVISOR, OWNER}
FILE = "companies/G1001/numbers.csv?operation=cancel_service&purpose=核对资料"
# method, path, body, who may
ROUTES = [
    ("POST", "ask", {"text": "销户要带什么"}, ALL),
    ("POST", "lookups", {"number": "18600010101", "purpose": "客户来电"}, {CLERK, SUPERVISOR}),
    ("GET", "companies?name=源创", None, {CLERK, SUPERVISOR}),
    ("POST", "companies/G1001/numbers", {"operation": "cancel_service", "purpose": "客户来电"}, {CLERK, SUPERVISOR}),
    ("GET", FILE, None, {SUPERVISOR}),
    ("GET", FILE.replace("csv", "xlsx"), None, {SUPERVISOR}),
    ("GET", "search/rules?q=销户", None, ALL),
    ("GET", "search/conversations?q=销户", None, {SUPERVISOR}),
    ("GET", "review?kind=unanswered", None, {SUPERVISOR, OWNER}),
    ("PUT", "review", {"entries": [999], "use": "ignored"}, {SUPERVISOR, OWNER}),
    ("PUT", "review/999", {"use": "ignored"}, {SUPERVISOR, OWNER}),
    ("GET", "review/export?use=test", None, {SUPERVISOR, OWNER}),
    ("GET", "handoffs", None, {CLERK, SUPERVISOR}),
    ("POST", "handoffs/999/claim", {}, {CLERK, SUPERVISOR}),
    ("POST", "handoffs/999/messages", {"text": "您好"}, {CLERK, SUPERVISOR}),
    ("POST", "handoffs/999/return", {}, {CLERK, SUPERVISOR}),
    ("GET", "events", None, {CLERK, SUPERVISOR}),
    ("GET", "dashboard", None, {SUPERVISOR, OWNER}),
    ("GET", "dashboard.csv", None, {SUPERVISOR}),
    ("GET", "dashboard.xlsx", None, {SUPERVISOR}),
]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_each_role_gets_what_is_its_own(staff: Staff) -> None:
    for method, path, body, allowed in ROUTES:
        for role in (None, *sorted(ALL)):
            async with await staff.call(method, path, role, json=body) as response:
                if role is None:
                    assert (response.status, (await response.json())["error"]["code"]) == (401, "not_signed_in"), path
                elif role in allowed:
                    # The entry and the hand-over of the list are not there, which only who may look is told.
                    assert response.status == (404 if "999" in f"{path} {body}" else 200), (path, role)
                    response.close()
                else:
                    assert (response.status, (await response.json())["error"]["code"]) == (403, "not_allowed"), path


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_no_route_of_the_desk_is_missing_from_the_list(staff: Staff) -> None:
    app = staff.client.server.app
    routes = {(r.method, r.resource.canonical) for r in app.router.routes() if r.resource.canonical.startswith(API)}
    listed = len({r for r in routes if r[0] != "HEAD"})
    # Two addresses stand for two kinds of file each; the whole conversation has tests of its own.
    assert listed == len(ROUTES) - 2 + 1
