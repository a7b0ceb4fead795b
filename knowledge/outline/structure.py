"""Lines -> documents -> sections."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from knowledge.outline.marks import rank, read_mark
from knowledge.outline.model import Line, Mark, Node, Part, Style
from knowledge.outline.names import may_be_title, same_title, split_name

_OPENING: Final[tuple[Style, ...]] = ("part", "attachment")
_TITLE: Final = 0


def read_structure(lines: Sequence[Line]) -> list[Part]:
    """The documents of a file with their sections; noise belongs to none."""
    builder = _Builder()
    text = [(index, line) for index, line in enumerate(lines) if not line.noise]
    for position, (index, line) in enumerate(text):
        following = [read_mark(other.text) for _, other in text[position + 1 : position + 4]]
        builder.add(index, line, following)
    for part, after in zip(builder.parts, builder.parts[1:], strict=False):
        part.last = after.first
    if builder.parts:
        builder.parts[-1].last = len(lines)
    return builder.parts


@dataclass(slots=True)
class _Builder:
    parts: list[Part] = field(default_factory=list)
    # Open sections, the highest first.
    stack: list[Node] = field(default_factory=list)

    def add(self, index: int, line: Line, following: Sequence[Mark | None]) -> None:
        """Puts one line where it belongs; `following` are the marks of the next lines."""
        mark = read_mark(line.text)
        if (mark and mark.style in _OPENING) or self._opens(line, mark, following):
            self._open(index, line)
        elif mark or line.level is not None:
            self._section(index, line, mark)
        elif self.stack:
            self._text(line)
        elif self._only_titles() and same_title(self.parts[-1].titles[-1], line.text):
            self.parts[-1].titles.append(line.text)
        else:
            self.parts[-1].head.append(line)

    def _opens(self, line: Line, mark: Mark | None, following: Sequence[Mark | None]) -> bool:
        if not self.parts or (line.level == _TITLE and not self._only_titles()):
            return True
        # A short line, and the numbers begin again after it: the title of another document.
        sections = self.parts[-1].sections
        first = next((each for each in following if each), None)
        return bool(
            mark is None
            and line.level is None
            and first
            and len(sections) > 1
            and sections[0].mark
            and (first.style, first.value) == (sections[0].mark.style, 1)
            and sections[-1].mark
            and sections[-1].mark.style == first.style
            and may_be_title(line.text)
            and not self._unfinished()
        )

    def _open(self, index: int, line: Line) -> None:
        if self.parts and self._only_titles() and same_title(self.parts[-1].titles[-1], line.text):
            self.parts[-1].titles.append(line.text)
            return
        self.stack = []
        self.parts.append(Part([], line.place, index))
        mark = read_mark(line.text)
        if mark and mark.style not in _OPENING:
            self._section(index, line, mark)
        elif may_be_title(line.text):
            self.parts[-1].titles.append(line.text)
        else:
            self.parts[-1].head.append(line)

    def _only_titles(self) -> bool:
        part = self.parts[-1]
        return bool(part.titles) and not part.head and not part.sections

    def _unfinished(self) -> bool:
        """Whether the section before waits for its name or its text."""
        node = self.stack[-1] if self.stack else None
        return node is not None and not node.text and not node.children

    def _section(self, index: int, line: Line, mark: Mark | None) -> None:
        name, text = split_name(mark.rest if mark else line.text)
        node = Node(mark, name, line.place, index, line.level, [replace(line, text=text)] if text else [])
        while self.stack and _closes(node, self.stack):
            self.stack.pop()
        (self.stack[-1].children if self.stack else self.parts[-1].sections).append(node)
        self.stack.append(node)

    def _text(self, line: Line) -> None:
        node = self.stack[-1]
        if not node.name and not node.text and may_be_title(line.text):
            node.name = line.text
        else:
            node.text.append(line)


def _closes(node: Node, stack: Sequence[Node]) -> bool:
    """Whether `node` ends the last section of `stack`."""
    last = stack[-1]
    if node.mark and last.mark:
        if rank(node.mark) == rank(last.mark):
            return any(each.mark and each.mark.style == node.mark.style for each in stack)
        return rank(node.mark) < rank(last.mark)
    if node.level is not None and last.level is not None:
        return last.level >= node.level
    # A heading of Word ends what has none; a number below a heading of Word belongs to it.
    return node.level is not None
