"""Sentences kept in a YAML file beside the code that says them."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.yaml_source import read_yaml


@cache
def wording(path: Path) -> Mapping[str, Any]:
    """Everything in the file, read on first use."""
    return dict(read_yaml(path))


def sentences(path: Path) -> Callable[..., str]:
    """A function `say(key, **values)` that fills the placeholders of a sentence of the file."""

    def say(key: str, **values: object) -> str:
        return str(wording(path)[key]).format(**values)

    return say
