import pytest

from tests.e2e.talk import Talk
from tests.system import RunningSystem


@pytest.fixture
def talk(running_system: RunningSystem) -> Talk:
    """A person who has not signed in."""
    return Talk(running_system.url)


@pytest.fixture
def another_talk(running_system: RunningSystem) -> Talk:
    """Somebody else at the same time."""
    return Talk(running_system.url)
