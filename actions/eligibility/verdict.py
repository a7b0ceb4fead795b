"""The verdict on one number: every condition with its state, facts and wording, and what follows from them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from actions.accounts.facts import AccountFacts, Fact
from actions.eligibility.assume import with_assumptions
from actions.eligibility.evaluator import CANCELLED, Outcome, Status, evaluate, scope_of
from actions.eligibility.reads import facts_read
from actions.eligibility.sentences import FactDetails, Sentences, fact_details, fact_text
from actions.eligibility.timeline import Earliest, clears_on, earliest
from actions.eligibility.wording import say
from actions.identity import mask_number
from knowledge.conditions import Condition, Notice, OperationRules, RemedyBy
from knowledge.facts import FactSpec, Value, show_date
from knowledge.identifiers import Audience, Role
from knowledge.model import Citation
from knowledge.predicates import AllOf, NoneOrPassed, SilentUnless, Truth, Values, facts_of

State = Literal["met", "unmet", "unknown"]
_STATES: Final[Mapping[Truth, State]] = {True: "met", False: "unmet", None: "unknown"}


@dataclass(frozen=True, slots=True)
class RemedyResult:
    """What makes an unmet condition met; `clears_on` where time alone does."""

    by: RemedyBy
    text: str
    clears_on: date | None


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """One condition for one number; `facts` are those it reads, with their sources and times."""

    id: str
    state: State
    citation: Citation
    requirement: str
    text: str
    facts: Mapping[str, Fact]
    remedy: RemedyResult | None


@dataclass(frozen=True, slots=True)
class NoticeResult:
    """Something else that happens with the operation."""

    id: str
    citation: Citation
    text: str
    audience: Audience


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict, with the wording for the role that asked."""

    number: str
    operation: str
    name: str
    on: date
    role: Role
    status: Status
    applies: Truth
    title: str
    # Why it does not apply, or why it is not known whether it does; empty where it applies.
    scope_text: str
    # Where it stands to which numbers the operation applies; None where nothing but a cancelled number is left out.
    scope_citation: Citation | None
    # What has to hold for it to apply: where it does not, only that which fails.
    scope_requirement: str
    # The facts that decide it; none where the rules apply it to no number at all.
    scope_facts: Mapping[str, Fact]
    # Those of them that the rules of this operation name: not the status that only tells a cancelled number.
    scope_reads: tuple[str, ...]
    conditions: tuple[ConditionResult, ...]
    earliest: Earliest
    steps: tuple[str, ...]
    notices: tuple[NoticeResult, ...]
    assumptions: Mapping[str, Value]
    values: Values
    # Every fact that the rules of the operation read, with its source.
    facts: Mapping[str, Fact]
    specs: Mapping[str, FactSpec]

    @property
    def masked_number(self) -> str:
        """The number fit for display."""
        return mask_number(self.number)

    @property
    def blockers(self) -> tuple[ConditionResult, ...]:
        """The conditions that are known not to be met."""
        return tuple(condition for condition in self.conditions if condition.state == "unmet")

    @property
    def unknowns(self) -> tuple[ConditionResult, ...]:
        """The conditions that could not be decided."""
        return tuple(condition for condition in self.conditions if condition.state == "unknown")

    @property
    def text(self) -> str:
        """The whole verdict in Chinese: for staff every condition, for a customer only what stands in the way."""
        lines = [self.title]
        if self.role == "staff":
            lines += self._staff_lines()
        shown = (*self.blockers, *self.unknowns)
        lines += [f"· {condition.text}" for condition in shown]
        if self.scope_text and self.applies is None:
            lines.append(f"· {self.scope_text}")
        if self.steps:
            lines += [say("steps_heading"), *(f"{number}. {step}" for number, step in enumerate(self.steps, 1))]
        notice_key = "staff_notice" if self.role == "staff" else "notice"
        lines += [say(notice_key, text=notice.text, citation=notice.citation) for notice in self.notices]
        if self.assumptions:
            told = (
                say("assumption", label=self.specs[fact].label, value=self.specs[fact].show(value))
                for fact, value in self.assumptions.items()
            )
            lines.append(say("assumed", assumptions="；".join(told)))
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """The JSON form of the command line contract; the number is masked."""
        return {
            "number": self.masked_number,
            "operation": self.operation,
            "on": self.on.isoformat(),
            "status": self.status,
            "title": self.title,
            "applies": {
                "state": _STATES[self.applies],
                "text": self.scope_text,
                "citation": self.scope_citation and _citation_json(self.scope_citation),
                "requirement": self.scope_requirement,
                "facts": self._facts_json(dict.fromkeys(self.scope_reads)),
                "fact_details": self._details(self.scope_facts),
            },
            "conditions": [self._condition_json(condition) for condition in self.conditions],
            "blockers": [condition.id for condition in self.blockers],
            "unknowns": [condition.id for condition in self.unknowns],
            "earliest": {"date": _iso(self.earliest.day), "certain": self.earliest.certain},
            "steps": list(self.steps),
            "notices": [notice.text for notice in self.notices],
            "notice_citations": [_citation_json(notice.citation) for notice in self.notices],
            "notice_audiences": [notice.audience for notice in self.notices],
            "assumptions": self._facts_json(self.assumptions),
            "text": self.text,
        }

    def _condition_json(self, condition: ConditionResult) -> dict[str, Any]:
        remedy = condition.remedy
        return {
            "id": condition.id,
            "state": condition.state,
            "citation": _citation_json(condition.citation),
            "facts": self._facts_json(condition.facts),
            "fact_details": self._details(condition.facts),
            "requirement": condition.requirement,
            "text": condition.text,
            "remedy": remedy and {"by": remedy.by, "text": remedy.text, "clears_on": _iso(remedy.clears_on)},
        }

    def _facts_json(self, names: Mapping[str, object]) -> dict[str, Any]:
        return {name: self.specs[name].to_json(self.values.get(name)) for name in names}

    def _staff_lines(self) -> Iterator[str]:
        if self.scope_facts:
            yield self._staff_line(_STATES[self.applies], self.scope_requirement, self.scope_citation, self.scope_facts)
        for condition in self.conditions:
            yield self._staff_line(condition.state, condition.requirement, condition.citation, condition.facts)

    def _staff_line(self, state: State, requirement: str, citation: Citation | None, facts: Mapping[str, Fact]) -> str:
        return say(
            "staff_condition" if citation else "staff_condition_uncited",
            state=say(f"state_{state}"),
            requirement=requirement,
            citation=citation,
            facts="；".join(map(fact_text, self._details(facts))) or say("no_facts"),
        )

    def _details(self, facts: Mapping[str, Fact]) -> list[FactDetails]:
        return [fact_details(self.specs[name], fact, self.values.get(name)) for name, fact in facts.items()]


def check(
    rules: OperationRules,
    account: AccountFacts,
    on: date,
    *,
    role: Role = "staff",
    assumed: Mapping[str, Value] | None = None,
) -> Verdict:
    """The verdict on one number for one operation on one day, as if the assumed facts were so."""
    assumed = assumed or {}
    account = with_assumptions(account, assumed)
    values = account.values()
    outcome = evaluate(rules, values, on)
    first_day = earliest(rules, values, on, outcome)
    sentences = Sentences(values, rules.facts, on)
    conditions = tuple(
        _condition(condition, truth, account, sentences)
        for condition, truth in zip(rules.conditions_on(on), outcome.truths, strict=False)
    )
    scope_text = _scope_text(rules, outcome, sentences)
    return Verdict(
        number=account.number,
        operation=rules.operation,
        name=rules.name,
        on=on,
        role=role,
        status=outcome.status,
        applies=outcome.applies,
        title=_title(rules, outcome, first_day, account.number, on, scope_text),
        scope_text=scope_text,
        scope_citation=rules.scope.citation if rules.scope and CANCELLED.holds(values, on) is not True else None,
        scope_requirement=_scope_requirement(rules, outcome, values, on),
        scope_facts={} if rules.never_applies else {name: account.fact(name) for name in facts_of(scope_of(rules))},
        scope_reads=tuple(facts_of(rules.scope.require)) if rules.scope else (),
        conditions=conditions,
        earliest=first_day,
        steps=_steps(rules, outcome, first_day, sentences),
        notices=_notices(rules, outcome, sentences, role),
        assumptions=assumed,
        values=values,
        facts={name: account.fact(name) for name in facts_read(rules)},
        specs=rules.facts,
    )


def _condition(condition: Condition, truth: Truth, account: AccountFacts, sentences: Sentences) -> ConditionResult:
    require, values, on = condition.require, sentences.values, sentences.on
    silent = isinstance(require, SilentUnless) and require.child.holds(values, on) is False
    not_known = condition.silent if silent else condition.unknown
    remedy = None
    if truth is False and condition.remedy is not None:
        day = clears_on(condition, values, on) if condition.remedy.by == "time" else None
        text = sentences.fill(condition.remedy.told(values), require, clears_on=show_date(day) if day else "")
        remedy = RemedyResult(condition.remedy.by, text, day)
    return ConditionResult(
        id=condition.id,
        state=_STATES[truth],
        citation=condition.citation,
        requirement=condition.requirement,
        text=sentences.fill({True: condition.requirement, False: condition.unmet, None: not_known}[truth], require),
        facts={name: account.fact(name) for name in facts_of(require)},
        remedy=remedy,
    )


def _scope_text(rules: OperationRules, outcome: Outcome, sentences: Sentences) -> str:
    if outcome.applies is True:
        return ""
    if rules.never_applies:
        return rules.never_applies
    if CANCELLED.holds(sentences.values, sentences.on) is True:
        return say("cancelled")
    scope = rules.scope
    if outcome.applies is False and scope:
        return sentences.fill(scope.otherwise, scope.require)
    if scope is None or scope.require.holds(sentences.values, sentences.on) is True:
        return say("status_unknown")
    return sentences.fill(scope.unknown, scope.require)


def _scope_requirement(rules: OperationRules, outcome: Outcome, values: Values, on: date) -> str:
    scope = rules.scope
    if scope is None or CANCELLED.holds(values, on) is True:
        return say("not_cancelled")
    if outcome.applies is False:
        return scope.requirement
    return say("in_scope", requirement=scope.requirement)


def _title(rules: OperationRules, outcome: Outcome, first_day: Earliest, number: str, on: date, scope_text: str) -> str:
    key: str = outcome.status
    if rules.never_applies:
        key = "never_applies"
    elif key == "blocked" and first_day.day is None:
        key = "blocked_for_good"
    return say(key, number=mask_number(number), name=rules.name, day=show_date(on), reason=scope_text)


def _steps(rules: OperationRules, outcome: Outcome, first_day: Earliest, sentences: Sentences) -> tuple[str, ...]:
    """The customer's actions in order, then the date; nothing where no action leads anywhere."""
    on, day = sentences.on, first_day.day
    if outcome.status != "blocked" or day is None:
        return ()
    # What will only be demanded by then is to be done too.
    standing = [c for c in rules.conditions if c.valid.covers(on) or c.valid.covers(day)]
    actions = [
        sentences.fill(condition.remedy.told(sentences.values), condition.require)
        for condition in standing
        if condition.remedy is not None
        and condition.remedy.by == "customer"
        and condition.require.holds(sentences.values, on) is False
    ]
    key = "step_if_confirmed" if not first_day.certain else "step_today" if day == on else "step_later"
    return (*dict.fromkeys(actions), say(key, day=show_date(day), name=rules.name))


def _notices(rules: OperationRules, outcome: Outcome, sentences: Sentences, role: Role) -> tuple[NoticeResult, ...]:
    if outcome.applies is False and not rules.never_applies:
        return ()
    return tuple(
        NoticeResult(notice.id, notice.citation, _notice_text(notice, sentences), notice.audience)
        for notice in rules.notices
        if notice.when.holds(sentences.values, sentences.on) is True and (role == "staff" or notice.audience == "all")
    )


def _notice_text(notice: Notice, sentences: Sentences) -> str:
    last_day = notice.deadline.day(sentences.values) if notice.deadline else None
    if notice.deadline is None or last_day is None:
        return sentences.fill(notice.text, notice.when)
    after = AllOf((notice.when, NoneOrPassed(notice.deadline.after)))
    return sentences.fill(notice.deadline.text, after, deadline=show_date(last_day))


def _citation_json(citation: Citation) -> dict[str, str]:
    return {"document": citation.document, "section": citation.section}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
