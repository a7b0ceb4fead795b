"""Whether confidence means what it says: how often what was said with some confidence is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.nlu.assessment.cases import Case

_BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """One statement: how sure it was, and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Statements of about the same confidence."""

    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """What happens where only answers from some confidence on are given."""

    threshold: float
    covered: float
    accuracy: float


def answers(cases: Sequence[Case]) -> list[Judged]:
    """The rule answers; one that nobody asked for is not right."""
    return [
        Judged(case.got.confidence, case.outcome in ("right", "quiet"))
        for case in cases
        if case.got.decision == "answer"
    ]


def refusals(cases: Sequence[Case]) -> list[Judged]:
    """The messages that were taken for none of our rules; right where they are none."""
    refused = ("other_service", "out_of_scope", "chitchat", "handoff")
    return [Judged(case.got.confidence, not case.gold.answerable) for case in cases if case.got.decision in refused]


def bins(judged: Sequence[Judged]) -> list[Bin]:
    """The statements in steps of a tenth of confidence; steps without any are left out."""
    steps: dict[int, list[Judged]] = {}
    for one in judged:
        steps.setdefault(min(int(one.confidence * _BINS), _BINS - 1), []).append(one)
    return [
        Bin(len(step), sum(one.confidence for one in step) / len(step), sum(one.right for one in step) / len(step))
        for _, step in sorted(steps.items())
    ]


def calibration_error(judged: Sequence[Judged]) -> float | None:
    """The expected calibration error: how far confidence is from the share of right ones, on average."""
    if not judged:
        return None
    return sum(one.count * abs(one.confidence - one.right) for one in bins(judged)) / len(judged)


def coverage(cases: Sequence[Case]) -> list[Coverage]:
    """Accuracy of the answers against the share of answerable questions that get one, from the surest answer on.

    Messages that are asked back count with their first choice, so the curve goes on beyond the answers given today.
    """
    answerable = sum(case.gold.answerable for case in cases)
    if not answerable:
        return []
    found: list[Coverage] = []
    right = covered = 0
    for given, (case, confidence) in enumerate(_surest_first(cases), start=1):
        right += _would_be_right(case)
        covered += case.gold.answerable
        found.append(Coverage(confidence, covered / answerable, right / given))
    return found


def _surest_first(cases: Sequence[Case]) -> list[tuple[Case, float]]:
    answered = [(case, case.got.confidence) for case in cases if case.got.decision == "answer"]
    asked = [(case, case.got.alternatives[0].confidence) for case in cases if case.got.alternatives]
    # A choice is offered where an answer was not sure enough.
    return sorted(answered, key=lambda one: -one[1]) + sorted(asked, key=lambda one: -one[1])


def _would_be_right(case: Case) -> bool:
    if case.got.decision == "answer":
        return case.outcome in ("right", "quiet")
    first = case.got.alternatives[0]
    return (first.operation or first.topic) in case.gold.subjects
