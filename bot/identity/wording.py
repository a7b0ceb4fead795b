"""The sentences of this room, read from `wording.yml` beside this file."""

from collections.abc import Mapping
from math import ceil
from pathlib import Path
from typing import Final

from actions.sentences import sentences, wording
from bot.gateway.errors import GatewayError

_FILE: Final = Path(__file__).with_name("wording.yml")

say = sentences(_FILE)


def page_words() -> Mapping[str, str]:
    """The words of the verification page."""
    words: Mapping[str, str] = wording(_FILE)["page"]
    return words


def refusal(status: int, code: str, *, retry_after: int | None = None) -> GatewayError:
    """An error whose code is its sentence's name; a time to wait can stand in the sentence."""
    seconds = retry_after or 0
    sentence = say(code, seconds=seconds, minutes=max(ceil(seconds / 60), 1))
    return GatewayError(status, code, sentence, retry_after=retry_after)
