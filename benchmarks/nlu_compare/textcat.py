"""spaCy's text categoriser on jieba's words, in process."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from benchmarks.nlu_compare import word_vectors
from benchmarks.nlu_compare.guess import FALLBACK, Guess, intent
from bot.nlu.assessment.diversity import Utterance
from bot.nlu.text import normalize

_MODEL: Final = "textcat"
_BATCH: Final = 64
_RANKED: Final = 10
Architecture = Literal["bow", "cnn", "ensemble"]
_BOW: Final = {
    "@architectures": "spacy.TextCatBOW.v2",
    "exclusive_classes": True,
    "ngram_size": 2,
    "no_output_layer": False,
}
_TOK2VEC: Final = {
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 64,
        "rows": [5000, 2500],
        "attrs": ["ORTH", "PREFIX"],
        "include_static_vectors": False,
    },
    "encode": {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 64,
        "window_size": 1,
        "maxout_pieces": 3,
        "depth": 2,
    },
}
# Bags of words have 2^18 rows for each label, 69 million weights here, and every step goes through all of them.
_ARCHITECTURES: Final[dict[Architecture, dict[str, Any]]] = {
    "bow": _BOW,
    "cnn": {"@architectures": "spacy.TextCatCNN.v2", "exclusive_classes": True, "tok2vec": _TOK2VEC},
    "ensemble": {"@architectures": "spacy.TextCatEnsemble.v2", "tok2vec": _TOK2VEC, "linear_model": _BOW},
}


class TextCategorizer:
    """One category for each intent of the stock pipeline."""

    def __init__(self, architecture: Architecture, epochs: int) -> None:
        self._architecture, self._epochs = architecture, epochs

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Trains, and writes the pipeline into the folder."""
        import spacy
        from spacy.training import Example
        from spacy.util import minibatch

        spacy.util.fix_random_seed(0)
        chance = random.Random(0)
        nlp = word_vectors.pipeline(None)
        categorizer = nlp.add_pipe("textcat", config={"model": _ARCHITECTURES[self._architecture]})
        names = [intent(one.subject, one.aspect) for one in data]
        for name in sorted(set(names)):
            categorizer.add_label(name)
        examples = [
            Example.from_dict(nlp.make_doc(one.text), {"cats": {name: 1.0}})
            for one, name in zip(data, names, strict=True)
        ]
        for example in examples:
            for other in categorizer.labels:
                example.reference.cats.setdefault(other, 0.0)
        optimizer = nlp.initialize(lambda: examples)
        for epoch in range(self._epochs):
            chance.shuffle(examples)
            losses: dict[str, float] = {}
            for batch in minibatch(examples, _BATCH):
                nlp.update(batch, sgd=optimizer, losses=losses, drop=0.2)
            print(f"  epoch {epoch + 1}/{self._epochs}: {losses}", flush=True)
        nlp.to_disk(folder / _MODEL)

    def load(self, folder: Path) -> TextCategorizerReader:
        """The trained pipeline."""
        import spacy

        return TextCategorizerReader(spacy.load(folder / _MODEL))


class TextCategorizerReader:
    """Reads messages with a trained categoriser."""

    def __init__(self, nlp: Any) -> None:
        self._nlp = nlp

    def read(self, text: str) -> Guess:
        """One message."""
        scores = self._nlp(normalize(text)).cats
        ranked = sorted(scores.items(), key=lambda one: -one[1])[:_RANKED]
        return Guess.of_intents(ranked, FALLBACK)
