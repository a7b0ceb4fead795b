"""The blocks of a channel-neutral answer, which every channel renders in its own way."""

from collections.abc import Sequence
from typing import Literal, NotRequired, TypedDict


class CitationData(TypedDict):
    """Where a statement stands: the document's title without 《》, and its section, e.g. `五(二)`."""

    document: str
    section: str


class AskedData(TypedDict):
    """One thing that a reply answers: an aspect of an operation, or a topic."""

    operation: str | None
    aspect: str | None
    topic: str | None
    ownership: str | None


class TextBlock(TypedDict):
    """A paragraph; `tone` marks a gap in the rules, a warning, or nothing special.

    `heading`: the beginning of `text` (before a colon) that says for whom it is; a channel may set it apart.
    """

    type: Literal["text"]
    text: str
    heading: NotRequired[str]
    tone: NotRequired[Literal["plain", "gap", "warning"]]


class ChecklistBlock(TypedDict):
    """Things to bring or do, each one line.

    `marks`: boxes to tick (where it is not said), or mere points, which nobody ticks off.
    `print`: the address of a page to print, for channels with links.
    """

    type: Literal["checklist"]
    title: str
    items: list[str]
    marks: NotRequired[Literal["boxes", "points"]]
    print: NotRequired[str]


class FactData(TypedDict):
    """One account fact; `note`: its source and the time it was read, or why it is unknown."""

    label: str
    value: str
    note: str


class ConditionData(TypedDict):
    """One row of the table of conditions; `state_text` is its state in Chinese.

    `remedy`: what helps, where the condition is not met.
    """

    state: Literal["met", "unmet", "unknown"]
    state_text: str
    requirement: str
    facts: list[FactData]
    citation: CitationData | None
    remedy: str | None


class Moment(TypedDict):
    """One day in the way to a yes: `barred` (the day asked about), `waiting` (time clears something), `possible`.

    `day` is the date as it is read; `notes` are what to do on it, or what it clears.
    """

    date: str
    day: str
    state: Literal["barred", "waiting", "possible"]
    text: str
    notes: list[str]


class VerdictBlock(TypedDict):
    """A verdict on one number: what stands in the way, what to do first, from which day.

    `status_text`: the status in Chinese.
    `verify`: where what is unknown can be verified. `conditions`: the whole table, for staff.
    `moments` are there where waiting plays a part: the same as `steps` and `earliest`, day by day.
    """

    type: Literal["verdict"]
    status: Literal["allowed", "blocked", "needs_review", "not_applicable"]
    status_text: str
    title: str
    number: str
    reasons: list[str]
    unknowns: list[str]
    steps: list[str]
    notices: list[str]
    earliest: str | None
    earliest_certain: bool
    verify: NotRequired[str]
    conditions: NotRequired[list[ConditionData]]
    moments: NotRequired[list[Moment]]


class CitedPlace(CitationData):
    """A cited place with the original `passage`: for staff, where the documents are at hand."""

    passage: str


class CitationsBlock(TypedDict):
    """The 「依据」 line; for staff its items may be `CitedPlace`."""

    type: Literal["citations"]
    items: Sequence[CitationData]


Block = TextBlock | ChecklistBlock | VerdictBlock | CitationsBlock
