"""Reads `knowledge/pack.yml`: whose rules these are, and what the dialogue says in the operator's name."""

from collections.abc import Mapping
from typing import Any, Final, cast

from knowledge.identifiers import ASPECTS, Aspect
from knowledge.model import Contact, Documents, Examples, Operation, Operator, Pack, Suggestion
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
)
_OPERATOR_KEYS: Final = ("name", "called", "hotlines", "others")
_SUGGESTION_KEYS: Final = ("label", "operation", "aspect")
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
    suggestions = root.get("suggestions", [])
    if not isinstance(suggestions, list):
        reader.note(root.line_of("suggestions"), "“suggestions”应当是列表")
        suggestions = []
    line = root.line_of("suggestions")
    return Pack(
        title=reader.text(root, "title"),
        operator=_operator(reader, root.get("operator"), root.line_of("operator")),
        default_document=reader.text(root, "default_document"),
        states_amounts=states_amounts is True,
        introduced=reader.texts(root, "introduced"),
        suggestions=tuple(filter(None, (_suggestion(reader, entry, line) for entry in suggestions))),
        common_operations=reader.texts(root, "common_operations"),
        examples=Examples(*_group(reader, root.get("examples"), root.line_of("examples"), "examples", _EXAMPLE_KEYS)),
        contact=Contact(*_group(reader, root.get("contact"), root.line_of("contact"), "contact", _CONTACT_KEYS)),
        foreign_things=reader.texts(root, "foreign_things"),
    )


def check_pack(
    reader: FileReader, pack: Pack, documents: Documents | None, operations: Mapping[str, Operation]
) -> None:
    """Notes every name in the pack that the rest of the rule base does not know."""
    if documents is not None and pack.default_document and pack.default_document not in documents.by_title:
        reader.note(line_of(pack.default_document, 0), f"没有名为《{pack.default_document}》的规则文件")
    named = (*(suggestion.operation for suggestion in pack.suggestions), *pack.common_operations)
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


def _suggestion(reader: FileReader, entry: Any, line: int) -> Suggestion | None:
    mapping = reader.mapping(entry, line_of(entry, line), "“suggestions”的每一条")
    if mapping is None:
        return None
    reader.check_keys(mapping, _SUGGESTION_KEYS)
    return Suggestion(
        label=reader.text(mapping, "label"),
        operation=reader.text(mapping, "operation"),
        aspect=cast(Aspect, reader.choice(mapping, "aspect", ASPECTS, ASPECTS[0])),
    )


def _group(reader: FileReader, value: Any, line: int, name: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of a mapping that has exactly these keys, in their order; "" for what is wrong."""
    mapping = reader.mapping(value, line, f"“{name}”")
    if mapping is None:
        return ("",) * len(keys)
    reader.check_keys(mapping, keys)
    return tuple(reader.text(mapping, key) for key in keys)
