"""Component behind the tokenizer: messages written by ear (pinyin, homophones) go on as they were meant."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Final

import jieba
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.extractor import terms_of
from bot.nlu.sounds import SoundModel, Speller

_FILE: Final = "sounds.json"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=True)
class SoundRestorer(GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Learns how characters follow each other; replaces the text and the words of messages written by ear."""

    @classmethod
    def required_components(cls) -> list[type]:
        """What no word holds may be changed, so the words must be known."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages needed beside Rasa."""
        return ["jieba", "pypinyin"]

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """Nothing can be configured, nothing can be wrong."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._speller = Speller(SoundModel.of(()), ())

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SoundRestorer:
        """An untrained one; it changes nothing."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the training utterances and from what the rule base calls its services."""
        model = SoundModel.of(message.get(TEXT) or "" for message in training_data.training_examples)
        wordings = sorted({term.wording for term in terms_of(training_data)})
        self._speller = Speller(model, wordings)
        with self._model_storage.write_to(self._resource) as folder:
            learnt = {**asdict(model), "wordings": wordings}
            (folder / _FILE).write_text(json.dumps(learnt, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SoundRestorer:
        """A trained one."""
        restorer = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            learnt = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        restorer._speller = Speller(SoundModel(learnt["single"], learnt["pairs"]), learnt["wordings"])
        return restorer

    def process(self, messages: list[Message]) -> list[Message]:
        """Puts messages right in place."""
        for message in messages:
            text = message.get(TEXT)
            # Where jieba only guesses (「肖户」, 「过糊」), nothing says that it is a word.
            words = [
                (token.start, token.end)
                for token in message.get(TOKENS_NAMES[TEXT]) or ()
                if jieba.get_FREQ(token.text)
            ]
            if text and (restored := self._speller.restored(text, words)) != text:
                message.set(TEXT, restored, add_to_output=True)
                message.set(TOKENS_NAMES[TEXT], [Token(word, start) for word, start, _ in jieba.tokenize(restored)])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Puts training utterances right the way messages are."""
        self.process(training_data.training_examples)
        return training_data
