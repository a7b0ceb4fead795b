"""The sentences of the outline, read from `wording.yml` beside this file."""

from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.yaml_source import read_yaml

_FILE: Final = Path(__file__).resolve().parent / "wording.yml"


@cache
def _wording() -> dict[str, Any]:
    return dict(read_yaml(_FILE))


def say(group: str, key: str, **values: object) -> str:
    """One sentence with its placeholders filled."""
    return str(_wording()[group][key]).format(**values)


def keys(group: str) -> tuple[str, ...]:
    """The keys of a group in the order of the file."""
    return tuple(_wording()[group])
