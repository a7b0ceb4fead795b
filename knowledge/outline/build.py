"""From a file to its outline."""

from dataclasses import dataclass
from pathlib import Path

from knowledge.model import RuleBase
from knowledge.outline.checks import check
from knowledge.outline.comparison import Comparison, compare
from knowledge.outline.mending import mend
from knowledge.outline.model import Finding, Progress, Reading
from knowledge.outline.readers import read_document
from knowledge.outline.structure import read_structure
from knowledge.outline.wording import say
from knowledge.yaml_source import KnowledgeError, Problem


@dataclass(frozen=True, slots=True)
class Outline:
    """A rule document as it was read, what is odd about it in the order of the text, and how the rule base stands."""

    path: Path
    reading: Reading
    findings: tuple[Finding, ...]
    comparison: Comparison


def outline(path: Path, rules: RuleBase, progress: Progress) -> Outline:
    """Reads and compares a document.

    Raises `KnowledgeError` with one sentence where the file cannot be read.
    """
    reading = read_document(path, progress)
    lines, mended = mend(reading.lines)
    parts = read_structure(lines)
    if not parts:
        raise KnowledgeError([Problem(path, 0, say("refusals", "empty"))])
    # The lines of a page end where the page does, not where a paragraph ends.
    findings = check(parts, [*reading.findings, *mended], wrapped=reading.pages is not None)
    whole_file_first = sorted(findings, key=lambda each: (each.place is not None, each.place))
    return Outline(path, reading, tuple(whole_file_first), compare(parts, lines, rules))
