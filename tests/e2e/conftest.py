from collections.abc import Iterator

import pytest

from actions.identity import Identity
from actions.privacy import sealing
from bot.identity.sessions import SessionStore
from tests.e2e.talk import Talk, TalkAs
from tests.system import RunningSystem


@pytest.fixture
def talk(running_system: RunningSystem) -> Talk:
    """A person who has not signed in."""
    return Talk(running_system.url)


@pytest.fixture
def another_talk(running_system: RunningSystem) -> Talk:
    """Somebody else at the same time."""
    return Talk(running_system.url)


@pytest.fixture(scope="session")
def talk_as(running_system: RunningSystem) -> Iterator[TalkAs]:
    """Begins conversations of people whom a web hall has signed in: with several numbers, which the demo cannot do."""
    sessions = SessionStore(f"sqlite:///{running_system.var / 'sessions.db'}", idle_seconds=1800, demo=True)
    key = running_system.var / "sealing.key"

    def begin(identity: Identity | None) -> Talk:
        talk = Talk(running_system.url)
        if identity:
            talk.session = sessions.open(identity)
        return talk

    with pytest.MonkeyPatch.context() as patch:
        # Sealed with the key of the running system, as its own gateway does it.
        patch.setattr(sealing, "_secret", lambda: sealing._kept_secret(None, key))
        yield begin
    sessions.dispose()
