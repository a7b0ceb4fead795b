"""What a way of understanding says of a message, before and after a threshold."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

from actions.understanding import Alternative, Understanding
from benchmarks.nlu_compare.data import decision_of
from bot.nlu.evaluation import Labelled, Tally
from bot.nlu.labels import SMALL_TALK, is_answerable, operation_of, topic_of
from knowledge.identifiers import Aspect

# As intents of a stock assistant: what it is about and what is asked of it in one name.
_JOIN: Final = "+"
# What stock assistants ask of their fallback.
FALLBACK: Final = 0.7
_CHOICES: Final = 3
THRESHOLDS: Final = (*(round(step / 20, 2) for step in range(1, 20)), 0.97, 0.99)


class Judgement(Protocol):
    """What was understood of one message, still without a threshold."""

    def given(self) -> Understanding:
        """As the way is meant to be used, with its own thresholds."""

    def at(self, threshold: float) -> Understanding:
        """With this confidence asked for."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a message."""

    subject: str
    aspect: Aspect | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Guess:
    """The readings of a message, the likeliest first, as any classifier gives them."""

    candidates: tuple[Candidate, ...]
    threshold: float

    @classmethod
    def of_intents(cls, ranking: Iterable[tuple[str, float]], threshold: float) -> "Guess":
        """From a ranking of intents that `intent` named."""
        return cls(tuple(Candidate(*_labels(name), confidence) for name, confidence in ranking), threshold)

    @classmethod
    def of_heads(
        cls, subjects: Mapping[str, float], aspects: Mapping[Aspect, float], threshold: float, ranked: int = 10
    ) -> "Guess":
        """From one classifier for what a message is about and one for what it asks."""
        aspect = max(aspects, key=lambda one: aspects[one], default=None)
        ranking = sorted(subjects, key=lambda one: -subjects[one])[:ranked]
        return cls(
            tuple(Candidate(one, aspect if operation_of(one) else None, subjects[one]) for one in ranking), threshold
        )

    def given(self) -> Understanding:
        """With the threshold that the way comes with, which is asked of the likeliest reading alone."""
        return self._understood(self.candidates, self.threshold)

    def at(self, threshold: float) -> Understanding:
        """With this confidence asked for, the readings about the same subject taken together."""
        return self._understood(self._pooled(), threshold)

    def _pooled(self) -> list[Candidate]:
        pooled: dict[str, Candidate] = {}
        for one in self.candidates:
            best = pooled.get(one.subject)
            together = one.confidence + (best.confidence if best else 0.0)
            pooled[one.subject] = Candidate(one.subject, best.aspect if best else one.aspect, together)
        return sorted(pooled.values(), key=lambda one: -one.confidence)

    def _understood(self, candidates: Sequence[Candidate], threshold: float) -> Understanding:
        if not candidates or candidates[0].confidence < threshold:
            return Understanding("clarify", alternatives=_alternatives(candidates))
        best = candidates[0]
        operation, topic = operation_of(best.subject), topic_of(best.subject)
        return Understanding(
            decision=decision_of(best.subject),
            operations=(operation,) if operation else (),
            aspects=(best.aspect,) if best.aspect else (),
            topic=topic,
            confidence=round(best.confidence, 4),
            small_talk=best.subject if best.subject in SMALL_TALK else None,
        )


def intent(subject: str, aspect: str | None) -> str:
    """The one name under which a stock assistant would file an utterance."""
    return f"{subject}{_JOIN}{aspect}" if aspect else subject


def tally(questions: Sequence[Labelled], answers: Iterable[Understanding]) -> Tally:
    """The outcomes of questions."""
    result = Tally()
    for question, answer in zip(questions, answers, strict=True):
        result.add(question, answer)
    return result


def figures(questions: Sequence[Labelled], judgements: Sequence[Judgement]) -> dict[str, object]:
    """The figures as the way is given, and at each threshold."""
    keys = ("right", "right_and_aspect", "offered", "wrong", "refused", "false_answers", "decision_right_when_quiet")

    def measured(answer: Callable[[Judgement], Understanding]) -> dict[str, float | None]:
        summary = tally(questions, map(answer, judgements)).summary()
        return {key: summary[key] for key in keys}

    return {
        "questions": len(questions),
        "answerable": sum(question.answerable for question in questions),
        "given": measured(lambda one: one.given()),
        "at": {str(level): measured(lambda one, level=level: one.at(level)) for level in THRESHOLDS},
    }


def _labels(name: str) -> tuple[str, Aspect | None]:
    subject, _, aspect = name.partition(_JOIN)
    return subject, cast(Aspect, aspect) if aspect else None


def _alternatives(candidates: Sequence[Candidate]) -> tuple[Alternative, ...]:
    """The first choices that a fallback can offer: of ours, each once."""
    ours: dict[str, Candidate] = {}
    for one in candidates:
        if is_answerable(one.subject):
            ours.setdefault(one.subject, one)
    return tuple(
        Alternative(operation_of(one.subject), topic_of(one.subject), one.aspect, round(one.confidence, 4))
        for one in list(ours.values())[:_CHOICES]
    )
