"""The guard against confident nonsense: from probabilities and evidence to one of six decisions.

A pure function. The rule above all: a message in which nothing of ours is recognised (no wording of the rule base, and
no training utterance close by) never gets a rule answer, however sure the classifier is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from actions.understanding import Alternative, Understanding
from bot.nlu.labels import (
    CHOOSE,
    FALLBACK_INTENT,
    FRAGMENT,
    HANDOFF,
    OTHER_SERVICE,
    OUT_OF_SCOPE,
    OWNERSHIP_INTENT,
    SMALL_TALK,
    TOPIC_INTENT,
    aspect_intent,
    is_answerable,
    operation_of,
    operation_subject,
    topic_of,
    topic_subject,
)
from bot.nlu.terms import Found
from knowledge.identifiers import Aspect, Decision, Ownership

_MOST_OPERATIONS: Final = 3
_MOST_ALTERNATIVES: Final = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When the evidence is enough. They are data: `config.yml` sets them, `docs/` says how they were found."""

    answer_with_term: float
    answer_with_neighbour: float
    neighbour: float
    clarify: float
    alternative: float
    second_operation: float
    second_aspect: float

    @classmethod
    def of(cls, values: Mapping[str, float]) -> "Thresholds":
        """Reads them from configuration.

        Raises `ValueError` for a missing or unknown name, or a value outside 0 to 1.
        """
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            raise ValueError(f"thresholds 应正好有这些项：{'、'.join(sorted(names))}。")
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"thresholds 的 {name} 应是 0 到 1 的数。")
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that is known about one message before deciding."""

    text: str
    subjects: Mapping[str, float]
    aspects: Mapping[Aspect, float]
    terms: Sequence[Found] = ()
    nearest: Mapping[str, float] | None = None
    cued_aspects: tuple[Aspect, ...] = ()
    ownership: Ownership | None = None
    numbers: tuple[str, ...] = ()
    choice: int | None = None
    follow_up: bool = False
    # Something is named that the same words are also said of, and nothing that an operator has to do with.
    foreign: bool = False


def decide(reading: Reading, thresholds: Thresholds) -> Understanding:
    """What the message is taken to say."""
    if not any(map(str.isalnum, reading.text)):
        return _understood(reading, "clarify", 0.0)
    if reading.choice is not None:
        return _understood(reading, "clarify", 1.0, choice=reading.choice)
    if reading.numbers and not _words_beside_numbers(reading.text):
        return _understood(reading, "clarify", 0.0)

    subjects = _without_denied(reading)
    ours = sorted((subject for subject in subjects if is_answerable(subject)), key=lambda one: -subjects[one])
    ours_together = sum(subjects[subject] for subject in ours)
    others = {subject: value for subject, value in subjects.items() if not is_answerable(subject)}
    likeliest_other = max(others, key=lambda one: others[one], default=OUT_OF_SCOPE)
    named = _named(reading.terms)
    supported = [subject for subject in ours if subject in named]

    if likeliest_other == FRAGMENT and others[FRAGMENT] >= ours_together and not named:
        aspects = _aspects(reading, thresholds)
        return _understood(reading, "clarify", others[FRAGMENT], aspects=aspects)
    if supported and sum(subjects[one] for one in supported) >= thresholds.answer_with_term and supported[0] == ours[0]:
        return _answered(reading, subjects, supported, thresholds)
    if ours and _is_close(reading, ours[0], thresholds) and subjects[ours[0]] >= thresholds.answer_with_neighbour:
        return _answered(reading, subjects, [ours[0], *(one for one in supported if one != ours[0])], thresholds)
    if ours_together >= thresholds.clarify and not (reading.foreign and not named):
        alternatives = _alternatives(reading, subjects, ours, thresholds)
        return _understood(
            reading, "clarify", ours_together, aspects=_aspects(reading, thresholds), alternatives=alternatives
        )
    return _not_ours(reading, likeliest_other, others.get(likeliest_other, 0.0), thresholds)


def intent_of(understanding: Understanding) -> str:
    """The Rasa intent that carries an understanding through the dialogue rules."""
    match understanding.decision:
        case "answer":
            return aspect_intent(next(iter(understanding.aspects), None)) if understanding.operations else TOPIC_INTENT
        case "chitchat":
            return understanding.small_talk or FALLBACK_INTENT
        case "clarify":
            return _clarify_intent(understanding)
        case decision:
            return decision


def _clarify_intent(understanding: Understanding) -> str:
    if understanding.choice is not None:
        return CHOOSE
    if understanding.alternatives:
        return FALLBACK_INTENT
    if understanding.aspects:
        return aspect_intent(understanding.aspects[0])
    return OWNERSHIP_INTENT if understanding.ownership else FALLBACK_INTENT


def _words_beside_numbers(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _named(terms: Sequence[Found]) -> set[str]:
    subjects = {"operation": operation_subject, "topic": topic_subject}
    return {subjects[term.kind](term.id) for term in terms if term.asked_for}


def _without_denied(reading: Reading) -> Mapping[str, float]:
    """The subjects without those whose every mention is denied, foreign, or in the past beside a present one."""
    named = _named(reading.terms)
    denied = {
        subject
        for term in reading.terms
        if not term.asked_for and (term.negated or term.foreign or named)
        for subject in (operation_subject(term.id), topic_subject(term.id))
        if subject not in named
    }
    kept = {subject: value for subject, value in reading.subjects.items() if subject not in denied}
    total = sum(kept.values())
    return {subject: value / total for subject, value in kept.items()} if denied and total > 0 else kept


def _is_close(reading: Reading, subject: str, thresholds: Thresholds) -> bool:
    return not reading.foreign and (reading.nearest or {}).get(subject, 0.0) >= thresholds.neighbour


def _answered(
    reading: Reading, subjects: Mapping[str, float], candidates: Sequence[str], thresholds: Thresholds
) -> Understanding:
    best = candidates[0]
    confidence = subjects[best]
    topic = topic_of(best)
    if topic is not None:
        return _understood(reading, "answer", confidence, topic=topic)
    second = [one for one in candidates[1:] if operation_of(one) and subjects[one] >= thresholds.second_operation]
    chosen = [best, *second][:_MOST_OPERATIONS]
    operations = [operation for operation in map(operation_of, chosen) if operation is not None]
    return _understood(
        reading,
        "answer",
        min(1.0, sum(subjects[one] for one in chosen)),
        operations=tuple(_in_reading_order(operations, reading.terms)),
        aspects=_aspects(reading, thresholds),
    )


def _in_reading_order(operations: Sequence[str], terms: Sequence[Found]) -> list[str]:
    if len(operations) < 2:
        return list(operations)
    places = {term.id: term.start for term in reversed(terms) if term.kind == "operation"}
    return sorted(operations, key=lambda one: places.get(one, -1))


def _aspects(reading: Reading, thresholds: Thresholds) -> tuple[Aspect, ...]:
    """The aspects that were expressed, the likeliest first; wishing for a service expresses none."""
    ranked = sorted(reading.aspects, key=lambda one: -reading.aspects[one])
    if not ranked:
        return ()
    first = ranked[0]
    rest = [
        one
        for one in ranked[1:]
        if one != "overview" and one in reading.cued_aspects and reading.aspects[one] >= thresholds.second_aspect
    ]
    if first == "overview":
        return ("overview",) if first in reading.cued_aspects and not rest else tuple(rest)
    return (first, *rest)


def _alternatives(
    reading: Reading, subjects: Mapping[str, float], ours: Sequence[str], thresholds: Thresholds
) -> tuple[Alternative, ...]:
    aspect = next(iter(_aspects(reading, thresholds)), None)
    return tuple(
        Alternative(
            operation=operation_of(subject),
            topic=topic_of(subject),
            aspect=aspect if operation_of(subject) else None,
            confidence=round(subjects[subject], 4),
        )
        for subject in ours[:_MOST_ALTERNATIVES]
        if subjects[subject] >= thresholds.alternative
    )


def _not_ours(reading: Reading, subject: str, confidence: float, thresholds: Thresholds) -> Understanding:
    if subject in SMALL_TALK:
        return _understood(reading, "chitchat", confidence, small_talk=subject)
    if subject == HANDOFF:
        return _understood(reading, "handoff", confidence)
    if subject == OTHER_SERVICE:
        return _understood(reading, "other_service", confidence)
    if subject == FRAGMENT:
        return _understood(reading, "clarify", confidence, aspects=_aspects(reading, thresholds))
    if subject == CHOOSE:
        return _understood(reading, "clarify", confidence)
    return _understood(reading, "out_of_scope", confidence)


def _understood(
    reading: Reading,
    decision: Decision,
    confidence: float,
    *,
    operations: tuple[str, ...] = (),
    aspects: tuple[Aspect, ...] = (),
    topic: str | None = None,
    alternatives: tuple[Alternative, ...] = (),
    small_talk: str | None = None,
    choice: int | None = None,
) -> Understanding:
    return Understanding(
        decision=decision,
        operations=operations,
        aspects=aspects,
        topic=topic,
        ownership=reading.ownership,
        numbers=reading.numbers,
        confidence=round(confidence, 4),
        alternatives=alternatives,
        small_talk=small_talk,
        choice=choice,
        follow_up=reading.follow_up,
    )
