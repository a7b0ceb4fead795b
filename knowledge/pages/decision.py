"""How an operation is judged, as its picture shows it: the scope, every condition, what comes of them, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.conditions import Condition, OperationRules
from knowledge.facts import FactSpec
from knowledge.model import Period
from knowledge.pages.render import in_words, period_in_words
from knowledge.pages.spoken import pieces
from knowledge.predicates import Lost, can_be_false
from knowledge.yaml_source import read_yaml

_FILE: Final = Path(__file__).with_suffix(".yml")


@cache
def wording() -> Mapping[str, Any]:
    """The words of the picture, by key."""
    return dict(read_yaml(_FILE))


@dataclass(frozen=True, slots=True)
class Step:
    """One condition as the picture shows it; `tone` names what happens where it does not hold.

    `period` says when it counts; empty where it always does.
    """

    requirement: str
    citation: str
    period: str
    tone: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of the conditions: when, and what then; `possible` is false for one that is never reached."""

    status: str
    when: str
    then: str
    possible: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that stands in the picture."""

    operation: str
    title: str
    scope: str
    # Where it stands; empty where the rules leave no number out.
    scope_citation: str
    # What stands between the scope and the conditions.
    each: str
    steps: tuple[Step, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def words(self) -> str:
        """The same in words, for those who do not see it."""
        say = wording()
        cited = say["words"]["scope"] if self.scope_citation else say["words"]["scope_uncited"]
        told = [cited.format(scope=self.scope, citation=self.scope_citation), f"{self.each}。"]
        told += [
            say["words"]["condition"].format(
                number=number,
                requirement=one.requirement,
                place="，".join(filter(None, (one.citation, one.period))),
                heading=one.heading,
                text=one.text,
            )
            for number, one in enumerate(self.steps, 1)
        ]
        told += [
            say["words"]["outcome"].format(when=one.when, then=one.then if one.possible else say["never_allowed"])
            for one in self.outcomes
        ]
        return "".join(told)


def decision_of(rules: OperationRules) -> Decision | None:
    """What the picture of an operation shows; None where nothing depends on the account."""
    if rules.never_applies:
        return None
    say = wording()
    lost = any(isinstance(one.require, Lost) and one.valid == Period() for one in rules.conditions)
    barred = any(can_be_false(condition.require) for condition in rules.conditions)
    when = say["when"] if barred else say["when_never_blocked"] if rules.conditions else say["when_no_conditions"]
    scope = say["in_scope"].format(scope=in_words(rules.scope.require, rules.facts)) if rules.scope else say["anything"]
    return Decision(
        operation=rules.operation,
        title=say["title"].format(name=rules.name),
        scope=scope,
        scope_citation=str(rules.scope.citation) if rules.scope else "",
        each=say["each"] if rules.conditions else say["no_conditions"],
        steps=tuple(_step(condition, rules.facts) for condition in rules.conditions),
        outcomes=tuple(
            Outcome(status, text, say["outcomes"][status], status != "allowed" or not lost)
            for status, text in when.items()
        ),
    )


def _step(condition: Condition, facts: Mapping[str, FactSpec]) -> Step:
    say = wording()
    if isinstance(condition.require, Lost):
        tone, text = "lost", say["lost_text"]
    elif not can_be_false(condition.require):
        tone, text = "silent", say["silent_text"]
    elif condition.remedy is None:
        tone, text = "blocks", ""
    else:
        tone, text = condition.remedy.by, _filled(condition.remedy.text, facts)
    dated = condition.valid != Period()
    period = say["period"].format(period=period_in_words(condition.valid)) if dated else ""
    return Step(condition.requirement, str(condition.citation), period, tone, say[tone], text)


def _filled(text: str, facts: Mapping[str, FactSpec]) -> str:
    """The sentence with the names of what will be filled in."""
    say = wording()
    return "".join(
        say["placeholder"].format(label=say["placeholders"].get(piece.text, piece.text))
        if piece.placeholder
        else piece.text.strip(" ")
        for piece in pieces(text, facts)
    )
