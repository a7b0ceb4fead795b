"""What Alembic runs to migrate; the connection comes from `migrations.config`."""

from alembic import context

from actions.accounts.models import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
