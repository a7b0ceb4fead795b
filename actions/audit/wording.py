"""The words of the audit trail, read from `wording.yml` beside this file."""

from pathlib import Path

from actions.eligibility.wording import status_name
from actions.sentences import sentences, wording

_FILE = Path(__file__).with_name("wording.yml")

say = sentences(_FILE)


def term(kind: str, name: str | None) -> str:
    """The Chinese word for an identifier of the trail; one that has none stays as it is."""
    return str(wording(_FILE)[kind].get(name, name or ""))


def result(status: str) -> str:
    """The Chinese name of a result: of a verdict, or of a look that led to none."""
    return term("statuses", status) if status in wording(_FILE)["statuses"] else status_name(status)
