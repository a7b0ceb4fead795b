"""Results as JSON lines, so that a comparison can be broken off and taken up again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from actions.settings import settings

# Of two rows of the same kind, the later one counts.
_KEY: Final = ("work", "way", "split")


def folder() -> Path:
    """Where trained ways and results lie."""
    return settings().var / "nlu-compare"


def model_folder(way: str, split: str) -> Path:
    """Where this way leaves what it learns from this split."""
    return folder() / "models" / way / split


class Results:
    """The rows of one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._rows = {tuple(row[key] for key in _KEY): row for row in map(json.loads, lines)}

    def get(self, work: str, way: str, split: str, state: str | None = None) -> dict[str, Any] | None:
        """The row of this kind, if there is one (of this state of data and code)."""
        row = self._rows.get((work, way, split))
        return row if row and state in (None, row["state"]) else None

    def current(self, states: Mapping[str, str]) -> "Results":
        """Only the rows of each way that belong to its present state."""
        kept = Results(self._path)
        kept._rows = {key: row for key, row in self._rows.items() if states.get(row["way"]) == row["state"]}
        return kept

    def add(self, work: str, way: str, split: str, state: str, values: Mapping[str, Any]) -> None:
        """Writes one row; figures of questions that are not asked this time stay."""
        before = self.get(work, way, split, state) or {}
        row = {**before, "work": work, "way": way, "split": split, "state": state, **values}
        self._rows[work, way, split] = row
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
