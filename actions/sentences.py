"""Sentences kept in a YAML file beside the code that says them."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_yaml


def sentences(path: Path) -> Callable[..., str]:
    """A function `say(key, **values)` that fills the placeholders of a sentence of the file, read on first use."""

    @cache
    def wording() -> dict[str, Any]:
        return dict(read_yaml(path))

    def say(key: str, **values: object) -> str:
        return str(wording()[key]).format(**values)

    return say
