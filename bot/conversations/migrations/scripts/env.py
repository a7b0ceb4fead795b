"""What Alembic runs to migrate; the connection comes from `migrations.upgrade`."""

from alembic import context

from bot.conversations.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # One database may hold the tables of several rooms.
    version_table="conversations_version",
)
with context.begin_transaction():
    context.run_migrations()
