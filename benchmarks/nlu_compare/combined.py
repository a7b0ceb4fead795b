"""Several ways in one: a fast first stage that asks the encoder only when it is unsure, and an average of two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import joblib

from benchmarks.nlu_compare import features
from benchmarks.nlu_compare.encoder import BOTH, NGRAMS, Kernel
from benchmarks.nlu_compare.guess import Guess
from bot.nlu.assessment.diversity import Utterance
from bot.nlu.text import normalize

_FILE: Final = "stages.joblib"
_THRESHOLD: Final = 0.5


class Cascade:
    """Kernel ridge over n-grams; below `sure`, kernel ridge over n-grams and the sentence vector."""

    def __init__(self, sure: float) -> None:
        self._sure = sure

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Learns both stages, and writes them into the folder."""
        features.use_dictionary()
        texts = [one.text for one in data]
        counts = features.Counts()
        rows, vectors = counts.fit(texts), features.vectors(texts)
        first, second = Kernel(NGRAMS), Kernel(BOTH)
        first.fit(rows, None, data)
        second.fit(rows, vectors, data)
        joblib.dump((counts, first, second), folder / _FILE)

    def load(self, folder: Path) -> CascadeReader:
        """What was learnt."""
        features.use_dictionary()
        return CascadeReader(*joblib.load(folder / _FILE), features.Encoder(), self._sure)


@dataclass
class CascadeReader:
    """Reads messages; `encoded` counts those that needed the encoder."""

    counts: features.Counts
    first: Kernel
    second: Kernel
    encoder: features.Encoder
    sure: float
    encoded: int = 0

    def read(self, text: str) -> Guess:
        """One message."""
        normal = normalize(text)
        row = self.counts.of(normal)
        subjects, aspects = self.first.row(row, None)
        if max(subjects.values()) < self.sure:
            self.encoded += 1
            subjects, aspects = self.second.row(row, self.encoder.of(normal))
        return Guess.of_heads(subjects, aspects, _THRESHOLD)

    def remarks(self) -> Mapping[str, Any]:
        """What is worth knowing beside the figures."""
        return {"encoded": self.encoded}
