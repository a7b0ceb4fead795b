"""An understanding in the form that the command line prints."""

from dataclasses import asdict
from typing import Any

from actions.identity import mask_number
from actions.understanding import Understanding


def to_report(understanding: Understanding) -> dict[str, Any]:
    """The fields of `parse`; numbers are masked, and what was not said is null."""
    operations = list(understanding.operations)
    # A bare name asks what the operation is; a topic has no aspects.
    aspects = list(understanding.aspects) or (["overview"] if operations else [])
    return {
        "decision": understanding.decision,
        "operation": operations[0] if operations else None,
        "operations": operations,
        "aspect": aspects[0] if aspects and not understanding.topic else None,
        "aspects": [] if understanding.topic else aspects,
        "topic": understanding.topic,
        "ownership": understanding.ownership,
        "number": mask_number(understanding.numbers[0]) if understanding.numbers else None,
        "confidence": understanding.confidence,
        "alternatives": [asdict(alternative) for alternative in understanding.alternatives],
        "small_talk": understanding.small_talk,
        "choice": understanding.choice,
        "follow_up": understanding.follow_up,
    }
