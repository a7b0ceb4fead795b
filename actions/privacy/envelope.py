"""What goes beside a masked message, sealed for its conversation: who asks, and the numbers in clear."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from actions.identity import Identity, from_metadata
from actions.privacy.masking import mask
from actions.privacy.sealing import SealError, seal, unseal

logger = logging.getLogger(__name__)

# The metadata of a message, and the JSON of a reply, under which the sealed text stands.
SEALED: Final = "sealed"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who asks, as the channel has verified it, and the telephone numbers of the message by their masked forms."""

    identity: Identity | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)


def put_in(conversation: str, text: str, identity: Identity | None) -> tuple[str, str]:
    """(the masked text, the sealed envelope) of a message."""
    masked = mask(text)
    content = {
        "identity": identity.to_metadata() if identity else None,
        "numbers": dict(zip(masked.forms, masked.numbers, strict=True)),
    }
    return masked.text, seal(content, conversation)


def take_out(conversation: str, metadata: Mapping[str, Any] | None) -> Envelope:
    """The envelope in the metadata of a message of this conversation; an empty one where there is none that was made for it.

    Whoever could forge one could be anybody, so nothing of it is believed.
    """
    sealed = (metadata or {}).get(SEALED)
    if sealed is None:
        return Envelope()
    try:
        content = unseal(sealed, conversation)
    except SealError:
        logger.warning("The envelope of a message cannot be opened; it is answered as from nobody known.")
        return Envelope()
    return Envelope(from_metadata(content["identity"]), content["numbers"])


def seal_reply(conversation: str, reply: Mapping[str, Any]) -> dict[str, Any]:
    """A reply as it may be kept on its way: it is for the person who asked, and shows what is theirs."""
    return {SEALED: seal(reply, conversation)}


def open_reply(conversation: str, message: dict[str, Any]) -> dict[str, Any]:
    """The reply in what `seal_reply` made; any other message as it is. Raises `SealError` for one of another conversation."""
    return dict(unseal(message[SEALED], conversation)) if SEALED in message else message
