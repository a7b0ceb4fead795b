"""What tests of several rooms share."""

from collections.abc import Iterator

import pytest

from tests.services import database_url, postgres_server, postgres_url, redis_url
from tests.system import RunningSystem, serving

__all__ = ["database_url", "postgres_server", "postgres_url", "redis_url", "running_system"]


@pytest.fixture(scope="session")
def running_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The whole system, started once for all tests that need it."""
    with serving(tmp_path_factory.mktemp("system")) as system:
        yield system
