"""How what the identity database holds of a person is sealed: a copy of the database alone tells nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from actions.privacy.sealing import seal, unseal


@dataclass(frozen=True, slots=True)
class Sealing:
    """`seal(value, context)` gives a text; `unseal(text, context)` the value, or `ValueError`: also for another context."""

    seal: Callable[[Any, str], str]
    unseal: Callable[[str, str], Any]


INSTALLATION: Final = Sealing(seal, unseal)
