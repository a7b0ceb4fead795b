"""Turns rules into answers: only what was asked, the first line answers, gaps and internal rules are said to be such."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.answers.changes import Successor, changes
from knowledge.answers.model import Answer, Change, Part, citation_text, unique
from knowledge.answers.reader import Reader
from knowledge.facts import show_date
from knowledge.identifiers import OWNERSHIPS, RULE_ASPECTS, Aspect, Audience, Ownership, Role, Status
from knowledge.model import AspectRules, Citation, Documents, Operation, Period, Rule, RuleBase, Statement, Wording

_ALWAYS = Period()
# With these statuses a part that lists nothing only says that there is no answer.
_GAPS: frozenset[Status] = frozenset({"lost", "not_stated", "refers_to_public_rules"})


def answer_operation(
    rules: RuleBase, operation: str, aspect: Aspect, ownership: Ownership | None, role: Role, on: date
) -> Answer:
    """What the rules in force on `on` say of one aspect of an operation.

    Without an ownership, an aspect that differs for organizations and individuals has a part for each.
    Raises `KeyError` for an operation that is not in the rule base.
    """
    entry = rules.operations[operation]
    writer = _Writer(rules.wording, entry.name, entry.citation, Reader(role, on))
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
    return _answer(rules, parts, audience, operation=operation, aspect=aspect, ownership=ownership)


def answer_topic(rules: RuleBase, topic: str, role: Role, on: date) -> Answer:
    """What the rules in force on `on` say of a topic.

    Raises `KeyError` for a topic that is not in the rule base.
    """
    entry = rules.topics[topic]
    writer = _Writer(rules.wording, entry.name, entry.citation, Reader(role, on))
    part = writer.part(entry.rules, "topic") if entry.answered else writer.not_ready()
    return _answer(rules, (part,), "staff" if _all_internal(entry.rules) else "all", topic=topic)


def _answer(
    rules: RuleBase,
    parts: tuple[Part, ...],
    audience: Audience,
    *,
    operation: str | None = None,
    aspect: Aspect | None = None,
    topic: str | None = None,
    ownership: Ownership | None = None,
) -> Answer:
    said_once = _without_doubled_notes(parts)
    citations = _in_order(rules.documents, unique(c for part in parts for c in part.citations))
    places = rules.wording.sentences["citations"].format(places=citation_text(citations))
    text = "\n".join((*(part.text for part in said_once), places))
    return Answer(operation, aspect, topic, ownership, said_once, citations, audience, text, rules.version)


def _without_doubled_notes(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """What two parts end with alike is said once, at the end of the answer."""
    if len(parts) == 1:
        return parts
    first, second = parts
    notes = tuple(note for note in first.notes if note not in second.notes)
    coming = tuple(change for change in first.changes if change not in second.changes)
    return replace(first, notes=notes, changes=coming), second


def _in_order(documents: Documents, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The document and the chapter mentioned first come first; the sections of each stand as they stand in it."""
    titles = list(dict.fromkeys(citation.document for citation in citations))
    chapters = list(dict.fromkeys(map(_chapter, citations)))
    sections = {title: list(documents.by_title[title].sections) for title in titles}

    def place(citation: Citation) -> tuple[int, int, int]:
        position = sections[citation.document].index(citation.section)
        return titles.index(citation.document), chapters.index(_chapter(citation)), position

    return tuple(sorted(citations, key=place))


def _chapter(citation: Citation) -> tuple[str, str]:
    """The chapter of a section: `五` of `五(二)`, `第六条` of `第六条第2项`."""
    return citation.document, re.split(r"\(|(?<=.)第", citation.section, maxsplit=1)[0]


def _all_internal(rules: Sequence[Rule]) -> bool:
    statements = [statement for rule in rules for statement in rule.statements]
    return bool(statements) and all(statement.audience == "staff" for statement in statements)


def _with_note(part: Part, note: str) -> Part:
    return replace(part, notes=(*part.notes, note))


def _says_something(part: Part) -> bool:
    return part.status not in _GAPS or bool(part.items)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes parts about one operation or topic for one reader."""

    wording: Wording
    name: str
    place: Citation
    reader: Reader

    def aspect(self, entry: Operation, aspect: Aspect, ownership: Ownership | None) -> tuple[Part, ...]:
        """One aspect: a single part, or one for each ownership where they differ and none was named."""
        rules = entry.aspects[aspect]
        if not rules.split or ownership:
            return (self._one(rules, aspect, ownership or "organization"),)
        organization, individual = (self._one(rules, aspect, each) for each in OWNERSHIPS)
        if rules.common and aspect != "documents":
            # A list of papers is never pointed at: the organization's must not be taken for an individual's.
            individual = self._pointing(organization, individual)
        return _answering_first(organization, individual)

    def overview(self, entry: Operation, ownership: Ownership | None) -> tuple[Part, ...]:
        """The overview with one line for each aspect; of two parts the second is only its first sentence."""
        rules = entry.aspects["overview"]
        if not rules.split or ownership:
            each = ownership or "organization"
            return (self._mapped(self._one(rules, "overview", each), entry, each),)
        first, second = _answering_first(*(self._one(rules, "overview", each) for each in OWNERSHIPS))
        if second.ownership == "individual":
            second = self._sharing(second, entry)
        return (self._mapped(first, entry, first.ownership or "organization"), second)

    def part(
        self,
        rules: Sequence[Rule],
        subject: str,
        ownership: Ownership | None = None,
        common: Sequence[Statement] = (),
    ) -> Part:
        """What the rule in force says; `ownership` where the rules tell organizations and individuals apart."""
        heading = self.wording.ownerships[ownership] if ownership else None
        # The common statements are not an individual's own rule, and are titled so.
        apart = ownership == "individual"
        title = self.wording.checklists["common" if apart and common else subject]
        rule = next((rule for rule in rules if rule.valid.covers(self.reader.on)), None)
        lead, listed = self._lead(rule, common, apart)
        coming = self._changes(rules, rule, subject, listed, common, apart)
        if rule is None:
            absent = replace(self._absent(rules, subject, title, coming), heading=heading, ownership=ownership)
            return replace(absent, citations=_with_changes(absent.citations, coming))
        items, remarks = self.reader.visible(listed), self.reader.visible(rule.notes)
        lead_hidden = lead is not None and not self.reader.may_read(lead)
        notes = [remark.text for remark in remarks]
        if not lead_hidden and self.reader.misses((*listed, *rule.notes)):
            notes.append(self.wording.sentences["some_staff_only"])
        if rule.status in self.wording.ask:
            notes.append(self.wording.ask[rule.status])
        first = self.wording.sentences["staff_only"] if lead_hidden else self._first(rule, lead, subject)
        said = (*((lead,) if lead and not lead_hidden else ()), *items, *remarks)
        citations = unique((*rule.citations, *(c for statement in said for c in statement.citations)))
        return Part(
            heading=heading,
            status=rule.status,
            lead=first,
            title=title,
            items=tuple(item.text for item in items),
            notes=tuple(notes),
            citations=_with_changes(citations, coming),
            ownership=ownership,
            changes=coming,
        )

    def not_ready(self) -> Part:
        """The part for something whose answers have not been written yet."""
        return Part(None, "partial", self._sentence("not_ready", "overview"), "", (), (), (self.place,))

    def _one(self, rules: AspectRules, aspect: Aspect, ownership: Ownership) -> Part:
        if not rules.split:
            return self.part(rules.by_scope["any"], aspect)
        return self.part(rules.by_scope[ownership], aspect, ownership, rules.common)

    def _lead(
        self, rule: Rule | None, common: Sequence[Statement], apart: bool
    ) -> tuple[Statement | None, tuple[Statement, ...]]:
        """The sentence that answers, and what is listed under it; without one of its own the first common one."""
        if rule is None:
            return None, ()
        if rule.lead is None and common and not apart:
            return common[0], (*rule.items, *common[1:])
        return rule.lead, (*rule.items, *common)

    def _first(self, rule: Rule, lead: Statement | None, subject: str) -> str:
        if lead is not None:
            return lead.text
        return self.wording.gaps[rule.status].format(name=self.name, aspect=self._aspect_name(subject))

    def _absent(self, rules: Sequence[Rule], subject: str, title: str, coming: Sequence[Change]) -> Part:
        """The part for a day on which no rule is in force: one has ended, or one has not begun yet, or both."""
        ended = self.reader.last_ended(rules)
        later = self.reader.later(rules)
        if ended and ended.valid.end:
            lead = self._sentence("ended", subject, ended.valid.end)
        elif later and later[0].valid.start:
            lead = self._sentence("not_begun", subject, later[0].valid.start)
        else:
            lead = self._sentence("not_in_force", subject)
        citations = unique((self.place, *(ended.citations if ended else ())))
        return Part(None, "not_stated", lead, title, (), (), citations, changes=tuple(coming))

    def _changes(
        self,
        rules: Sequence[Rule],
        current: Rule | None,
        subject: str,
        listed: Sequence[Statement],
        common: Sequence[Statement],
        apart: bool,
    ) -> tuple[Change, ...]:
        statements = (*listed, *current.notes) if current else ()
        if all(valid == _ALWAYS for valid in (*(rule.valid for rule in rules), *(s.valid for s in statements))):
            return ()
        what = self.wording.aspects.get(subject, self.name)
        successors = [self._successor(rule, subject, common, apart) for rule in self.reader.later(rules)]
        return changes(self.wording, self.reader, what, current, statements, successors)

    def _successor(self, rule: Rule, subject: str, common: Sequence[Statement], apart: bool) -> Successor:
        lead, _ = self._lead(rule, common, apart)
        if lead is not None and not self.reader.may_read(lead):
            return Successor(rule, None, (), rule.citations)
        items = Reader(self.reader.role, rule.valid.start or self.reader.on).visible(rule.items)
        said = (*((lead,) if lead else ()), *items)
        citations = unique((*rule.citations, *(c for statement in said for c in statement.citations)))
        return Successor(rule, self._first(rule, lead, subject), items, citations)

    def _pointing(self, organization: Part, individual: Part) -> Part:
        """The individual's part without a list that has just been read: it is pointed at instead."""
        listed, shown = individual.items, organization.items
        if not listed:
            return individual
        if listed in (shown, (organization.lead, *shown)):
            pointer = self.wording.sentences["common_above"]
        elif shown[-len(listed) :] == listed:
            pointer = self.wording.sentences["common_last"].format(count=len(listed))
        else:
            return individual
        return replace(individual, items=(), notes=(pointer, *individual.notes))

    def _sharing(self, individual: Part, entry: Operation) -> Part:
        """An individual is told which of the lines above do not tell organizations and individuals apart."""
        shared = [
            self._aspect_name(aspect)
            for aspect, rules in entry.aspects.items()
            if not rules.split and (rule := rules.on(self.reader.on, "individual")) and rule.status == "stated"
        ]
        if not shared:
            return individual
        pointer = self.wording.sentences["shared_above"].format(aspects="、".join(shared))
        return replace(individual, notes=(pointer, *individual.notes))

    def _mapped(self, part: Part, entry: Operation, ownership: Ownership) -> Part:
        """The part with a line for each other aspect; what the public rules settle is not said again for each."""
        lines: dict[str, list[str]] = {}
        citations, coming = list(part.citations), list(part.changes)
        for aspect in RULE_ASPECTS[1:]:
            rules = entry.aspects[aspect]
            rule = rules.on(self.reader.on, ownership)
            if rule and rule.status == "refers_to_public_rules" and rule.lead is None:
                continue
            one = self._one(rules, aspect, ownership)
            lines.setdefault(self._in_short(one, aspect), []).append(self._aspect_name(aspect))
            citations += one.citations
            coming += one.changes
        # Aspects with the same gap share a line.
        items = (*part.items, *(f"{'、'.join(names)}：{said}" for said, names in lines.items()))
        coming.sort(key=lambda change: change.start)
        return replace(part, items=items, citations=unique(citations), changes=tuple(dict.fromkeys(coming)))

    def _in_short(self, part: Part, aspect: Aspect) -> str:
        """The first sentence of an aspect as a line of the overview; a gap in its common wording is said in short."""
        gap = self.wording.gaps.get(part.status)
        if gap and part.lead == gap.format(name=self.name, aspect=self._aspect_name(aspect)):
            return self.wording.sentences[f"overview_{part.status}"]
        return part.lead

    def _aspect_name(self, subject: str) -> str:
        return self.wording.aspects.get(subject, self.wording.sentences["topic_content"])

    def _sentence(self, key: str, subject: str, day: date | None = None) -> str:
        shown = show_date(day) if day else ""
        return self.wording.sentences[key].format(name=self.name, aspect=self._aspect_name(subject), day=shown)


def _with_changes(citations: tuple[Citation, ...], coming: Iterable[Change]) -> tuple[Citation, ...]:
    return unique((*citations, *(c for change in coming for c in change.citations)))


def _answering_first(organization: Part, individual: Part) -> tuple[Part, Part]:
    """The part that answers comes first; the organization's unless only the individual's does."""
    if _says_something(individual) and not _says_something(organization):
        return individual, organization
    return organization, individual
