"""The checklists that the gateway serves to everybody."""

import shutil

import pytest

from actions.rule_base import rules
from actions.settings import ROOT, settings


async def test_a_checklist_is_a_page_under_the_strict_policy(client):
    response = await client.get("/checklists/cancel_service?ownership=organization")

    assert response.status == 200
    assert response.content_type == "text/html"
    assert response.charset == "utf-8"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    text = await response.text()
    assert "单位介绍信（加盖公章）" in text
    assert "个人名称开户" not in text
    assert " style=" not in text
    assert "<style" not in text
    assert "<script>" not in text


@pytest.mark.parametrize("name", ["checklist.css", "base.css", "print.js"])
async def test_the_files_of_the_page_are_served(client, name):
    response = await client.get(f"/static/pages/{name}")

    assert response.status == 200
    assert response.headers["Cache-Control"] == "no-cache"


async def test_templates_and_code_are_not_served(client):
    for path in ("render.py", "templates/checklist.html", "../render.py", "%2e%2e/render.py", "..%2frender.py"):
        assert (await client.get(f"/static/pages/{path}")).status == 404, path


async def test_the_page_names_files_that_exist(client):
    text = await (await client.get("/checklists/replace_sim")).text()

    for path in ("/static/pages/checklist.css", "/static/pages/print.js"):
        assert f'"{path}"' in text
        assert (await client.get(path)).status == 200


async def test_without_an_ownership_both_are_there(client):
    text = await (await client.get("/checklists/cancel_service")).text()

    assert "单位名称开户" in text
    assert "个人名称开户" in text


async def test_nothing_for_staff_only_is_given_out(client):
    for operation in rules().operations.values():
        text = await (await client.get(f"/checklists/{operation.id}?role=staff")).text()
        for aspect in operation.aspects.values():
            statements = [s for rule in aspect.rules for s in rule.statements] + list(aspect.common)
            assert not [s.text for s in statements if s.audience == "staff" and s.text in text], operation.id


@pytest.mark.parametrize("operation", ["fly", "data_cap", "cancel_service.yml", "%3Cscript%3E", "..%2Frules"])
async def test_an_unknown_operation_gets_a_polite_page(client, operation):
    response = await client.get(f"/checklists/{operation}")
    text = await response.text()

    assert response.status == 404
    assert response.content_type == "text/html"
    assert "没有这项业务的办理清单" in text
    assert '<a href="cancel_service">销户</a>' in text
    assert "<script>" not in text


@pytest.mark.parametrize("ownership", ["", "company", "organization'--", "%00"])
async def test_an_unknown_ownership_gets_a_polite_page(client, ownership):
    response = await client.get(f"/checklists/cancel_service?ownership={ownership}")
    text = await response.text()

    assert response.status == 400
    assert response.content_type == "text/html"
    assert "开户名义只有下面两种" in text
    assert '<a href="?ownership=individual">个人名称开户</a>' in text


async def test_a_checklist_can_only_be_read(client):
    assert (await client.post("/checklists/cancel_service")).status == 405


async def test_an_edit_of_the_rules_is_on_the_next_page(client, tmp_path, monkeypatch):
    folder = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("RULES_DIR", str(folder))
    settings.cache_clear()
    try:
        before = await (await client.get("/checklists/replace_sim")).text()
        path = folder / "operations" / "replace_sim.yml"
        edited = path.read_text(encoding="utf-8").replace("立即生效", "第二天生效")
        path.write_text(edited, encoding="utf-8")
        after = await (await client.get("/checklists/replace_sim")).text()
    finally:
        settings.cache_clear()

    assert "第二天生效" not in before
    assert "第二天生效" in after


async def test_the_day_is_the_one_of_the_settings(client, monkeypatch):
    monkeypatch.setenv("RULES_TODAY", "2031-02-03")
    settings.cache_clear()
    try:
        text = await (await client.get("/checklists/replace_sim")).text()
    finally:
        settings.cache_clear()

    assert "按 2031年2月3日有效的规则制作" in text
