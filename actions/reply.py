"""A channel-neutral answer: its blocks, and what else the channels and the command line want to know of it."""

from dataclasses import dataclass, field
from typing import Any

from actions.blocks import AskedData, Block, CitationData
from actions.plain_text import plain_text
from knowledge.identifiers import Aspect, Decision, Ownership


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole answer to one message, as the command line and the HTTP contract show it.

    `rules_version`: the version of the rule base it was composed from; None where no rule was looked at.
    `asked`: what it answers, one by one. `copy`: to staff, the same answer as a customer may read it; None where there is
    nothing to tell a customer.
    """

    decision: Decision
    blocks: list[Block]
    choices: list[str] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    aspect: Aspect | None = None
    topic: str | None = None
    ownership: Ownership | None = None
    verdict: dict[str, Any] | None = None
    citations: list[CitationData] = field(default_factory=list)
    rules_version: str | None = None
    asked: list[AskedData] = field(default_factory=list)
    copy: str | None = None

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
            "rules_version": self.rules_version,
            **({"copy": self.copy} if self.copy is not None else {}),
        }
