"""Features as our pipeline has them, for ways that need no Rasa graph: counted n-grams and sentence vectors."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import jieba
import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer

from actions.settings import settings
from bot.nlu.encoder import ENCODERS, SentenceEncoder, VectorCache
from bot.nlu.kernel import Matrix

_ENCODER: Final = "e5"
_LONGEST: Final = 96
_WORKERS: Final = 2


class Counts:
    """Counted n-grams of words and of characters; pickles with the words it has learnt."""

    def __init__(self) -> None:
        self._words = CountVectorizer(analyzer=_word_pairs)
        self._characters = CountVectorizer(analyzer="char", ngram_range=(1, 4))

    def fit(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Learns the n-grams of texts; a row for each."""
        return _beside(self._words.fit_transform(texts), self._characters.fit_transform(texts))

    def of(self, text: str) -> sparse.csr_matrix:
        """One row."""
        return _beside(self._words.transform([text]), self._characters.transform([text]))


def vectors(texts: Sequence[str]) -> Matrix:
    """Sentence vectors of training texts, a row each; those that our own training left under `var/` are not made anew."""
    # A file with fewer texts would take the place of the one with all.
    cache = VectorCache(settings().var / "vectors", _encoder(), _WORKERS)
    return cache.encode([_shortened(text) for text in texts])


def _encoder() -> SentenceEncoder:
    return ENCODERS[_ENCODER](settings().var / "encoders", _WORKERS)


class Encoder:
    """The sentence encoder for one message at a time, as our pipeline uses it."""

    def __init__(self) -> None:
        self._encoder = _encoder()

    def of(self, text: str) -> Matrix:
        """One row."""
        return self._encoder.encode([_shortened(text)])


def use_dictionary(folder: Path | None = None) -> None:
    """Gives jieba the words of the rule base."""
    for path in sorted((folder or settings().generated / "jieba").glob("*")):
        jieba.load_userdict(str(path))


def words(text: str) -> list[str]:
    """The words of a text."""
    return [word for word in jieba.lcut(text) if word.strip()]


def _word_pairs(text: str) -> list[str]:
    found = words(text)
    return found + [" ".join(pair) for pair in pairwise(found)]


def _beside(*blocks: sparse.csr_matrix) -> sparse.csr_matrix:
    return sparse.csr_matrix(sparse.hstack(blocks), dtype=np.float32)


def _shortened(text: str) -> str:
    """As in our featurizer: two thirds from the beginning, one third from the end."""
    if len(text) <= _LONGEST:
        return text
    tail = _LONGEST // 3
    return text[: _LONGEST - tail] + text[-tail:]
