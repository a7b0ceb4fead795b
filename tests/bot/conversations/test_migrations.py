"""The migrated database is the one that the tables describe."""

from concurrent.futures import ThreadPoolExecutor

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from bot.conversations.migrations import upgrade
from bot.conversations.models import conversation, metadata
from bot.storage import open_storage


def _is_described(name: str | None, kind: str, _parents: object) -> bool:
    """The search index is written by hand for each database, and no table of SQLAlchemy's."""
    return kind != "table" or not (name or "").startswith("entry_search")


def test_the_migrations_make_what_the_tables_describe(database_url):
    engine = open_storage(database_url)
    upgrade(engine)
    with engine.connect() as connection:
        opts = {"version_table": "conversations_version", "include_name": _is_described}
        context = MigrationContext.configure(connection, opts=opts)
        differences = compare_metadata(context, metadata)

    assert differences == []


def test_migrating_again_changes_nothing(database_url):
    engine = open_storage(database_url)
    upgrade(engine)
    upgrade(engine)
    with engine.connect() as connection:
        assert connection.execute(select(conversation)).all() == []


def test_gateways_that_start_at_the_same_moment_make_it_once(database_url):
    engines = [open_storage(database_url) for _ in range(4)]
    for engine in engines:
        engine.connect().close()
    with ThreadPoolExecutor(len(engines)) as pool:
        list(pool.map(upgrade, engines))
    with engines[0].connect() as connection:
        assert connection.execute(select(conversation)).all() == []
