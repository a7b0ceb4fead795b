"""What speaks for and against the likeliest subject of a message, and how sure one may be of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.nlu.calibration import Calibration, log_odds
from bot.nlu.labels import OUT_OF_SCOPE, is_answerable
from bot.nlu.reading import Reading, named_subjects, without_denied

# How many numbers `Candidates` gives for each of the two questions.
_OF_SUBJECT: Final = 5
_OF_OURS: Final = 4
_SUBJECT: Final = "likeliest"
_OURS: Final = "ours"
_DAMPING: Final = 0.01


@dataclass(frozen=True, slots=True)
class Candidates:
    """The subjects that a message may have; `ours` and `others` are in order of probability."""

    subjects: Mapping[str, float]
    ours: tuple[str, ...]
    others: tuple[str, ...]
    named: frozenset[str]
    nearest: Mapping[str, float]
    foreign: bool

    @classmethod
    def of(cls, reading: Reading) -> Candidates:
        """The candidates of one message; what it denies is none."""
        subjects = without_denied(reading)
        ranked = sorted(subjects, key=lambda one: -subjects[one])
        return cls(
            subjects,
            tuple(filter(is_answerable, ranked)),
            tuple(one for one in ranked if not is_answerable(one)),
            frozenset(named_subjects(reading.terms)),
            reading.nearest or {},
            reading.foreign,
        )

    @property
    def likeliest_other(self) -> str:
        """The likeliest subject that the rules do not answer."""
        return self.others[0] if self.others else OUT_OF_SCOPE

    @property
    def together(self) -> float:
        """The probability that the message is about anything of ours."""
        return sum(self.subjects[one] for one in self.ours)

    @property
    def supported(self) -> tuple[str, ...]:
        """The subjects of ours that the message names, the likeliest first."""
        return tuple(one for one in self.ours if one in self.named)

    def answered_together(self) -> tuple[str, ...]:
        """The likeliest subject of ours; where the message names it, with all others that it names."""
        return self.supported if self.supported[:1] == self.ours[:1] else self.ours[:1]

    def of_subject(self) -> tuple[float, ...]:
        """Evidence that the likeliest subject of ours is meant."""
        group = self.answered_together()
        probability = sum(self.subjects[one] for one in group)
        rival = max((self.subjects[one] for one in self.ours if one not in group), default=0.0)
        other = max((self.subjects[one] for one in self.others), default=0.0)
        near = max((self.nearest.get(one, 0.0) for one in group), default=0.0)
        rival_near = max((value for one, value in self.nearest.items() if one not in group), default=0.0)
        only_another_named = bool(self.named) and self.named.isdisjoint(group)
        return (
            log_odds(probability),
            _lead(probability, rival),
            _lead(probability, other),
            near - rival_near,
            -float(only_another_named),
        )

    def of_ours(self) -> tuple[float, ...]:
        """Evidence that the message is about anything of ours."""
        near = max((value for one, value in self.nearest.items() if is_answerable(one)), default=0.0)
        other_near = max((value for one, value in self.nearest.items() if not is_answerable(one)), default=0.0)
        return log_odds(self.together), near - other_near, float(bool(self.named)), -float(self.foreign)


@dataclass(frozen=True, slots=True)
class Trust:
    """How far evidence is to be trusted."""

    subject: Calibration
    ours: Calibration

    @classmethod
    def unlearnt(cls) -> Trust:
        """The one that believes the classifier's probabilities."""
        return cls(Calibration.unlearnt(_OF_SUBJECT), Calibration.unlearnt(_OF_OURS))

    @classmethod
    def fit(cls, readings: Sequence[Reading], subjects: Sequence[str]) -> Trust:
        """Learns from messages whose subject is known; their readings must not have been learnt from themselves."""
        candidates = [Candidates.of(reading) for reading in readings]
        known = [
            (one.of_subject(), one.ours[0] == subject)
            for one, subject in zip(candidates, subjects, strict=True)
            if one.ours
        ]
        return cls(
            Calibration.fit([evidence for evidence, _ in known], [right for _, right in known], _OF_SUBJECT),
            Calibration.fit([one.of_ours() for one in candidates], list(map(is_answerable, subjects)), _OF_OURS),
        )

    def in_subject(self, candidates: Candidates) -> float:
        """How sure it is that the likeliest subject of ours is meant."""
        return self.subject.confidence(candidates.of_subject()) if candidates.ours else 0.0

    def in_ours(self, candidates: Candidates) -> float:
        """How sure it is that anything of ours is meant."""
        return self.ours.confidence(candidates.of_ours()) if candidates.ours else 0.0

    def arrays(self) -> dict[str, Any]:
        """The numbers for `numpy.savez`."""
        return {**self.subject.arrays(_SUBJECT), **self.ours.arrays(_OURS)}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> Trust:
        """Reads `arrays` back."""
        return cls(Calibration.of_arrays(_SUBJECT, arrays), Calibration.of_arrays(_OURS, arrays))


def _lead(probability: float, rival: float) -> float:
    return math.log((probability + _DAMPING) / (rival + _DAMPING))
