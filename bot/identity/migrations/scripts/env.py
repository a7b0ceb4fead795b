"""What Alembic runs to migrate; the connection comes from `bot.identity.database`."""

from alembic import context

from bot.identity.models import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # One database may hold the tables of several rooms.
    version_table="identity_version",
)
with context.begin_transaction():
    context.run_migrations()
