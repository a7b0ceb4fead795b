"""The words of masking, read from `words.yml` beside this file."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from actions.sentences import wording

_FILE: Final = Path(__file__).with_name("words.yml")


def placeholders() -> Mapping[str, str]:
    """What stands in a text where something of a kind was taken out, by kind, brackets and all."""
    return {kind: f"〔{word}〕" for kind, word in wording(_FILE)["placeholders"].items()}


def word_list(key: str) -> Sequence[str]:
    """A list of words; a text stands for its characters, or its words where it has blanks between them."""
    value = wording(_FILE)[key]
    if isinstance(value, str):
        words = value.split()
        return words if key.startswith("not_names") else list("".join(words))
    return list(map(str, value))
