"""The schema of the identity database, step by step (Alembic, run from `bot.identity.database`)."""
