"""The words of the tables, read from `wording.yml` beside this file."""

from functools import cache
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_yaml

_FILE = Path(__file__).with_name("wording.yml")


@cache
def words() -> dict[str, Any]:
    """All of them, by key."""
    return dict(read_yaml(_FILE))
