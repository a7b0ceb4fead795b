"""The real rule base."""

from tests.knowledge.conftest import rules

__all__ = ["rules"]
