"""The sentence encoder alone, n-grams alone, and both: nearest neighbours, logistic regression, kernel ridge.

Without terms, guard and calibration: what these classifiers are worth by themselves. Two questions are asked of each
message: what it is about, and what is asked of that.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import joblib
import numpy as np
from scipy import sparse

from benchmarks.nlu_compare import features
from benchmarks.nlu_compare.guess import Guess
from bot.nlu.assessment.diversity import Utterance
from bot.nlu.kernel import KernelHead, KernelShape, Matrix, TextSpace, kernel, probabilities
from bot.nlu.text import normalize
from knowledge.identifiers import Aspect

_FILE: Final = "learnt.joblib"
_THRESHOLD: Final = 0.5
_SHARPNESS: Final = 12.0
_NEIGHBOURS: Final = 10
BOTH: Final = KernelShape(3.0, 3.0, 2.0, 1.0, 0.5)
VECTORS: Final = KernelShape(3.0, 3.0, 0.0, 1.0, 0.5)
NGRAMS: Final = KernelShape(0.0, 3.0, 2.0, 1.0, 0.5)

Row = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Needs:
    """What a classifier looks at."""

    counts: bool
    vectors: bool


class Classifier(ABC):
    """Learns from features and answers from them; pickles."""

    needs: Needs

    @abstractmethod
    def fit(self, counts: Any, vectors: Any, data: Sequence[Utterance]) -> None:
        """Learns; a row of each matrix for each utterance."""

    @abstractmethod
    def row(self, counts: Any, vector: Any) -> tuple[Row, Mapping[Aspect, float]]:
        """(probability of each subject, probability of each aspect) of one message."""


class Kernel(Classifier):
    """Kernel ridge regression, as in our pipeline."""

    def __init__(self, shape: KernelShape) -> None:
        self._shape = shape
        self.needs = Needs(shape.ngram_weight > 0, shape.vector_weight > 0)

    def fit(self, counts: Any, vectors: Any, data: Sequence[Utterance]) -> None:
        rows = len(data)
        empty = sparse.csr_matrix((rows, 1), dtype=np.float32)
        self._space = TextSpace.of(
            empty if counts is None else counts,
            np.zeros((rows, 1), dtype=np.float32) if vectors is None else vectors,
        )
        within = kernel(self._space.likeness_within(), self._shape)
        self._subjects = KernelHead.fit(within, [one.subject for one in data], self._shape.ridge)
        self._aspects = KernelHead.fit(within, [one.aspect for one in data], self._shape.ridge)

    def row(self, counts: Any, vector: Any) -> tuple[Row, Mapping[Aspect, float]]:
        likeness = self._space.likeness(
            sparse.csr_matrix((1, 1), dtype=np.float32) if counts is None else counts,
            np.zeros((1, 1), dtype=np.float32) if vector is None else vector,
        )
        similar = kernel(likeness, self._shape)
        subjects, aspects = (
            dict(zip(head.classes, map(float, probabilities(head.scores(similar), _SHARPNESS)[0]), strict=True))
            for head in (self._subjects, self._aspects)
        )
        return subjects, aspects


class Neighbours(Classifier):
    """The labels of the nearest utterances, each weighed by how near it is."""

    def __init__(self, neighbours: int = _NEIGHBOURS) -> None:
        self._neighbours = neighbours
        self.needs = Needs(counts=False, vectors=True)

    def fit(self, counts: Any, vectors: Any, data: Sequence[Utterance]) -> None:
        self._prepare(counts, vectors)
        self._labels = [(one.subject, one.aspect) for one in data]

    def _prepare(self, counts: Any, vectors: Any) -> None:
        self._mean, self._scale = vectors.mean(axis=0), 1 / np.maximum(vectors.std(axis=0), 1e-6)
        self._vectors = _placed(vectors, self._mean, self._scale)

    def _likeness(self, counts: Any, vector: Any) -> Matrix:
        found: Matrix = self._vectors @ _placed(vector, self._mean, self._scale)[0]
        return found

    def row(self, counts: Any, vector: Any) -> tuple[Row, Mapping[Aspect, float]]:
        near = self._likeness(counts, vector)
        among = np.argpartition(-near, self._neighbours)[: self._neighbours]
        # The sharpness that makes shares of votes into something like probabilities.
        weights = np.exp(_SHARPNESS * (near[among] - near[among].max()))
        subjects: dict[str, float] = defaultdict(float)
        aspects: dict[Any, float] = defaultdict(float)
        for place, weight in zip(among, weights / weights.sum(), strict=True):
            subject, aspect = self._labels[place]
            # Votes count as much as they are near: far neighbours that agree are no certainty.
            subjects[subject] += float(weight) * float(max(near[among].max(), 0.0))
            if aspect:
                aspects[aspect] += float(weight)
        return subjects, aspects


class Logistic(Classifier):
    """Multinomial logistic regression on sentence vectors."""

    needs = Needs(counts=False, vectors=True)

    def fit(self, counts: Any, vectors: Any, data: Sequence[Utterance]) -> None:
        from sklearn.linear_model import LogisticRegression

        self._mean, self._scale = vectors.mean(axis=0), 1 / np.maximum(vectors.std(axis=0), 1e-6)
        placed = (vectors - self._mean) * self._scale
        with_aspect = [row for row, one in enumerate(data) if one.aspect]
        self._subjects = LogisticRegression(C=0.1, max_iter=200).fit(placed, [one.subject for one in data])
        self._aspects = LogisticRegression(C=0.1, max_iter=200).fit(
            placed[with_aspect], [data[row].aspect for row in with_aspect]
        )

    def row(self, counts: Any, vector: Any) -> tuple[Row, Mapping[Aspect, float]]:
        placed = (vector - self._mean) * self._scale
        subjects, aspects = (
            dict(zip(head.classes_, map(float, head.predict_proba(placed)[0]), strict=True))
            for head in (self._subjects, self._aspects)
        )
        return subjects, aspects


class Plain:
    """A classifier behind normalisation and features, without Rasa's graph."""

    def __init__(self, make: Callable[[], Classifier]) -> None:
        self._make = make

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Learns, and writes what was learnt into the folder."""
        features.use_dictionary()
        classifier = self._make()
        texts = [one.text for one in data]
        counts = features.Counts()
        classifier.fit(
            counts.fit(texts) if classifier.needs.counts else None,
            features.vectors(texts) if classifier.needs.vectors else None,
            data,
        )
        joblib.dump((counts, classifier), folder / _FILE)

    def load(self, folder: Path) -> PlainReader:
        """What was learnt."""
        counts, classifier = joblib.load(folder / _FILE)
        return PlainReader(counts, classifier)


class PlainReader:
    """Reads messages with a classifier."""

    def __init__(self, counts: features.Counts, classifier: Classifier) -> None:
        features.use_dictionary()
        self._counts, self._classifier = counts, classifier
        self._encoder = features.Encoder() if classifier.needs.vectors else None

    def read(self, text: str) -> Guess:
        """One message."""
        normal = normalize(text)
        counts = self._counts.of(normal) if self._classifier.needs.counts else None
        vector = self._encoder.of(normal) if self._encoder else None
        return Guess.of_heads(*self._classifier.row(counts, vector), _THRESHOLD)


def _placed(vectors: Matrix, mean: Matrix, scale: Matrix) -> Matrix:
    placed = (vectors - mean) * scale
    result: Matrix = (placed / np.maximum(np.linalg.norm(placed, axis=1, keepdims=True), 1e-6)).astype(np.float32)
    return result
