"""The sentences of the Official Account, read from `wording.yml` beside this file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from actions.sentences import sentences, wording

_FILE: Final = Path(__file__).with_name("wording.yml")

say = sentences(_FILE)


def api_errors() -> Mapping[str, str]:
    """What the platform's error codes mean to whoever runs a command."""
    errors: Mapping[str, str] = wording(_FILE)["api_errors"]
    return errors
