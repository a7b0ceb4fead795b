"""The ways that are compared, by name. Modules of a way are imported only where it is used: some need a minute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from benchmarks.nlu_compare.guess import Judgement
from bot.nlu.assessment.diversity import Utterance

_OURS, _STOCK, _LIGHT = "ours", "stock Rasa (DIET)", "light linear"
_PARTS, _ENCODER, _SEARCH = "ours without a part", "encoder and n-grams alone", "retrieval"


class Reader(Protocol):
    """A trained way, loaded."""

    def read(self, text: str) -> Judgement:
        """What one message says."""


class Way(Protocol):
    """One way of understanding messages."""

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Learns, and leaves everything that `load` needs in the folder."""

    def load(self, folder: Path) -> Reader:
        """What was learnt."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A way with its name in the table; `learnt_by`: another one whose training it shares."""

    group: str
    title: str
    make: Callable[[], Way]
    learnt_by: str | None = None
    needs_word_vectors: bool = False

    @property
    def is_ours(self) -> bool:
        """Whether it changes with the code and the configuration of this project, not only with the utterances."""
        return self.group in (_OURS, _PARTS)

    @property
    def is_neural(self) -> bool:
        """Whether it needs TensorFlow; the others are loaded as this product loads Rasa, without it."""
        return self.group == _STOCK


# Where the file of word vectors lies is only known when it is asked for.
WORD_VECTORS: list[Path] = []


def _stock(**settings: Any) -> Way:
    from benchmarks.nlu_compare.diet import Stock

    return Stock(**settings)


def _two_stocks(**settings: Any) -> Way:
    from benchmarks.nlu_compare.diet_variants import TwoQuestions

    return TwoQuestions(**settings)


def _stock_with_lookup(**settings: Any) -> Way:
    from benchmarks.nlu_compare.diet_variants import AspectAndLookup

    return AspectAndLookup(**settings)


def _linear(vectors: bool = False, counted: bool = True, spacy: bool = False) -> Way:
    from benchmarks.nlu_compare.linear import COUNTED, Linear

    dense = ({"name": "SpacyFeaturizer"},) if vectors else ()
    return Linear((*dense, *(COUNTED if counted else ())), spacy, WORD_VECTORS[0] if vectors else None)


def _textcat(architecture: Any, epochs: int) -> Way:
    from benchmarks.nlu_compare.textcat import TextCategorizer

    return TextCategorizer(architecture, epochs)


def _kernel(shape: str) -> Way:
    from benchmarks.nlu_compare import encoder

    return encoder.Plain(lambda: encoder.Kernel(getattr(encoder, shape)))


def _neighbours(count: int) -> Way:
    from benchmarks.nlu_compare import encoder

    return encoder.Plain(lambda: encoder.Neighbours(neighbours=count))


def _logistic() -> Way:
    from benchmarks.nlu_compare import encoder

    return encoder.Plain(encoder.Logistic)


def _search(with_vectors: bool) -> Way:
    from benchmarks.nlu_compare import encoder, retrieval

    return encoder.Plain(retrieval.FoundBoth if with_vectors else retrieval.Found)


def _cascade(sure: float) -> Way:
    from benchmarks.nlu_compare.combined import Cascade

    return Cascade(sure)


def _ours(judge: str = "as_decided", terms: bool = True, **kernel: float) -> Way:
    from benchmarks.nlu_compare import ours

    return ours.Ours(getattr(ours, judge), terms, **kernel)


ENTRIES: Final[dict[str, Entry]] = {
    "ours": Entry(_OURS, "ours, as in `config.yml`", _ours),
    "ours-no-guard": Entry(
        _PARTS, "without the guard: the likeliest subject from 0.5 on", lambda: _ours("unguarded"), "ours"
    ),
    "ours-no-calibration": Entry(
        _PARTS, "without calibration: the kernel's probabilities believed", lambda: _ours("uncalibrated"), "ours"
    ),
    "ours-no-terms": Entry(_PARTS, "without the wordings of the rule base", lambda: _ours(terms=False)),
    "ours-no-encoder": Entry(_PARTS, "without the sentence encoder in the kernel", lambda: _ours(vector_weight=0.0)),
    "ours-no-ngrams": Entry(_PARTS, "without n-grams in the kernel", lambda: _ours(ngram_weight=0.0)),
    "stock": Entry(_STOCK, "jieba, counted words, DIET 100 epochs, fallback 0.7", _stock),
    "stock-12": Entry(_STOCK, "the same with 12 epochs", lambda: _stock(epochs=12)),
    "stock-two": Entry(_STOCK, "two DIETs of 100 epochs: one for the subject, one for the aspect", _two_stocks),
    "stock-lookup": Entry(
        _STOCK, "DIET for aspects, operations and topics by lookup table, 100 epochs", _stock_with_lookup
    ),
    "linear": Entry(_LIGHT, "jieba, counted words and characters, logistic regression", _linear),
    "linear-spacy": Entry(_LIGHT, "the same on spaCy's tokenizer with jieba segmenter", lambda: _linear(spacy=True)),
    "vectors": Entry(
        _LIGHT,
        "spaCy with word vectors, logistic regression",
        lambda: _linear(vectors=True, counted=False),
        needs_word_vectors=True,
    ),
    "vectors-counted": Entry(
        _LIGHT,
        "word vectors beside counted words and characters",
        lambda: _linear(vectors=True),
        needs_word_vectors=True,
    ),
    "textcat-bow": Entry("spaCy text categoriser", "bag of words", lambda: _textcat("bow", 20)),
    "textcat-cnn": Entry("spaCy text categoriser", "convolution over words", lambda: _textcat("cnn", 20)),
    "textcat-ensemble": Entry("spaCy text categoriser", "ensemble with tok2vec", lambda: _textcat("ensemble", 20)),
    "encoder-1nn": Entry(_ENCODER, "encoder, nearest utterance", lambda: _neighbours(1)),
    "encoder-knn": Entry(_ENCODER, "encoder, ten nearest utterances", lambda: _neighbours(10)),
    "encoder-logistic": Entry(_ENCODER, "encoder, logistic regression", _logistic),
    "encoder-kernel": Entry(_ENCODER, "encoder, kernel ridge", lambda: _kernel("VECTORS")),
    "ngram-kernel": Entry(_ENCODER, "n-grams, kernel ridge", lambda: _kernel("NGRAMS")),
    "both-kernel": Entry(_ENCODER, "encoder and n-grams, kernel ridge", lambda: _kernel("BOTH")),
    "bm25": Entry(_SEARCH, "BM25 over n-grams, ten best", lambda: _search(False)),
    "bm25-encoder": Entry(_SEARCH, "BM25 and encoder averaged, ten best", lambda: _search(True)),
    "cascade-80": Entry("two stages", "n-grams first, encoder below 0.80", lambda: _cascade(0.8)),
    "cascade-95": Entry("two stages", "n-grams first, encoder below 0.95", lambda: _cascade(0.95)),
    "cascade-99": Entry("two stages", "n-grams first, encoder below 0.99", lambda: _cascade(0.99)),
}
