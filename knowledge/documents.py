"""Reads `knowledge/documents.yml`: the rule documents, their sections, and the terms that keep their exact wording."""

import re
from typing import Final, cast, get_args

from knowledge.model import Citation, Document, Documents, Section, SectionState, Terms
from knowledge.reading import FileReader
from knowledge.yaml_source import Mapping

_CITATION: Final = re.compile(r"(?:《(?P<document>[^》]+)》)?(?P<section>\S+)")
_TERM_KEYS: Final = ("papers", "channels", "words", "organization_only")


def parse_citation(text: str, default_document: str) -> Citation | None:
    """`五(二)` or `《集团客户入网协议》第二条(二)`; None where it is neither."""
    found = _CITATION.fullmatch(text)
    return Citation(found["document"] or default_document, found["section"]) if found else None


def read_documents(reader: FileReader) -> Documents | None:
    """The catalogue; None where the file cannot be read at all."""
    root = reader.root()
    if root is None:
        return None
    reader.check_keys(root, ("documents", "terms"))
    by_title: dict[str, Document] = {}
    for entry in root.get("documents") or []:
        document = _document(reader, entry, root.line_of("documents"))
        if document and document.title in by_title:
            reader.note(entry.line, f"《{document.title}》重复出现")
        elif document:
            by_title[document.title] = document
    return Documents(by_title, _terms(reader, root))


def _document(reader: FileReader, entry: object, line: int) -> Document | None:
    mapping = reader.mapping(entry, line, "每份文件")
    if mapping is None:
        return None
    reader.check_keys(mapping, ("title", "begins", "sections"), ("internal",))
    sections: dict[str, Section] = {}
    for value in mapping.get("sections") or []:
        section = _section(reader, value, mapping.line_of("sections"))
        if section and section.id in sections:
            reader.note(value.line, f"“{section.id}”这一节重复出现")
        elif section:
            sections[section.id] = section
    internal = mapping.get("internal", False)
    if not isinstance(internal, bool):
        reader.note(mapping.line_of("internal"), "“internal”只能写 true 或 false")
    return Document(reader.text(mapping, "title"), reader.text(mapping, "begins"), sections, internal is True)


def _section(reader: FileReader, entry: object, line: int) -> Section | None:
    mapping = reader.mapping(entry, line, "每一节")
    if mapping is None:
        return None
    reader.check_keys(mapping, ("id", "state"), ("begins",))
    state = cast(SectionState, reader.choice(mapping, "state", get_args(SectionState), "残缺"))
    begins = reader.text(mapping, "begins") or None
    if state == "缺失" and begins:
        reader.note(mapping.line_of("begins"), "缺失的节没有文字，不能写“begins”")
    if state in ("完整", "归属不明") and not begins:
        reader.note(mapping.line, f"“{state}”的节要写“begins”")
    return Section(reader.text(mapping, "id"), state, begins)


def _terms(reader: FileReader, root: Mapping) -> Terms:
    mapping = reader.mapping(root.get("terms"), root.line_of("terms"), "“terms”")
    if mapping is None:
        return Terms()
    reader.check_keys(mapping, _TERM_KEYS)
    return Terms(*(reader.texts(mapping, key) for key in _TERM_KEYS))
