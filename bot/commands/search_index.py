"""`search-index`: makes the search index of the conversations anew."""

import argparse

from actions.settings import settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(_args: argparse.Namespace) -> int:
    """Indexes every entry again: needed after the dictionary has changed much, or entries came in another way."""
    from bot.conversations.migrations import upgrade
    from bot.conversations.search import rebuild
    from bot.databases import require_database
    from bot.storage import open_storage

    require_database("CONVERSATIONS_URL", settings().conversations_url)
    engine = open_storage(settings().conversations_url)
    try:
        upgrade(engine)
        with engine.begin() as connection:
            count = rebuild(connection)
    finally:
        engine.dispose()
    print(f"已重建对话检索的索引，共 {count} 条。")
    return 0
