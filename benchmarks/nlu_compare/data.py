"""What is learnt from and what is asked: shares and folds of our utterances, files of labelled questions."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import ceil
from pathlib import Path
from typing import Final

from actions.settings import settings
from bot.nlu.assessment.diversity import Utterance, near_pairs, utterances
from bot.nlu.evaluation import Labelled, labelled
from bot.nlu.labels import (
    CHOOSE,
    FRAGMENT,
    HANDOFF,
    OTHER_SERVICE,
    SMALL_TALK,
    is_answerable,
    operation_of,
    topic_of,
)
from knowledge.identifiers import Decision

FOLDS: Final = 3
SHARES: Final = {"eighth": Fraction(1, 8), "quarter": Fraction(1, 4), "half": Fraction(1, 2), "full": Fraction(1)}
FOLD_NAMES: Final = tuple(f"fold{number}" for number in range(1, FOLDS + 1))
# Utterances that share at least this share of their pairs of characters stay in one fold.
_NEAR: Final = 0.5


@dataclass(frozen=True, slots=True)
class Split:
    """What is learnt from, and what of our own utterances is asked (nothing, where all or a share are learnt)."""

    learnt: tuple[Utterance, ...]
    asked: tuple[Labelled, ...] = ()


@cache
def all_utterances() -> tuple[Utterance, ...]:
    """Our utterances; the same written twice counts once."""
    found = {utterance.text: utterance for utterance in reversed(utterances(settings().pack / "data" / "nlu"))}
    return tuple(sorted(found.values(), key=lambda one: (one.file, one.subject, one.aspect or "", one.text)))


def split(name: str) -> Split:
    """The split of this name: a share (`eighth` … `full`) or a fold (`fold1` …)."""
    if name in SHARES:
        return Split(tuple(_share(all_utterances(), SHARES[name])))
    number = FOLD_NAMES.index(name)
    folds = _folds()
    learnt = [one for one, fold in zip(all_utterances(), folds, strict=True) if fold != number]
    asked = [one for one, fold in zip(all_utterances(), folds, strict=True) if fold == number]
    return Split(tuple(learnt), tuple(map(question_of, asked)))


def question_of(utterance: Utterance) -> Labelled:
    """An utterance as a labelled question."""
    answerable = is_answerable(utterance.subject)
    named = operation_of(utterance.subject) or topic_of(utterance.subject)
    decision = decision_of(utterance.subject)
    return Labelled(
        text=utterance.written,
        answerable=answerable,
        label=named or decision,
        subjects=frozenset([named] if named else []),
        aspects=frozenset([utterance.aspect] if utterance.aspect and answerable else []),
        decisions=frozenset([decision]),
    )


def decision_of(subject: str) -> Decision:
    """The decision that a message about this subject deserves."""
    if is_answerable(subject):
        return "answer"
    if subject in SMALL_TALK:
        return "chitchat"
    if subject in (FRAGMENT, CHOOSE):
        return "clarify"
    if subject == OTHER_SERVICE:
        return "other_service"
    return "handoff" if subject == HANDOFF else "out_of_scope"


def questions(path: Path) -> list[Labelled]:
    """The labelled questions of a file, in its order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [labelled(json.loads(line)) for line in lines if line.strip()]


@cache
def fingerprint() -> str:
    """A digest of the utterances: results of other utterances are not mixed with these."""
    return hashlib.sha256(repr(all_utterances()).encode()).hexdigest()[:12]


def digest(path: Path) -> str:
    """A digest of a file of questions."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _share(data: Sequence[Utterance], share: Fraction) -> list[Utterance]:
    """This share of every label, at least one utterance of each; a smaller share lies within a larger one."""
    groups: dict[tuple[str, str | None], list[Utterance]] = defaultdict(list)
    for utterance in data:
        groups[utterance.subject, utterance.aspect].append(utterance)
    return [one for group in groups.values() for one in sorted(group, key=_order)[: ceil(len(group) * share)]]


def _order(utterance: Utterance) -> str:
    """A chance order that stays the same when other utterances come or go."""
    return hashlib.sha256(utterance.text.encode()).hexdigest()


@cache
def _folds() -> tuple[int, ...]:
    """The fold of each utterance: every subject in every fold, near-duplicates together."""
    from sklearn.model_selection import StratifiedGroupKFold

    data = all_utterances()
    place = {utterance.text: number for number, utterance in enumerate(data)}
    group = list(range(len(data)))

    def root(number: int) -> int:
        while group[number] != number:
            number = group[number]
        return number

    for pair in near_pairs(data, _NEAR):
        group[root(place[pair.one.text])] = root(place[pair.other.text])
    groups = [root(number) for number in range(len(data))]
    labels = [f"{utterance.subject} {utterance.aspect}" for utterance in data]
    folds = [0] * len(data)
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for number, (_, held_out) in enumerate(splitter.split(labels, labels, groups)):
        for row in held_out:
            folds[row] = number
    return tuple(folds)
