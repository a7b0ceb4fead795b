"""What the pages say about the assistant comes from the rule pack."""

import pytest

from actions.settings import settings
from knowledge.loader import load_rules


@pytest.fixture
def rules_folder(monkeypatch, folder):
    """The gateway answers from a small rule base of another firm."""
    monkeypatch.setenv("RULES_DIR", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


async def test_title_and_questions_are_those_of_the_rule_pack(client, rules_folder):
    response = await client.get("/api/v1/about")

    assert response.status == 200
    assert await response.json() == {
        "title": "搬运助手",
        "suggestions": ["搬箱子要带什么"],
        "rules_version": load_rules(rules_folder).version,
        "answerable": 1,
    }


async def test_what_has_no_answers_yet_is_not_counted(client, rules_folder):
    path = rules_folder / "operations" / "move_box.yml"
    path.write_text(path.read_text(encoding="utf-8").split("answers:")[0], encoding="utf-8")

    assert (await (await client.get("/api/v1/about")).json())["answerable"] == 0


async def test_faulty_rules_are_said_to_be_unavailable_without_details(client, rules_folder):
    (rules_folder / "pack.yml").write_text("title: [", encoding="utf-8")
    response = await client.get("/api/v1/about")

    assert response.status == 503
    error = (await response.json())["error"]
    assert error == {"code": "rules_unavailable", "message": "规则库暂时不能用，请稍后再试。"}
