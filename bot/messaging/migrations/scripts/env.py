"""What Alembic runs to migrate; the connection comes from `bot.messaging.migrations`."""

from alembic import context

from bot.messaging.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # One database may hold the tables of several rooms.
    version_table="messaging_version",
)
with context.begin_transaction():
    context.run_migrations()
