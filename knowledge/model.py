"""The typed rule base: what `knowledge/loader.py` makes of the YAML files. Everything is immutable."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

from knowledge.identifiers import Aspect, Audience, Ownership, Status
from knowledge.suppositions import Suppositions

SectionState = Literal["完整", "残缺", "缺失", "归属不明"]
Scope = Literal["any", "organization", "individual"]
# Stands for any few characters in a pattern.
GAP: Final = "…"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement stands: a document's title (without 《》) and one of its sections."""

    document: str
    section: str

    def __str__(self) -> str:
        return f"《{self.document}》{self.section}"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a document; `begins` is how its text starts in the source, None where no text is left."""

    id: str
    state: SectionState
    begins: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """One rule document, its sections in the order of the source; what an internal one says is for staff only."""

    title: str
    begins: str
    sections: Mapping[str, Section]
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Expressions that keep their exact wording; `organization_only` are papers an individual is never asked for."""

    papers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    organization_only: tuple[str, ...] = ()

    @property
    def checked(self) -> tuple[str, ...]:
        """All that must occur in the section cited for it."""
        return self.papers + self.channels + self.words


@dataclass(frozen=True, slots=True)
class Documents:
    """The catalogue of rule documents that citations are checked against."""

    by_title: Mapping[str, Document]
    terms: Terms

    def refusal(self, citation: Citation) -> str | None:
        """Why this citation cannot stand, as a Chinese sentence; None where it can."""
        document = self.by_title.get(citation.document)
        if document is None:
            return f"没有名为《{citation.document}》的规则文件"
        section = document.sections.get(citation.section)
        if section is None:
            return f"《{citation.document}》没有“{citation.section}”这一节"
        if section.state in ("缺失", "归属不明"):
            return f"{citation} 的原文{section.state}，不能引用，请引用它的上一级"
        return None


@dataclass(frozen=True, slots=True)
class Period:
    """The days a rule is in force, both ends included; None is open."""

    start: date | None = None
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the rule is in force on `day`."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)

    def overlaps(self, other: "Period") -> bool:
        """Whether there is a day on which both are in force."""
        starts_before = self.start is None or other.end is None or self.start <= other.end
        ends_after = self.end is None or other.start is None or other.start <= self.end
        return starts_before and ends_after


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or list entry of an answer, with where it stands and who may read it."""

    text: str
    citations: tuple[Citation, ...]
    audience: Audience = "all"
    valid: Period = field(default=Period())
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the documents say of one aspect for one kind of ownership in one period.

    `lead` answers the question in one sentence; None where the wording of the status says it (a gap).
    """

    status: Status
    citations: tuple[Citation, ...]
    lead: Statement | None = None
    items: tuple[Statement, ...] = ()
    notes: tuple[Statement, ...] = ()
    valid: Period = field(default=Period())
    line: int = field(default=0, compare=False)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """All that is said, lead first."""
        return (*((self.lead,) if self.lead else ()), *self.items, *self.notes)


@dataclass(frozen=True, slots=True)
class AspectRules:
    """One aspect: either one rule for everybody (`any`), or one for organizations and one for individuals.

    Each is a sequence of periods. `common` is what the section says without telling the two apart.
    """

    by_scope: Mapping[Scope, tuple[Rule, ...]]
    common: tuple[Statement, ...] = ()
    line: int = field(default=0, compare=False)

    @property
    def split(self) -> bool:
        """Whether organizations and individuals are told apart."""
        return "any" not in self.by_scope

    def on(self, day: date, ownership: Ownership) -> Rule | None:
        """The rule in force on `day`; None where the file has none for that day."""
        rules = self.by_scope[ownership if self.split else "any"]
        return next((rule for rule in rules if rule.valid.covers(day)), None)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules of all scopes and periods."""
        return tuple(rule for rules in self.by_scope.values() for rule in rules)


@dataclass(frozen=True, slots=True)
class Operation:
    """One service of the default document.

    `patterns` are wordings with a gap in them (「把…号…注销」). `shared_aliases` are those of its aliases that another entry may claim too; `unanswered` says why there are
    no answers yet.
    """

    id: str
    name: str
    official_name: str
    citation: Citation
    aliases: tuple[str, ...]
    aspects: Mapping[Aspect, AspectRules]
    path: Path
    patterns: tuple[str, ...] = ()
    shared_aliases: tuple[str, ...] = ()
    unanswered: str = ""

    @property
    def section(self) -> str:
        """Its section in the default document."""
        return self.citation.section

    @property
    def answered(self) -> bool:
        """Whether its answers have been written."""
        return bool(self.aspects)


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of any document; `patterns`, `shared_aliases` and `unanswered` as with an operation."""

    id: str
    name: str
    citation: Citation
    aliases: tuple[str, ...]
    rules: tuple[Rule, ...]
    path: Path
    patterns: tuple[str, ...] = ()
    shared_aliases: tuple[str, ...] = ()
    unanswered: str = ""

    @property
    def document(self) -> str:
        """The document it stands in."""
        return self.citation.document

    @property
    def section(self) -> str:
        """The section it stands in."""
        return self.citation.section

    @property
    def answered(self) -> bool:
        """Whether its answer has been written."""
        return bool(self.rules)


@dataclass(frozen=True, slots=True)
class Wording:
    """Sentences that are used in many answers; placeholders are {name} and {aspect}."""

    aspects: Mapping[str, str]
    ownerships: Mapping[str, str]
    statuses: Mapping[str, str]
    checklists: Mapping[str, str]
    gaps: Mapping[str, str]
    ask: Mapping[str, str]
    sentences: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Operator:
    """Whose rules these are: its name in full, what else people call it, and the numbers of its hotlines.

    `others`: words by which people name another operator, and nothing else.
    """

    name: str
    called: tuple[str, ...]
    hotlines: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HalfSaid:
    """Bare words (「停机」) and the operations that they may mean."""

    said: tuple[str, ...]
    operations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question offered to somebody who does not know what to ask."""

    label: str
    operation: str
    aspect: Aspect


@dataclass(frozen=True, slots=True)
class Examples:
    """Questions that the dialogue quotes; `check` is how staff ask about one number."""

    question: str
    another: str
    check: str


@dataclass(frozen=True, slots=True)
class Contact:
    """Where people are sent, each a part of a sentence.

    `ask` is for what the rules do not say, `person` for somebody who wants a human being; `call` and `sign_in` are
    one way each; `office` is a place, and `verify` who can settle a gap in the rules.
    """

    ask: str
    person: str
    call: str
    office: str
    verify: str
    sign_in: str


@dataclass(frozen=True, slots=True)
class Pack:
    """What belongs to this rule base and to no other: whose it is, and what the dialogue says in their name.

    `default_document` is the one whose sections operations name; `states_amounts`: whether the documents name sums of
    money; `introduced`: operations as the greeting lists them; `common_operations`: those to offer when only an aspect
    was said; `foreign_things`: what the same words are also said of, but not with an operator (「挂失身份证」);
    `half_said`: what is asked back about when nothing else is said.
    """

    title: str
    operator: Operator
    default_document: str
    states_amounts: bool
    introduced: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]
    common_operations: tuple[str, ...]
    examples: Examples
    contact: Contact
    foreign_things: tuple[str, ...]
    half_said: tuple[HalfSaid, ...]


@dataclass(frozen=True, slots=True)
class RuleBase:
    """The whole rule base; `version` changes whenever a file that answers are made of changes."""

    operations: Mapping[str, Operation]
    topics: Mapping[str, Topic]
    documents: Documents
    wording: Wording
    pack: Pack
    version: str
    folder: Path
    suppositions: Suppositions = field(default_factory=Suppositions)
