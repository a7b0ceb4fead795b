"""What Alembic runs to migrate; the connection comes from `actions.audit.migrations`."""

from alembic import context

from actions.audit.models import metadata

# A version table of its own: somebody may keep the trail in the same database as the accounts.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, version_table="audit_version"
)
with context.begin_transaction():
    context.run_migrations()
