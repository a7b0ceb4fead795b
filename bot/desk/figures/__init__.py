"""The figures of the dashboard: one module for each, each a few queries that both databases understand."""
