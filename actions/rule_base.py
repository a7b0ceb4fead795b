"""The rule base of this process: loaded once, and again when its files change."""

import logging
from pathlib import Path

from actions.settings import settings
from knowledge.loader import answering_files, load_rules
from knowledge.model import RuleBase
from knowledge.yaml_source import KnowledgeError

logger = logging.getLogger(__name__)


class CurrentRules:
    """Follows a folder of rule files. A faulty edit never takes the rules away from the people who ask."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = -1
        self._rules: RuleBase | None = None

    def get(self) -> RuleBase:
        """The rules as the files have them now, without retraining; the last good ones while an edit is faulty.

        Raises `KnowledgeError` where there have never been good ones.
        """
        newest = max((path.stat().st_mtime_ns for path in answering_files(self._folder)), default=0)
        if self._rules is not None and newest == self._seen:
            return self._rules
        try:
            self._rules = load_rules(self._folder)
        except KnowledgeError as error:
            if self._rules is None:
                raise
            logger.error("The rules have been edited and are faulty; the former ones stay in use:\n%s", error)
        self._seen = newest
        return self._rules


_current: dict[Path, CurrentRules] = {}


def rules() -> RuleBase:
    """The current rule base of the settings."""
    folder = settings().rules
    return _current.setdefault(folder, CurrentRules(folder)).get()
