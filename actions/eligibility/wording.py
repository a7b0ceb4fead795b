"""The sentences of a verdict, read from `wording.yml` beside this file."""

from pathlib import Path

from actions.sentences import sentences, wording

_FILE = Path(__file__).with_name("wording.yml")

say = sentences(_FILE)


def status_name(status: str) -> str:
    """What a result (a `Status`) is called, wherever it is shown; one that is not known stays as it is."""
    return str(wording(_FILE)["statuses"].get(status, status))
