"""The rule base of this process, loaded once and again when its files change."""

from functools import lru_cache

from actions.settings import settings
from knowledge.loader import load_rules
from knowledge.model import RuleBase


def rules() -> RuleBase:
    """The current rule base; an edited file is picked up with the next message, without retraining."""
    folder = settings().rules
    newest = max((path.stat().st_mtime_ns for path in folder.rglob("*.yml")), default=0)
    return _load(newest)


@lru_cache(maxsize=1)
def _load(_newest: int) -> RuleBase:
    return load_rules(settings().rules)
