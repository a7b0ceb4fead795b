"""The words of the audit trail, read from `wording.yml` beside this file."""

from functools import cache
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_yaml

_FILE = Path(__file__).with_name("wording.yml")


@cache
def _wording() -> dict[str, Any]:
    return dict(read_yaml(_FILE))


def say(key: str, **values: object) -> str:
    """The sentence `key` with its placeholders filled."""
    return str(_wording()[key]).format(**values)


def term(kind: str, name: str | None) -> str:
    """The Chinese word for an identifier of the trail; one that has none stays as it is."""
    return str(_wording()[kind].get(name, name or ""))
