"""Reads `coverage/*.yml`: for each sentence of a document, where the rule base says it, or why it does not."""

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from knowledge.model import Citation, RuleBase
from knowledge.reading import FileReader
from knowledge.sources import letters
from knowledge.yaml_source import Mapping, Problem

FOLDER: Final = "coverage"
LONGEST_BEGINNING: Final = 12
_KEYS: Final = ("said_in", "not_covered", "except", "proposed")
_DIGEST: Final = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of one sentence: the targets that say it, or the reason that none does.

    `excused` are terms of the sentence that the targets need not name, each with a reason.
    `proposed`: made by a machine, and not looked at yet.
    """

    place: Citation
    begins: str
    digest: str
    said_in: tuple[str, ...]
    reason: str
    excused: AnyMapping[str, str]
    proposed: bool
    path: Path
    line: int


def files(rules: RuleBase) -> list[Path]:
    """The coverage files of a rule base."""
    return sorted((rules.folder / FOLDER).glob("*.yml"))


def read_entries(rules: RuleBase) -> tuple[list[Entry], list[Problem]]:
    """All entries that can be used, and what is wrong with how the files are written."""
    problems: list[Problem] = []
    entries: list[Entry] = []
    seen: dict[str, Path] = {}
    for path in files(rules):
        reader = FileReader(path, problems)
        root = reader.root()
        if root is None:
            continue
        reader.check_keys(root, ("document", "sentences"))
        title = reader.text(root, "document")
        if title not in rules.documents.by_title:
            reader.note(root.line_of("document"), f"没有名为《{title}》的规则文件")
            continue
        if title in seen:
            reader.note(root.line_of("document"), f"《{title}》已经写在 {seen[title].name} 里")
        seen[title] = path
        values = root.get("sentences") or []
        if not isinstance(values, list):
            reader.note(root.line_of("sentences"), "“sentences”应当是列表")
            continue
        for value in values:
            if entry := _entry(reader, rules, title, value, root.line_of("sentences")):
                entries.append(entry)
    return entries, problems


def _entry(reader: FileReader, rules: RuleBase, title: str, value: object, line: int) -> Entry | None:
    mapping = reader.mapping(value, line, "每一句")
    if mapping is None:
        return None
    reader.check_keys(mapping, ("section", "begins", "digest"), _KEYS)
    place = Citation(title, reader.text(mapping, "section"))
    begins = letters(reader.text(mapping, "begins"))
    digest = reader.text(mapping, "digest")
    said_in, reason = reader.texts(mapping, "said_in"), reader.text(mapping, "not_covered")
    if place.section not in rules.documents.by_title[title].sections:
        reader.note(mapping.line_of("section"), f"《{title}》没有“{place.section}”这一节")
    if not 0 < len(begins) <= LONGEST_BEGINNING:
        reader.note(mapping.line_of("begins"), f"“begins”写这一句开头的 1 到 {LONGEST_BEGINNING} 个字")
    if not _DIGEST.fullmatch(digest):
        reader.note(mapping.line_of("digest"), "“digest”应是带引号的 8 位十六进制数")
    if bool(said_in) == bool(reason):
        reader.note(mapping.line, "“said_in”（在哪里说了）和“not_covered”（为什么不说）要写一个，也只写一个")
    proposed = mapping.get("proposed", False)
    if not isinstance(proposed, bool):
        reader.note(mapping.line_of("proposed"), "“proposed”只能写 true 或 false")
    return Entry(
        place, begins, digest, said_in, reason, _excused(reader, mapping), proposed is True, reader.path, mapping.line
    )


def _excused(reader: FileReader, mapping: Mapping) -> dict[str, str]:
    if "except" not in mapping:
        return {}
    excused = reader.mapping(mapping["except"], mapping.line_of("except"), "“except”")
    return {term: reader.text(excused, term) for term in excused} if excused is not None else {}
