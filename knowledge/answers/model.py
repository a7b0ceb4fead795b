"""The shape of an answer: parts with their changes to come, and the forms in which it leaves the rule base."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.identifiers import Aspect, Audience, Ownership, Status
from knowledge.model import Citation


@dataclass(frozen=True, slots=True)
class Change:
    """What will be different from `start` on, said in one sentence."""

    start: date
    text: str
    citations: tuple[Citation, ...]

    def to_json(self) -> dict[str, Any]:
        """The form of an entry of `changes`."""
        return {"from": self.start.isoformat(), "text": self.text, "citations": citations_json(self.citations)}


@dataclass(frozen=True, slots=True)
class Part:
    """One self-contained piece of an answer: for organizations, for individuals, or (`ownership` None) for everybody.

    `heading` names the ownership where the rules tell the two apart; `title` stands above the checklist.
    """

    heading: str | None
    status: Status
    lead: str
    title: str
    items: tuple[str, ...]
    notes: tuple[str, ...]
    citations: tuple[Citation, ...]
    ownership: Ownership | None = None
    changes: tuple[Change, ...] = ()

    @property
    def first_line(self) -> str:
        """The sentence that answers, with the heading that says for whom."""
        return f"{self.heading}：{self.lead}" if self.heading else self.lead

    @property
    def text(self) -> str:
        """The part as lines of plain text."""
        checklist = (self.title, *(f"  · {item}" for item in self.items)) if self.items else ()
        return "\n".join((self.first_line, *checklist, *(change.text for change in self.changes), *self.notes))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the rule base.

    Of two parts the organization's comes first, unless the rules have something to say to individuals only. Status,
    lead, items and notes are those of the first part. `citations` has each cited place once, in the order of the
    documents' sections.
    """

    operation: str | None
    aspect: Aspect | None
    topic: str | None
    ownership: Ownership | None
    parts: tuple[Part, ...]
    citations: tuple[Citation, ...]
    audience: Audience
    text: str
    version: str

    @property
    def status(self) -> Status:
        """How well the rules answer the question."""
        return self.parts[0].status

    @property
    def lead(self) -> str:
        """The sentence that answers the question."""
        return self.parts[0].lead

    @property
    def items(self) -> tuple[str, ...]:
        """The checklist."""
        return self.parts[0].items

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is worth knowing, and whom to ask about a gap."""
        return self.parts[0].notes

    @property
    def changes(self) -> tuple[Change, ...]:
        """What will be different later, of all parts."""
        return tuple(dict.fromkeys(change for part in self.parts for change in part.changes))

    def to_json(self) -> dict[str, Any]:
        """The form of the command line's contract."""
        return {
            "operation": self.operation,
            "aspect": self.aspect,
            "topic": self.topic,
            "ownership": self.ownership,
            "status": self.status,
            "text": self.text,
            "lead": self.lead,
            "items": list(self.items),
            "notes": list(self.notes),
            "changes": [change.to_json() for change in self.changes],
            "citations": citations_json(self.citations),
            "audience": self.audience,
            "version": self.version,
        }


def unique(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Each citation once, in the order of first mention."""
    return tuple(dict.fromkeys(citations))


def citations_json(citations: Iterable[Citation]) -> list[dict[str, str]]:
    """Citations as JSON."""
    return [{"document": citation.document, "section": citation.section} for citation in citations]


def citation_text(citations: Iterable[Citation]) -> str:
    """Citations as a reader wants them: `《集团客户标准服务内容》五(一)、五(二)；《…》…`, each document named once."""
    sections: dict[str, list[str]] = {}
    for citation in citations:
        sections.setdefault(citation.document, []).append(citation.section)
    return "；".join(f"《{document}》{'、'.join(places)}" for document, places in sections.items())
