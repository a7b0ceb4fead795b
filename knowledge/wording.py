"""Reads `knowledge/wording.yml`: sentences that many answers share."""

import re
from typing import Final

from knowledge.identifiers import ASPECTS, OWNERSHIPS, STATUSES
from knowledge.model import Wording
from knowledge.reading import FileReader

_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "aspects": ASPECTS,
    "ownerships": OWNERSHIPS,
    "statuses": STATUSES,
    "checklists": (*ASPECTS, "topic", "common"),
    "gaps": ("lost", "not_stated", "refers_to_public_rules"),
    "ask": ("partial", "lost", "not_stated", "refers_to_public_rules", "contradictory"),
    "sentences": (
        "not_ready",
        "not_in_force",
        "staff_only",
        "some_staff_only",
        "common_above",
        "eligibility",
        "citations",
    ),
}
_PLACEHOLDERS: Final = {"gaps": {"name", "aspect"}, "sentences": {"name", "aspect", "places"}}


def read_wording(reader: FileReader) -> Wording | None:
    """The wording; None where the file cannot be read at all."""
    root = reader.root()
    if root is None:
        return None
    reader.check_keys(root, _KEYS)
    return Wording(**{group: _group(reader, root.get(group), root.line_of(group), group) for group in _KEYS})


def _group(reader: FileReader, value: object, line: int, group: str) -> dict[str, str]:
    mapping = reader.mapping(value, line, f"“{group}”")
    if mapping is None:
        return {}
    reader.check_keys(mapping, _KEYS[group])
    for key in mapping:
        for name in re.findall(r"\{([^}]*)\}", reader.text(mapping, key)):
            if name not in _PLACEHOLDERS.get(group, set()):
                reader.note(mapping.line_of(key), f"“{key}”里的 {{{name}}} 没有可换的内容")
    return {key: str(mapping[key]) for key in mapping}
