"""The schema of the messaging tables: what the migrations make is what the code reads."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from actions.accounts.migrations import config
from bot.messaging import migrations
from bot.messaging.models import metadata
from bot.storage import open_storage

OURS = set(metadata.tables)


def test_the_migrations_make_the_tables_of_the_code(database_url):
    engine = open_storage(database_url)
    migrations.upgrade(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "version_table": "messaging_version",
                "include_object": lambda _object, name, kind, *_rest: kind != "table" or name in OURS,
            },
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_people_who_were_there_before_binding_stay_with_their_conversations(database_url):
    engine = open_storage(database_url)
    with engine.begin() as connection:
        command.upgrade(config(connection, migrations._SCRIPTS), "0001")
        connection.execute(
            text(
                "INSERT INTO messaging_person (platform, account_hash, account_sealed, conversation, used_at, quota,"
                " quota_until, cursor, open) VALUES ('wechat', 'a', 's', 'c', 1, 0, 0, 0, :yes)"
            ),
            {"yes": True},
        )
    migrations.upgrade(engine)
    with engine.connect() as connection:
        row = connection.execute(text("SELECT conversation, identity_hash FROM messaging_person")).one()
    assert tuple(row) == ("c", None)
    engine.dispose()
