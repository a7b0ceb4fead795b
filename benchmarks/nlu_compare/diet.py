"""Stock Rasa for Chinese, the peer to beat: jieba, counted words, DIET, fallback at 0.7; and kinder variants of it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import tensorflow as tf
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.diet_classifier import DIETClassifier

from benchmarks.nlu_compare import rasa_graph
from benchmarks.nlu_compare.guess import FALLBACK, Guess, intent
from bot.nlu.assessment.diversity import Utterance

_STOP: Final = "stop"
_SNAPSHOTS: Final = (1, 2, 3, 5, 8, 12, 16, 20, 25, 30, 40, 50, 60, 80)


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=True,
)
class WatchedDIET(DIETClassifier):
    """DIET as it is, with a record of every epoch in the folder `watched` of its configuration."""

    def _instantiate_model_class(self, model_data: Any) -> Any:
        model = super()._instantiate_model_class(model_data)
        fit = model.fit
        watcher = _Watcher(Path(self.component_config["watched"]))

        def watched_fit(generator: Any, callbacks: list[Any], **more: Any) -> Any:
            watcher.generator = generator
            return fit(generator, callbacks=[*callbacks, watcher], **more)

        model.fit = watched_fit
        return model


class _Watcher(tf.keras.callbacks.Callback):
    """Writes down seconds, batches and loss of every epoch, and keeps the weights of some.

    A file `stop` in its folder ends training after the epoch, and everything learnt so far is kept.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self.generator: Any = None
        self._log = folder / rasa_graph.EPOCHS
        self._log.write_text("")

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._started = time.perf_counter()
        self._batches, self._batch_size = len(self.generator), self.generator._current_batch_size
        self._examples = self.generator.model_data.number_of_examples(self.generator._data)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        row = {
            "epoch": epoch + 1,
            "seconds": round(time.perf_counter() - self._started, 1),
            "batches": self._batches,
            "batch_size": self._batch_size,
            "examples": self._examples,
            **{name: round(float(value), 4) for name, value in (logs or {}).items()},
        }
        with self._log.open("a") as file:
            file.write(json.dumps(row) + "\n")
        if epoch + 1 in _SNAPSHOTS:
            self.model.save_weights(str(self._folder / f"weights-{epoch + 1}"))
        self.model.stop_training = (self._folder / _STOP).exists()


class Stock:
    """The stock pipeline; `settings` change DIET's, `featurizers` what it is given."""

    def __init__(
        self,
        epochs: int = 100,
        featurizers: Sequence[dict[str, Any]] = ({"name": "CountVectorsFeaturizer"},),
        **settings: Any,
    ) -> None:
        self._settings = {"epochs": epochs, **settings}
        self._featurizers = featurizers

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Trains with one intent for each (operation, aspect), topic, kind of small talk and so on."""
        diet = {"name": f"{__name__}.WatchedDIET", "random_seed": 42, "watched": str(folder), **self._settings}
        pipeline = [
            {"name": "JiebaTokenizer"},
            *self._featurizers,
            diet,
            {"name": "FallbackClassifier", "threshold": FALLBACK},
        ]
        rasa_graph.train(pipeline, data, lambda one: (intent(one.subject, one.aspect), None), folder)

    def load(self, folder: Path) -> StockReader:
        """The trained pipeline."""
        return StockReader(folder)


class StockReader:
    """Reads messages with a trained stock pipeline."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runner = rasa_graph.Runner(folder)

    def read(self, text: str) -> Guess:
        """One message."""
        return Guess.of_intents(self._runner.ranking(text), FALLBACK)

    def earlier(self) -> Iterator[int]:
        """Takes up the weights after each epoch that was kept, and gives its number."""
        model = self._runner.component(WatchedDIET).model
        for epoch in _SNAPSHOTS:
            weights = self._folder / f"weights-{epoch}"
            if weights.with_name(f"{weights.name}.index").exists():
                model.load_weights(str(weights))
                # What it thinks of the labels is kept from the weights before.
                model.prepared_for_prediction, model._tf_predict_step = False, None
                yield epoch
