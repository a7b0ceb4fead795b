"""A channel-neutral answer: blocks that every channel renders in its own way, and the plain text of them."""

from dataclasses import dataclass, field
from typing import Any, Literal, NotRequired, TypedDict

from actions.conversation.wording import say
from knowledge.answers import citation_text
from knowledge.identifiers import Aspect, Decision, Ownership
from knowledge.model import Citation


class CitationData(TypedDict):
    """Where a statement stands: the document's title without 《》, and its section, e.g. `五(二)`."""

    document: str
    section: str


class TextBlock(TypedDict):
    """A paragraph; `tone` marks a gap in the rules, a warning, or nothing special."""

    type: Literal["text"]
    text: str
    tone: NotRequired[Literal["plain", "gap", "warning"]]


class ChecklistBlock(TypedDict):
    """Things to bring or do, each one line."""

    type: Literal["checklist"]
    title: str
    items: list[str]


class VerdictBlock(TypedDict):
    """A verdict on one number: what stands in the way, what to do first, from which day."""

    type: Literal["verdict"]
    status: Literal["allowed", "blocked", "needs_review", "not_applicable"]
    title: str
    number: str
    reasons: list[str]
    unknowns: list[str]
    steps: list[str]
    notices: list[str]
    earliest: str | None
    earliest_certain: bool
    met: NotRequired[list[str]]


class CitationsBlock(TypedDict):
    """The 「依据」 line."""

    type: Literal["citations"]
    items: list[CitationData]


Block = TextBlock | ChecklistBlock | VerdictBlock | CitationsBlock


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer to one message, as the command line and the HTTP contract show it."""

    decision: Decision
    blocks: list[Block]
    choices: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    aspect: Aspect | None = None
    topic: str | None = None
    ownership: Ownership | None = None
    verdict: dict[str, Any] | None = None
    citations: list[CitationData] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """The JSON form that travels from the action server to the gateway, plain text included."""
        return {
            "decision": self.decision,
            "operation": self.operations[0] if self.operations else None,
            "operations": self.operations,
            "aspect": self.aspect,
            "topic": self.topic,
            "ownership": self.ownership,
            "text": plain_text(self.blocks, self.choices),
            "blocks": self.blocks,
            "choices": self.choices,
            "verdict": self.verdict,
            "citations": self.citations,
        }


def plain_text(blocks: list[Block], choices: list[str]) -> str:
    """The reply as lines of text, for terminals and channels without cards."""
    parts: list[str] = []
    for block in blocks:
        if block["type"] == "text":
            parts.append(block["text"])
        elif block["type"] == "checklist":
            parts.append("\n".join([block["title"], *(f"  □ {item}" for item in block["items"])]))
        elif block["type"] == "verdict":
            parts.append(_verdict_text(block))
        else:
            cited = (Citation(item["document"], item["section"]) for item in block["items"])
            parts.append(say("citations", places=citation_text(cited)))
    if choices:
        parts.append("\n".join(f"{number}. {choice}" for number, choice in enumerate(choices, 1)))
    return "\n".join(part for part in parts if part)


def _verdict_text(block: VerdictBlock) -> str:
    lines = [block["title"]]
    lines += [f"  ✗ {reason}" for reason in block["reasons"]]
    lines += [f"  ? {unknown}" for unknown in block["unknowns"]]
    lines += [f"  ✓ {met}" for met in block.get("met", [])]
    if block["steps"]:
        lines += [say("steps"), *(f"  {number}. {step}" for number, step in enumerate(block["steps"], 1))]
    lines += [say("notice", text=notice) for notice in block["notices"]]
    return "\n".join(lines)
