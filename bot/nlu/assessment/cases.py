"""Labelled questions with what was understood of them, and the kinds of error there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from actions.understanding import Understanding
from bot.nlu.evaluation import Labelled, Outcome, is_exact

ErrorKind = Literal["wrong", "asked_back", "refused", "false", "aspect", "partial"]
ERROR_KINDS: Final[dict[ErrorKind, str]] = {
    "wrong": "答成了别的业务",
    "asked_back": "问得清楚却反问",
    "refused": "没有答上",
    "false": "没人问的规则答案",
    "aspect": "业务对，方面不对",
    "partial": "一次问几样，只答到一部分",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One question and how it ended."""

    gold: Labelled
    got: Understanding
    outcome: Outcome

    @property
    def taken_for(self) -> str:
        """What the question was taken to be about; where nothing was answered, the decision."""
        if self.got.decision != "answer":
            return self.got.decision
        return next(iter(self.got.operations), None) or self.got.topic or self.got.decision

    @property
    def aspect(self) -> str:
        """The aspect that was answered; a bare name asks for the overview."""
        return next(iter(self.got.aspects), "overview")

    @property
    def error(self) -> ErrorKind | None:
        """The kind of error, if it is one."""
        if self.outcome in ("wrong", "false"):
            return "wrong" if self.gold.answerable else "false"
        if self.outcome in ("offered", "refused"):
            return "asked_back" if self.got.decision == "clarify" else "refused"
        if self.outcome == "right" and not is_exact(self.gold, self.got, self.outcome):
            return "aspect"
        return "partial" if self.outcome == "right" and not self.gold.found_all(self.got) else None


def errors_by_kind(cases: Sequence[Case]) -> dict[ErrorKind, list[Case]]:
    """The errors of each kind that occurs; within a kind, equal confusions stand together."""
    found: dict[ErrorKind, list[Case]] = {kind: [] for kind in ERROR_KINDS}
    for case in cases:
        if case.error:
            found[case.error].append(case)
    return {
        kind: sorted(errors, key=lambda case: (case.gold.label, case.taken_for))
        for kind, errors in found.items()
        if errors
    }
