"""Reads `what_if.yml`: the words in which people suppose that an account changes, and what its facts would be then."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from knowledge.facts import FactSpec, FactValueError, Value, load_facts
from knowledge.reading import FileReader, line_of
from knowledge.suppositions import Supposition, Suppositions
from knowledge.yaml_source import KnowledgeError, Problem
from knowledge.yaml_source import Mapping as YamlMapping

FILE: Final = "what_if.yml"
_SUPPOSITION_KEYS: Final = ("said", "sets", "words")
_END_KEYS: Final = ("fact", "words")


def read_suppositions(folder: Path, problems: list[Problem]) -> Suppositions:
    """The suppositions of the rule base in `folder`; none where it has no such file. Notes every problem."""
    if not (folder / FILE).is_file():
        return Suppositions()
    try:
        facts = load_facts(folder / "facts.yml")
    except KnowledgeError as error:
        problems.extend(error.problems)
        return Suppositions()
    reader = FileReader(folder / FILE, problems)
    root = reader.root()
    if root is None:
        return Suppositions()
    reader.check_keys(root, (), ("suppose", "ends", "any_end"))
    suppose = [
        one
        for entry in _entries(reader, root, "suppose")
        if (one := _supposition(reader, entry, root.line_of("suppose"), facts))
    ]
    ends: dict[str, tuple[str, ...]] = {}
    for entry in _entries(reader, root, "ends"):
        mapping = reader.mapping(entry, line_of(entry, root.line_of("ends")), "“ends”的每一条")
        if mapping is None:
            continue
        reader.check_keys(mapping, _END_KEYS)
        fact = reader.text(mapping, "fact")
        if fact and (fact not in facts or facts[fact].type != "date"):
            reader.note(mapping.line_of("fact"), f"“{fact}”不是 facts.yml 里的日期")
        ends[fact] = reader.texts(mapping, "words")
    return Suppositions(tuple(suppose), ends, reader.texts(root, "any_end"), facts)


def _entries(reader: FileReader, root: Mapping[str, object], key: str) -> list[object]:
    entries = root.get(key, [])
    if isinstance(entries, list):
        return entries
    reader.note(0, f"“{key}”应当是列表")
    return []


def _supposition(reader: FileReader, entry: object, line: int, facts: Mapping[str, FactSpec]) -> Supposition | None:
    mapping = reader.mapping(entry, line_of(entry, line), "“suppose”的每一条")
    if mapping is None:
        return None
    reader.check_keys(mapping, _SUPPOSITION_KEYS, ("operation", "only_from"))
    sets = _Values(reader, mapping, "sets", facts)
    only_from = _Values(reader, mapping, "only_from", facts)
    return Supposition(
        reader.text(mapping, "said"),
        {fact: values[0] for fact, values in sets.read.items() if values},
        reader.texts(mapping, "words"),
        reader.text(mapping, "operation") or None,
        {fact: tuple(values) for fact, values in only_from.read.items()},
    )


class _Values:
    """The values of facts under one key of a supposition: one of each, or a list of them."""

    def __init__(self, reader: FileReader, entry: YamlMapping, key: str, facts: Mapping[str, FactSpec]) -> None:
        self.read: dict[str, list[Value]] = {}
        if key not in entry:
            return
        mapping = reader.mapping(entry[key], entry.line_of(key), f"“{key}”")
        for name, raw in (mapping or {}).items():
            line = mapping.line_of(name) if mapping else 0
            if name not in facts:
                reader.note(line, f"facts.yml 里没有“{name}”这个事实")
                continue
            try:
                self.read[name] = [facts[name].from_json(one) for one in (raw if isinstance(raw, list) else [raw])]
            except FactValueError as error:
                reader.note(line, f"{name} 的值{error}")
