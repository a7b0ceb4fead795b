"""Search instead of classification: the labels of the training utterances that a search engine would find first."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from scipy import sparse

from benchmarks.nlu_compare.encoder import Needs, Neighbours
from bot.nlu.kernel import Matrix

_SATURATION: Final = 1.2
_LENGTH: Final = 0.75


class Found(Neighbours):
    """BM25 over n-grams of words and characters; the ten best vote, weighed by their score over the best possible."""

    def __init__(self, neighbours: int = 10) -> None:
        super().__init__(neighbours=neighbours)
        self.needs = Needs(counts=True, vectors=False)

    def _prepare(self, counts: Any, vectors: Any) -> None:
        rows = counts.shape[0]
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        self._idf = np.log(1 + (rows - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        damping = _SATURATION * (1 - _LENGTH + _LENGTH * lengths / lengths.mean())
        weighted = sparse.csr_matrix(counts, dtype=np.float32, copy=True)
        per_entry = np.repeat(damping, np.diff(weighted.indptr))
        weighted.data = weighted.data * (_SATURATION + 1) / (weighted.data + per_entry)
        self._weights = (weighted @ sparse.diags(self._idf)).tocsr().astype(np.float32)
        # What an utterance would score that is searched for with its own words.
        own = np.asarray(self._weights.multiply(counts > 0).sum(axis=1)).ravel()
        self._own = np.maximum(own, 1e-6).astype(np.float32)

    def _likeness(self, counts: Any, vector: Any) -> Matrix:
        query = sparse.csr_matrix((counts > 0).astype(np.float32))
        scores = (self._weights @ query.T).toarray().ravel()
        possible = float((query @ self._idf)[0]) * _SATURATION
        likeness: Matrix = (scores / np.sqrt(self._own * max(possible, 1e-6))).astype(np.float32)
        return likeness


class FoundBoth(Neighbours):
    """Nearness of sentence vectors and BM25, averaged."""

    def __init__(self, neighbours: int = 10) -> None:
        super().__init__(neighbours=neighbours)
        self.needs = Needs(counts=True, vectors=True)
        self._search = Found(neighbours)

    def _prepare(self, counts: Any, vectors: Any) -> None:
        super()._prepare(counts, vectors)
        self._search._prepare(counts, vectors)

    def _likeness(self, counts: Any, vector: Any) -> Matrix:
        mean: Matrix = (super()._likeness(counts, vector) + self._search._likeness(counts, vector)) / 2
        return mean
