"""What tests of several rooms share."""

from collections.abc import Iterator

import pytest

from tests.system import RunningSystem, serving


@pytest.fixture(scope="session")
def running_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    """The whole system, started once for all tests that need it."""
    with serving(tmp_path_factory.mktemp("system")) as system:
        yield system
