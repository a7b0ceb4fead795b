"""What the gateway and the terminal talk to: something that answers one message of a conversation."""

from typing import Any, Protocol

from actions.identity import Identity


class AssistantUnavailable(Exception):  # noqa: N818 - it names a state, not a fault of the caller
    """No answer could be had now; the message may be sent again."""


class Assistant(Protocol):
    """Answers messages. A conversation keeps its subject between messages; identities never share one."""

    async def reply(self, conversation: str, text: str, identity: Identity | None) -> list[dict[str, Any]]:
        """The replies to `text`, as `actions.reply.Reply.to_json` makes them.

        The text may hold numbers and passwords in clear: no implementation keeps it, or sends it on, but masked and sealed.

        Raises `AssistantUnavailable` where no answer can be given.
        """
        ...
