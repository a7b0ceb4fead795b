"""The rule documents themselves, where this installation has a copy: read once, and again when they change."""

import logging
from functools import cache
from pathlib import Path

from actions.settings import settings
from knowledge.model import RuleBase
from knowledge.sources import Sources, read_sources
from knowledge.yaml_source import KnowledgeError

logger = logging.getLogger(__name__)


class CurrentSources:
    """Follows a text file or a folder of them. A copy that cannot be read only takes the passages away."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[str, int] | None = None
        self._sources: Sources | None = None

    def get(self, rules: RuleBase) -> Sources | None:
        """The documents as they are now, cut where the rule base says; None where they cannot be read."""
        state = (rules.version, self._changed())
        if state != self._seen:
            self._seen = state
            try:
                self._sources, _ = read_sources(self._path, rules.documents, rules.folder / "documents.yml")
            except KnowledgeError as error:
                self._sources = None
                logger.error("The rule documents cannot be shown:\n%s", error)
        return self._sources

    def _changed(self) -> int:
        """When the newest file was changed; 0 where there is none."""
        files = [self._path, *self._path.glob("*.txt")]
        return max((file.stat().st_mtime_ns for file in files if file.exists()), default=0)


@cache
def _current(path: Path) -> CurrentSources:
    return CurrentSources(path)


def rule_sources(rules: RuleBase) -> Sources | None:
    """The documents that the settings point at; None where they point at none, or at nothing readable."""
    path = settings().rule_sources
    return _current(path).get(rules) if path else None
