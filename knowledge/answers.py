"""Turns rules into answers: only what was asked, the first line answers, gaps and internal rules are said to be such."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from knowledge.identifiers import OWNERSHIPS, RULE_ASPECTS, Aspect, Audience, Ownership, Role, Status
from knowledge.model import AspectRules, Citation, Operation, Rule, RuleBase, Statement, Wording


@dataclass(frozen=True, slots=True)
class Part:
    """One self-contained piece of an answer: for organizations, for individuals, or for everybody.

    `heading` names the ownership where the rules tell the two apart; `title` stands above the checklist.
    """

    heading: str | None
    status: Status
    lead: str
    title: str
    items: tuple[str, ...]
    notes: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def text(self) -> str:
        """The part as lines of plain text."""
        lead = f"{self.heading}：{self.lead}" if self.heading else self.lead
        checklist = (self.title, *(f"  · {item}" for item in self.items)) if self.items else ()
        return "\n".join((lead, *checklist, *self.notes))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the rule base. Where it has two parts, status, lead, items and notes are the organization's."""

    operation: str | None
    aspect: Aspect | None
    topic: str | None
    ownership: Ownership | None
    parts: tuple[Part, ...]
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
    def citations(self) -> tuple[Citation, ...]:
        """Where the answer stands, each place once."""
        return _unique(citation for part in self.parts for citation in part.citations)

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
            "citations": [{"document": c.document, "section": c.section} for c in self.citations],
            "audience": self.audience,
            "version": self.version,
        }


def answer_operation(
    rules: RuleBase, operation: str, aspect: Aspect, ownership: Ownership | None, role: Role, on: date
) -> Answer:
    """What the rules in force on `on` say of one aspect of an operation.

    Without an ownership, an aspect that differs for organizations and individuals has a part for each.
    Raises `KeyError` for an operation that is not in the rule base.
    """
    entry = rules.operations[operation]
    writer = _Writer(rules.wording, entry.name, entry.citation, role, on)
    if not entry.answered:
        parts: tuple[Part, ...] = (writer.not_ready(),)
        audience: Audience = "all"
    else:
        # The conditions are the general half of "can this number do it"; the account is judged elsewhere.
        asked: Aspect = "conditions" if aspect == "eligibility" else aspect
        parts = writer.overview(entry, ownership) if asked == "overview" else writer.aspect(entry, asked, ownership)
        if aspect == "eligibility":
            parts = (*parts[:-1], _with_note(parts[-1], rules.wording.sentences["eligibility"]))
        audience = "staff" if _all_internal(entry.aspects[asked].rules) else "all"
    return Answer(operation, aspect, None, ownership, parts, audience, _text(rules.wording, parts), rules.version)


def answer_topic(rules: RuleBase, topic: str, role: Role, on: date) -> Answer:
    """What the rules in force on `on` say of a topic.

    Raises `KeyError` for a topic that is not in the rule base.
    """
    entry = rules.topics[topic]
    writer = _Writer(rules.wording, entry.name, entry.citation, role, on)
    rule = next((rule for rule in entry.rules if rule.valid.covers(on)), None)
    parts = (writer.part(rule, "topic") if entry.answered else writer.not_ready(),)
    audience: Audience = "staff" if _all_internal(entry.rules) else "all"
    return Answer(None, None, topic, None, parts, audience, _text(rules.wording, parts), rules.version)


def citation_text(citations: Iterable[Citation]) -> str:
    """Citations as a reader wants them: `《集团客户标准服务内容》五(一)、五(二)；《…》…`, each document named once."""
    sections: dict[str, list[str]] = {}
    for citation in citations:
        sections.setdefault(citation.document, []).append(citation.section)
    return "；".join(f"《{document}》{'、'.join(places)}" for document, places in sections.items())


def _all_internal(rules: Sequence[Rule]) -> bool:
    statements = [statement for rule in rules for statement in rule.statements]
    return bool(statements) and all(statement.audience == "staff" for statement in statements)


def _unique(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(citations))


def _with_note(part: Part, note: str) -> Part:
    return replace(part, notes=(*part.notes, note))


def _text(wording: Wording, parts: Sequence[Part]) -> str:
    places = citation_text(_unique(citation for part in parts for citation in part.citations))
    return "\n".join((*(part.text for part in parts), wording.sentences["citations"].format(places=places)))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes parts about one operation or topic for one reader and one day."""

    wording: Wording
    name: str
    place: Citation
    role: Role
    on: date

    def aspect(self, entry: Operation, aspect: Aspect, ownership: Ownership | None) -> tuple[Part, ...]:
        """One aspect: a single part, or one for each ownership where they differ and none was named."""
        rules = entry.aspects[aspect]
        if not rules.split or ownership:
            return (self._one(rules, aspect, ownership or "organization"),)
        organization, individual = (self._one(rules, aspect, each) for each in OWNERSHIPS)
        own = rules.on(self.on, "organization")
        if individual.items and own is not None and not own.items:
            # The same list twice is hard to read: the second time it is only pointed at.
            notes = (self.wording.sentences["common_above"], *individual.notes)
            individual = replace(individual, items=(), notes=notes)
        return (organization, individual)

    def overview(self, entry: Operation, ownership: Ownership | None) -> tuple[Part, ...]:
        """The overview with one line for each aspect; of two parts the individual's is only its first sentence."""
        rules = entry.aspects["overview"]
        if not rules.split or ownership:
            each = ownership or "organization"
            return (self._mapped(self._one(rules, "overview", each), entry, each),)
        organization, individual = (self._one(rules, "overview", each) for each in OWNERSHIPS)
        return (self._mapped(organization, entry, "organization"), individual)

    def part(
        self,
        rule: Rule | None,
        subject: str,
        heading: str | None = None,
        common: Sequence[Statement] = (),
        apart: bool = False,
    ) -> Part:
        """What one rule says. `apart`: the common statements are not this reader's own rule, and are titled so."""
        title = self.wording.checklists["common" if apart and common else subject]
        if rule is None:
            return Part(heading, "not_stated", self._sentence("not_in_force", subject), title, (), (), (self.place,))
        lead, rest = rule.lead, common
        if lead is None and common and not apart:
            lead, rest = common[0], common[1:]
        items, remarks = self._visible((*rule.items, *rest)), self._visible(rule.notes)
        lead_hidden = lead is not None and not self._may_read(lead)
        notes = [remark.text for remark in remarks]
        if not lead_hidden and self._hides((*rule.items, *rest, *rule.notes)):
            notes.append(self.wording.sentences["some_staff_only"])
        if rule.status in self.wording.ask:
            notes.append(self.wording.ask[rule.status])
        if lead_hidden:
            first = self.wording.sentences["staff_only"]
        elif lead is not None:
            first = lead.text
        else:
            first = self.wording.gaps[rule.status].format(name=self.name, aspect=self._aspect_name(subject))
        said = (*((lead,) if lead and not lead_hidden else ()), *items, *remarks)
        citations = _unique((*rule.citations, *(c for statement in said for c in statement.citations)))
        return Part(heading, rule.status, first, title, tuple(item.text for item in items), tuple(notes), citations)

    def not_ready(self) -> Part:
        """The part for something whose answers have not been written yet."""
        return Part(None, "partial", self._sentence("not_ready", "overview"), "", (), (), (self.place,))

    def _one(self, rules: AspectRules, aspect: Aspect, ownership: Ownership) -> Part:
        heading = self.wording.ownerships[ownership] if rules.split else None
        apart = rules.split and ownership == "individual"
        return self.part(rules.on(self.on, ownership), aspect, heading, rules.common, apart)

    def _mapped(self, part: Part, entry: Operation, ownership: Ownership) -> Part:
        """The part with a line for each other aspect; what the public rules settle is not said again for each."""
        items, citations = list(part.items), list(part.citations)
        for aspect in RULE_ASPECTS[1:]:
            rules = entry.aspects[aspect]
            rule = rules.on(self.on, ownership)
            if rule and rule.status == "refers_to_public_rules" and rule.lead is None:
                continue
            one = self._one(rules, aspect, ownership)
            items.append(f"{self._aspect_name(aspect)}：{one.lead}")
            citations += one.citations
        return replace(part, items=tuple(items), citations=_unique(citations))

    def _may_read(self, statement: Statement) -> bool:
        return self.role == "staff" or statement.audience == "all"

    def _visible(self, statements: Sequence[Statement]) -> tuple[Statement, ...]:
        return tuple(s for s in statements if s.valid.covers(self.on) and self._may_read(s))

    def _hides(self, statements: Sequence[Statement]) -> bool:
        return any(s.valid.covers(self.on) and not self._may_read(s) for s in statements)

    def _aspect_name(self, subject: str) -> str:
        return self.wording.aspects.get(subject, self.name)

    def _sentence(self, key: str, subject: str) -> str:
        return self.wording.sentences[key].format(name=self.name, aspect=self._aspect_name(subject))
