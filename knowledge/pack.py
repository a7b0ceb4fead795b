"""Reads `knowledge/pack.yml`: whose rules these are, and what the dialogue says in the operator's name."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from knowledge import yaml_source
from knowledge.identifiers import ASPECTS, Aspect
from knowledge.model import Contact, Documents, Examples, HalfSaid, Operation, Operator, Pack, Suggestion
from knowledge.reading import FileReader, line_of

_KEYS: Final = (
    "title",
    "operator",
    "default_document",
    "states_amounts",
    "introduced",
    "suggestions",
    "common_operations",
    "examples",
    "contact",
    "foreign_things",
    "half_said",
)
_OPERATOR_KEYS: Final = ("name", "called", "hotlines", "others")
_SUGGESTION_KEYS: Final = ("label", "operation", "aspect")
_HALF_SAID_KEYS: Final = ("said", "operations")
_EXAMPLE_KEYS: Final = ("question", "another", "check")
_CONTACT_KEYS: Final = ("ask", "person", "call", "office", "verify", "sign_in")


def read_pack(reader: FileReader) -> Pack | None:
    """The pack; None where the file cannot be read at all. What it names is checked by `check_pack`."""
    root = reader.root()
    if root is None:
        return None
    reader.check_keys(root, _KEYS)
    states_amounts = root.get("states_amounts", False)
    if not isinstance(states_amounts, bool):
        reader.note(root.line_of("states_amounts"), "“states_amounts”只能写 true 或 false")
    return Pack(
        title=reader.text(root, "title"),
        operator=_operator(reader, root.get("operator"), root.line_of("operator")),
        default_document=reader.text(root, "default_document"),
        states_amounts=states_amounts is True,
        introduced=reader.texts(root, "introduced"),
        suggestions=tuple(_suggestions(reader, root)),
        common_operations=reader.texts(root, "common_operations"),
        examples=Examples(*_group(reader, root.get("examples"), root.line_of("examples"), "examples", _EXAMPLE_KEYS)),
        contact=Contact(*_group(reader, root.get("contact"), root.line_of("contact"), "contact", _CONTACT_KEYS)),
        foreign_things=reader.texts(root, "foreign_things"),
        half_said=tuple(_half_said(reader, root)),
    )


def check_pack(
    reader: FileReader, pack: Pack, documents: Documents | None, operations: Mapping[str, Operation]
) -> None:
    """Notes every name in the pack that the rest of the rule base does not know."""
    if documents is not None and pack.default_document and pack.default_document not in documents.by_title:
        reader.note(line_of(pack.default_document, 0), f"没有名为《{pack.default_document}》的规则文件")
    named = (
        *(suggestion.operation for suggestion in pack.suggestions),
        *pack.common_operations,
        *(operation for entry in pack.half_said for operation in entry.operations),
    )
    for operation in named:
        if operation and operation not in operations:
            reader.note(line_of(operation, 0), f"规则库里没有编号为“{operation}”的业务")
    wordings = {word for entry in operations.values() for word in (entry.name, *entry.aliases)}
    for word in pack.introduced:
        if word not in wordings:
            reader.note(line_of(word, 0), f"“introduced”里的“{word}”不是任何业务的名称或说法")


def _operator(reader: FileReader, value: Any, line: int) -> Operator:
    mapping = reader.mapping(value, line, "“operator”")
    if mapping is None:
        return Operator("", (), (), ())
    reader.check_keys(mapping, _OPERATOR_KEYS)
    name = reader.text(mapping, "name")
    return Operator(name, *(reader.texts(mapping, key) for key in _OPERATOR_KEYS[1:]))


def _suggestions(reader: FileReader, root: yaml_source.Mapping) -> Iterator[Suggestion]:
    for mapping in _entries(reader, root, "suggestions", _SUGGESTION_KEYS):
        yield Suggestion(
            label=reader.text(mapping, "label"),
            operation=reader.text(mapping, "operation"),
            aspect=cast(Aspect, reader.choice(mapping, "aspect", ASPECTS, ASPECTS[0])),
        )


def _half_said(reader: FileReader, root: yaml_source.Mapping) -> Iterator[HalfSaid]:
    for mapping in _entries(reader, root, "half_said", _HALF_SAID_KEYS):
        yield HalfSaid(*(reader.texts(mapping, key) for key in _HALF_SAID_KEYS))


def _entries(
    reader: FileReader, root: yaml_source.Mapping, key: str, keys: tuple[str, ...]
) -> Iterator[yaml_source.Mapping]:
    """The entries of an optional list of mappings that have exactly these keys."""
    entries, line = root.get(key, []), root.line_of(key)
    if not isinstance(entries, list):
        reader.note(line, f"“{key}”应当是列表")
        return
    for entry in entries:
        mapping = reader.mapping(entry, line_of(entry, line), f"“{key}”的每一条")
        if mapping is not None:
            reader.check_keys(mapping, keys)
            yield mapping


def _group(reader: FileReader, value: Any, line: int, name: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of a mapping that has exactly these keys, in their order; "" for what is wrong."""
    mapping = reader.mapping(value, line, f"“{name}”")
    if mapping is None:
        return ("",) * len(keys)
    reader.check_keys(mapping, keys)
    return tuple(reader.text(mapping, key) for key in keys)
