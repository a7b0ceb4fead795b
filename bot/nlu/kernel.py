"""Kernel ridge regression over n-grams and sentence vectors: the classifier of subjects and aspects.

Solved in closed form, so the same data always give the same model; the same products give the nearest training
utterances. On real questions it beat logistic regression and linear support vectors on the same features.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse
from simsimd import cdist

Matrix = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.int8]
_FILE: Final = "kernel.npz"
_COUNTS: Final = "counts.npz"
# So many training utterances are compared with all others at a time.
_BLOCK: Final = 1024
# Instead of a length of 0, so that nothing is divided by it.
_TINY: Final = 1e-6
_LARGEST: Final = np.iinfo(np.int8).max


@dataclass(frozen=True, slots=True)
class KernelShape:
    """How alike two messages are: two bell curves over cosine distance, one for vectors and one for n-grams."""

    vector_weight: float
    vector_width: float
    ngram_weight: float
    ngram_width: float
    ridge: float


class TextSpace:
    """The training utterances as points; turns the features of a message into its likeness to each of them."""

    def __init__(self, idf: Matrix, ngrams: sparse.csr_matrix, mean: Matrix, scale: Matrix, vectors: Bytes) -> None:
        self._idf, self._ngrams, self._mean, self._scale, self._vectors = idf, ngrams, mean, scale, vectors
        self._transposed = ngrams.T.tocsr()
        self._inverse_lengths = _inverse_lengths(vectors)

    @classmethod
    def of(cls, counts: sparse.csr_matrix, vectors: Matrix) -> TextSpace:
        """The space spanned by training utterances: raw n-gram counts and sentence vectors, a row each."""
        rows = counts.shape[0]
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        idf = (np.log((1 + rows) / (1 + frequency)) + 1).astype(np.float32)
        mean = vectors.mean(axis=0).astype(np.float32)
        scale = (1 / np.maximum(vectors.std(axis=0), _TINY)).astype(np.float32)
        return cls(idf, _weighted(counts, idf), mean, scale, _placed(vectors, mean, scale))

    def likeness(self, counts: sparse.csr_matrix, vectors: Matrix) -> tuple[Matrix, Matrix]:
        """(cosine of sentence vectors, cosine of n-grams) of each message to each training utterance."""
        placed = _placed(vectors, self._mean, self._scale)
        by_vector = np.array(cdist(placed, self._vectors, "dot", out_dtype="float32"))
        by_vector *= self._inverse_lengths
        by_vector *= _inverse_lengths(placed)[:, np.newaxis]
        # A message has few n-grams: of all the utterances' numbers only those of these are touched.
        weighted = _weighted(counts, self._idf)
        rows = [slice(first, last) for first, last in pairwise(weighted.indptr)]
        by_ngram = [self._transposed[weighted.indices[row]].T @ weighted.data[row] for row in rows]
        return by_vector, np.vstack(by_ngram)

    def likeness_within(self) -> Iterator[tuple[int, tuple[Matrix, Matrix]]]:
        """(first row, the same for some of the training utterances themselves); a whole matrix takes gigabytes."""
        vectors: Matrix = self._vectors.astype(np.float32) * self._inverse_lengths[:, np.newaxis]
        for first in range(0, len(vectors), _BLOCK):
            rows = slice(first, first + _BLOCK)
            by_ngram = (self._ngrams[rows] @ self._transposed).toarray()
            yield first, (vectors[rows] @ vectors.T, by_ngram.astype(np.float32, copy=False))

    def kernel_within(
        self, shape: KernelShape, look: Callable[[int, tuple[Matrix, Matrix]], None] = lambda *_: None
    ) -> Matrix:
        """The kernel of each training utterance and each other; `look` sees the likeness of some at a time."""
        size = len(self._vectors)
        within = np.empty((size, size), dtype=np.float32)
        for first, likeness in self.likeness_within():
            look(first, likeness)
            within[first : first + _BLOCK] = kernel(likeness, shape)
        return within

    def save(self, folder: Path) -> None:
        """Writes the space into a folder; `load` reads it back. Nothing is pickled."""
        np.savez(folder / _FILE, idf=self._idf, mean=self._mean, scale=self._scale, vectors=self._vectors)
        sparse.save_npz(folder / _COUNTS, self._ngrams)

    @classmethod
    def load(cls, folder: Path) -> TextSpace:
        """Reads a space that `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(
                arrays["idf"], sparse.load_npz(folder / _COUNTS), arrays["mean"], arrays["scale"], arrays["vectors"]
            )


def kernel(likeness: tuple[Matrix, Matrix], shape: KernelShape) -> Matrix:
    """Likeness as a positive definite kernel."""
    by_vector, by_ngram = likeness
    result: Matrix = shape.vector_weight * np.exp(shape.vector_width * (by_vector - 1))
    result += shape.ngram_weight * np.exp(shape.ngram_width * (by_ngram - 1))
    return result


class KernelHead:
    """One question asked of the space: a score for each class."""

    def __init__(self, classes: tuple[str, ...], weights: Matrix, base: Matrix) -> None:
        """`weights`: a row for each training utterance, of zeros where it has no label."""
        self.classes, self._weights, self._base = classes, weights, base

    @classmethod
    def fit(cls, within: Matrix, labels: Sequence[str | None], ridge: float) -> KernelHead:
        """Learns from the training utterances that have a label."""
        rows, classes, target = _targets(labels)
        base = target.mean(axis=0)
        system = within[np.ix_(rows, rows)]
        system.flat[:: len(rows) + 1] += ridge
        # Transposed it is the same matrix, in the order that needs no copy.
        weights = np.zeros((len(within), len(classes)), dtype=np.float32)
        weights[rows] = linalg.solve(system.T, target - base, assume_a="pos", overwrite_a=True)
        return cls(classes, weights, base)

    @classmethod
    def fit_leaving_out(cls, within: Matrix, labels: Sequence[str], ridge: float) -> tuple[KernelHead, Matrix]:
        """Learns the same, and gives the scores each training utterance would have got had it been left out.

        `within` is used up: there is not always room for a second one.

        They follow from the one solution: what is missing to the target, weight by weight, over the diagonal of the
        inverse.
        """
        _, classes, target = _targets(labels)
        base = target.mean(axis=0)
        system = within
        system.flat[:: len(system) + 1] += ridge
        factor = linalg.cholesky(system.T, lower=True, overwrite_a=True)
        weights = linalg.cho_solve((factor, True), target - base).astype(np.float32)
        inverse, _ = linalg.lapack.strtri(factor, lower=1, overwrite_c=1)
        missing = weights / np.einsum("ij,ij->j", inverse, inverse)[:, np.newaxis]
        return cls(classes, weights, base), (target - missing).astype(np.float32)

    def scores(self, likeness: Matrix) -> Matrix:
        """A score for each message and class; around 1 for a sure class, around 0 for others."""
        result: Matrix = likeness @ self._weights + self._base
        return result

    def arrays(self, name: str) -> dict[str, Any]:
        """The head's numbers for `numpy.savez`, keys beginning with `name`."""
        return {
            f"{name}_classes": np.array(self.classes),
            f"{name}_weights": self._weights,
            f"{name}_base": self._base,
        }

    @classmethod
    def of_arrays(cls, name: str, arrays: Any) -> KernelHead:
        """Reads `arrays` back."""
        classes = tuple(str(one) for one in arrays[f"{name}_classes"])
        return cls(classes, arrays[f"{name}_weights"], arrays[f"{name}_base"])


def probabilities(scores: Matrix, sharpness: float) -> Matrix:
    """Scores as probabilities that sum to 1."""
    scaled = scores * sharpness
    scaled -= scaled.max(axis=1, keepdims=True)
    powers = np.exp(scaled)
    result: Matrix = powers / powers.sum(axis=1, keepdims=True)
    return result


def _targets(labels: Sequence[str | None]) -> tuple[npt.NDArray[np.int64], tuple[str, ...], Matrix]:
    """(rows that have a label, the labels there are, 1 where a row has a label and 0 elsewhere)."""
    rows = np.array([row for row, label in enumerate(labels) if label is not None], dtype=np.int64)
    known = [label for label in labels if label is not None]
    classes = tuple(sorted(set(known)))
    column = {name: number for number, name in enumerate(classes)}
    target = np.zeros((len(rows), len(classes)), dtype=np.float32)
    target[np.arange(len(rows)), [column[label] for label in known]] = 1
    return rows, classes, target


def _weighted(counts: sparse.csr_matrix, idf: Matrix) -> sparse.csr_matrix:
    """Rows of length 1 (or 0): damped counts times the rarity of each n-gram."""
    numbers = (1 + np.log(np.maximum(counts.data, 1))) * idf[counts.indices]
    row_of = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(row_of, weights=np.square(numbers, dtype=np.float64), minlength=counts.shape[0]))
    numbers /= np.maximum(lengths, _TINY)[row_of]
    return sparse.csr_matrix((numbers.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape)


def _placed(vectors: Matrix, mean: Matrix, scale: Matrix) -> Bytes:
    """Only directions count, so whole numbers serve: a quarter of the memory to fetch with every message."""
    placed = (vectors - mean) * scale
    largest = np.abs(placed).max(axis=1, keepdims=True)
    result: Bytes = np.rint(placed * (_LARGEST / np.maximum(largest, _TINY))).astype(np.int8)
    return result


def _inverse_lengths(vectors: Bytes) -> Matrix:
    lengths = np.linalg.norm(vectors.astype(np.float32), axis=1)
    result: Matrix = (1 / np.maximum(lengths, 1)).astype(np.float32)
    return result
