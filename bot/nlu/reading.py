"""Everything that is known about one message before it is decided what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.nlu.labels import operation_subject, topic_subject
from bot.nlu.terms import Found
from knowledge.identifiers import Aspect, Ownership


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that is known about one message before deciding."""

    text: str
    subjects: Mapping[str, float]
    aspects: Mapping[Aspect, float]
    terms: Sequence[Found] = ()
    nearest: Mapping[str, float] | None = None
    cued_aspects: tuple[Aspect, ...] = ()
    # Where the words stand that ask for aspects.
    aspect_places: Sequence[tuple[int, Aspect]] = ()
    # The clauses that ask, from where to where, and for which aspect.
    questions: Sequence[tuple[int, int, Aspect]] = ()
    # Nothing is said but a question about something that was said before.
    only_asks: bool = False
    ownership: Ownership | None = None
    numbers: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    other_number: bool = False
    permission: bool = False
    choice: int | None = None
    follow_up: bool = False
    # Something is named that the same words are also said of, and nothing that an operator has to do with.
    foreign: bool = False
    # The operations that a word or two may mean, where the message is nothing else.
    half_said: tuple[str, ...] = ()


def asks_for(terms: Sequence[Found]) -> bool:
    """Whether any of the terms is asked for: not denied, not done before, not said of a foreign thing."""
    return any(term.asked_for for term in terms)


def named_subjects(terms: Sequence[Found]) -> set[str]:
    """The subjects that a message names and asks for."""
    subjects = {"operation": operation_subject, "topic": topic_subject}
    return {subjects[term.kind](term.id) for term in terms if term.asked_for}


def without_denied(reading: Reading) -> Mapping[str, float]:
    """The subjects without those whose every mention is denied, foreign, or in the past beside a present one."""
    named = named_subjects(reading.terms)
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
