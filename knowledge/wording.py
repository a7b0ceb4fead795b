"""Reads `knowledge/wording.yml`: sentences that many answers share."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from knowledge.identifiers import ASPECTS, OWNERSHIPS, STATUSES
from knowledge.model import Contact, Wording
from knowledge.reading import FileReader

DEFAULT: Final = Path(__file__).with_name("wording.yml")
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
        "ended",
        "not_begun",
        "topic_content",
        "change_rule",
        "change_begins",
        "change_internal",
        "change_ends",
        "change_added",
        "change_removed",
        "staff_only",
        "some_staff_only",
        "common_above",
        "common_last",
        "shared_above",
        "overview_lost",
        "overview_not_stated",
        "eligibility",
        "citations",
    ),
}
_PLACEHOLDERS: Final = {
    "gaps": {"name", "aspect"},
    "ask": {"office", "verify"},
    "sentences": {"office", "verify", "name", "aspect", "places", "day", "subject", "text", "count", "aspects"},
}


def wording_files(folder: Path) -> list[Path]:
    """The sentences that every rule base starts from, and the file of those that the one in `folder` says otherwise."""
    own = folder / DEFAULT.name
    return [DEFAULT, own] if own.is_file() and not own.samefile(DEFAULT) else [DEFAULT]


def read_wording(readers: Sequence[FileReader], contact: Contact) -> Wording | None:
    """The wording of several files, of which a later one may replace what an earlier one says.

    None where a file cannot be read at all.
    """
    groups: dict[str, dict[str, str]] = {group: {} for group in _KEYS}
    for number, reader in enumerate(readers):
        root = reader.root()
        if root is None:
            return None
        complete = number == 0
        reader.check_keys(root, _KEYS if complete else (), _KEYS)
        for group in filter(root.__contains__, _KEYS):
            groups[group] |= _group(reader, root[group], root.line_of(group), group, complete)
    addressed = {
        group: {
            key: text.replace("{office}", contact.office).replace("{verify}", contact.verify)
            for key, text in texts.items()
        }
        for group, texts in groups.items()
    }
    return Wording(**addressed)


def _group(reader: FileReader, value: object, line: int, group: str, complete: bool) -> dict[str, str]:
    mapping = reader.mapping(value, line, f"“{group}”")
    if mapping is None:
        return {}
    reader.check_keys(mapping, _KEYS[group] if complete else (), _KEYS[group])
    for key in mapping:
        for name in re.findall(r"\{([^}]*)\}", reader.text(mapping, key)):
            if name not in _PLACEHOLDERS.get(group, set()):
                reader.note(mapping.line_of(key), f"“{key}”里的 {{{name}}} 没有可换的内容")
    return {key: str(mapping[key]) for key in mapping}
