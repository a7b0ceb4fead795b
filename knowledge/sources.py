"""The rule documents themselves, where somebody has a copy: cut into sections, to compare the rule base with them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.model import Citation, Document, Documents
from knowledge.yaml_source import KnowledgeError, Problem


def letters(text: str) -> str:
    """Only letters, digits and Chinese characters: what is left when layout and punctuation do not matter."""
    return "".join(filter(str.isalnum, text))


@dataclass(frozen=True, slots=True)
class Sources:
    """The documents' text; `sections` holds each section's own text without blanks."""

    whole: str
    sections: Mapping[Citation, str]

    def text(self, citation: Citation) -> str:
        """The text of a section and of what stands below it (`五` holds `五(一)`, `第六条` holds `第六条第2项`)."""
        below = (f"{citation.section}(", f"{citation.section}第")
        return "".join(
            text
            for place, text in self.sections.items()
            if place.document == citation.document
            and (place.section == citation.section or place.section.startswith(below))
        )


def read_sources(path: Path, documents: Documents, catalogue: Path) -> tuple[Sources, list[Problem]]:
    """The documents in `path` (a text file, or a folder of them), and which sections were not found there.

    Raises `KnowledgeError` where there is nothing to read. `catalogue` is named in the problems.
    """
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    try:
        text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError([Problem(path, 0, "规则原文读不出来，应是 UTF-8 的文本文件")]) from error
    if not text.strip():
        raise KnowledgeError([Problem(path, 0, "这里没有规则原文（*.txt）")])
    whole = re.sub(r"\s", "", text)
    sections: dict[Citation, str] = {}
    problems: list[Problem] = []
    for document, body in _bodies(whole, documents):
        if not body:
            problems.append(Problem(catalogue, 0, f"规则原文里找不到《{document.title}》"))
            continue
        cut, missing = _cut(document, body)
        sections |= cut
        problems += [Problem(catalogue, 0, f"规则原文里找不到{place}的开头") for place in missing]
    return Sources(whole, sections), problems


def _bodies(whole: str, documents: Documents) -> Iterator[tuple[Document, str]]:
    """Each document with its text, which runs to where the next one begins."""
    all_documents = list(documents.by_title.values())
    starts: list[int] = []
    for document in all_documents:
        found = whole.find(document.begins, starts[-1] if starts else 0)
        starts.append(found if found >= 0 else len(whole))
    for document, start, end in zip(all_documents, starts, [*starts[1:], len(whole)], strict=True):
        yield document, whole[start:end]


def _cut(document: Document, body: str) -> tuple[dict[Citation, str], list[Citation]]:
    """The text of each section, and the sections whose beginning is not in `body`."""
    starts: list[tuple[int, Citation]] = []
    missing: list[Citation] = []
    position = 0
    for section in document.sections.values():
        if section.begins is None:
            continue
        place = Citation(document.title, section.id)
        found = body.find(section.begins, position)
        if found < 0:
            missing.append(place)
        else:
            starts.append((found, place))
            position = found + 1
    ends = [*(start for start, _ in starts), len(body)][1:]
    return {place: body[start:end] for (start, place), end in zip(starts, ends, strict=True)}, missing
