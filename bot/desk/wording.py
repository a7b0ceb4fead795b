"""The words of the files that the desk exports, read from `wording.yml` beside this file."""

from pathlib import Path

from actions.sentences import wording

_FILE = Path(__file__).with_name("wording.yml")


def word(kind: str, name: str) -> str:
    """The Chinese word for an identifier; one that has none stays as it is."""
    return str(wording(_FILE)[kind].get(name, name))
