"""Puts the conversation room together from the settings."""

import weakref
from datetime import UTC, datetime
from tempfile import TemporaryDirectory

from actions.privacy.masking import mask
from actions.privacy.sealing import seal, unseal
from bot.assistant import Assistant
from bot.conversations.desk_hours import DeskHours
from bot.conversations.limits import Limits
from bot.conversations.migrations import upgrade
from bot.conversations.service import Conversations
from bot.conversations.store import ConversationStore
from bot.storage import open_storage


def open_conversations(
    url: str, assistant: Assistant, *, limits: Limits | None = None, desk_hours: DeskHours | None = None
) -> Conversations:
    """The conversation room on a database, which is made or migrated."""
    engine = open_storage(url)
    upgrade(engine)
    return Conversations(
        ConversationStore(engine, lambda: datetime.now(UTC)),
        assistant,
        mask=mask,
        seal=seal,
        unseal=unseal,
        limits=limits,
        desk_hours=desk_hours,
    )


def temporary_conversations(assistant: Assistant) -> Conversations:
    """A conversation room on a file that goes with the process."""
    folder = TemporaryDirectory(prefix="conversations-")
    conversations = open_conversations(f"sqlite:///{folder.name}/conversations.db", assistant)
    weakref.finalize(conversations, folder.cleanup)
    return conversations
