"""Light pipelines of stock Rasa components: counted words and characters, or word vectors, and a linear classifier."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.nlu_compare import rasa_graph, word_vectors
from benchmarks.nlu_compare.guess import FALLBACK, Guess, intent
from bot.nlu.assessment.diversity import Utterance

COUNTED: Final = (
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
)
_SPACY: Final = "spacy_model"


class Linear:
    """`LogisticRegressionClassifier` after a tokenizer and featurizers.

    `spacy`: spaCy's tokenizer with its jieba segmenter instead of Rasa's; with `vectors`, words have meanings.
    """

    def __init__(
        self, featurizers: Sequence[dict[str, Any]] = COUNTED, spacy: bool = False, vectors: Path | None = None
    ) -> None:
        self._featurizers, self._spacy, self._vectors = featurizers, spacy or vectors is not None, vectors

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Trains with the same intents as the stock pipeline."""
        tokenizer: list[dict[str, Any]] = [{"name": "JiebaTokenizer"}]
        if self._spacy:
            model = folder / _SPACY
            word_vectors.pipeline(self._vectors, (one.text for one in data)).to_disk(model)
            tokenizer = [{"name": "SpacyNLP", "model": str(model)}, {"name": "SpacyTokenizer"}]
        pipeline = [
            *tokenizer,
            *self._featurizers,
            {"name": "LogisticRegressionClassifier"},
            {"name": "FallbackClassifier", "threshold": FALLBACK},
        ]
        rasa_graph.train(pipeline, data, lambda one: (intent(one.subject, one.aspect), None), folder)

    def load(self, folder: Path) -> LinearReader:
        """The trained pipeline."""
        return LinearReader(rasa_graph.Runner(folder))


class LinearReader:
    """Reads messages with a trained pipeline whose result is a ranking of intents."""

    def __init__(self, runner: rasa_graph.Runner) -> None:
        self._runner = runner

    def read(self, text: str) -> Guess:
        """One message."""
        return Guess.of_intents(self._runner.ranking(text), FALLBACK)
