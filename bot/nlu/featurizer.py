"""Dense featurizer: one vector for the whole message, from a pre-trained sentence encoder."""

from __future__ import annotations

import logging
import os
from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from actions.settings import settings
from bot.nlu.encoder import ENCODERS, SentenceEncoder, VectorCache

_LOGGER: Final = logging.getLogger(__name__)
_ENCODER: Final = "encoder"
_MAX_CHARACTERS: Final = "max_characters"
_WORKERS: Final = os.cpu_count() or 1


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class SentenceEncoderFeaturizer(DenseFeaturizer, GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Adds the sentence vector of the text; training examples are remembered under `var/`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`max_characters`: longer texts keep two thirds of it from their beginning and one third from their end."""
        return {**DenseFeaturizer.get_default_config(), _ENCODER: "e5", _MAX_CHARACTERS: 96}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses an encoder that does not exist."""
        name = config.get(_ENCODER, "e5")
        if name not in ENCODERS:
            raise InvalidConfigException(f"{cls.__name__}：没有名为“{name}”的编码器，可选：{'、'.join(ENCODERS)}。")

    def __init__(self, config: dict[str, Any], name: str) -> None:
        super().__init__(name, {**self.get_default_config(), **config})
        self._encoder: SentenceEncoder | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoderFeaturizer:
        """A featurizer; there is nothing to train."""
        return cls(config, execution_context.node_name)

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds the vector to messages."""
        encoder = self._loaded()
        # A message and its clauses at once: the weights of the encoder are fetched once for all of them.
        vectors = encoder.encode([self._shortened(message) for message in messages])
        for message, vector in zip(messages, vectors, strict=True):
            self._add(message, vector)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds vectors to training examples, encoding only those not seen before."""
        messages = [message for message in training_data.training_examples if message.get(TEXT)]
        cache = VectorCache(settings().var / "vectors", self._loaded(), _WORKERS)
        for message, vector in zip(
            messages, cache.encode([self._shortened(message) for message in messages], _report), strict=True
        ):
            self._add(message, vector)
        return training_data

    def _loaded(self) -> SentenceEncoder:
        self._encoder = self._encoder or ENCODERS[self._config[_ENCODER]](settings().var / "encoders", _WORKERS)
        return self._encoder

    def _shortened(self, message: Message) -> str:
        text: str = message.get(TEXT) or ""
        limit: int = self._config[_MAX_CHARACTERS]
        if len(text) <= limit:
            return text
        tail = limit // 3
        return text[: limit - tail] + text[-tail:]

    def _add(self, message: Message, vector: np.ndarray[Any, Any]) -> None:
        alias = self._config[FEATURIZER_CLASS_ALIAS] or self._identifier
        message.add_features(Features(vector[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, alias))


def _report(done: int, total: int) -> None:
    if done % 500 == 0 or done == total:
        _LOGGER.info("训练句编码：%d/%d", done, total)
