"""`search-index` makes what was stored without the index findable."""

import pytest
from sqlalchemy import select

from actions.settings import settings
from bot.__main__ import main
from bot.conversations.migrations import upgrade
from bot.conversations.models import entry
from bot.conversations.search import matching
from bot.storage import open_storage
from tests.bot.desk.entries import NOW, Story


def test_entries_are_found_after_it(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONVERSATIONS_URL", database_url)
    settings.cache_clear()
    engine = open_storage(database_url)
    upgrade(engine)
    with engine.begin() as connection:
        story = Story(connection)
        story.entry(story.conversation(NOW), NOW, "user", "销户要带什么")
    wanted = "销户"
    with engine.connect() as connection:
        assert connection.execute(select(entry.c.id).where(matching(connection, wanted))).all() == []
    assert main(["search-index"]) == 0
    assert "共 1 条" in capsys.readouterr().out
    with engine.connect() as connection:
        assert len(connection.execute(select(entry.c.id).where(matching(connection, wanted))).all()) == 1
    engine.dispose()
    settings.cache_clear()
