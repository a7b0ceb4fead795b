"""First component of the pipeline: brings every message into one written form."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from actions.privacy.masking import for_understanding, mask
from bot.nlu.text import normalize


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class TextNormalizer(GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Replaces the text of messages and training examples by its normalised form.

    Numbers are masked, and what is no business of ours is taken out, as the channel has done it already with what people
    write: so nothing else is ever learnt from or understood.
    """

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextNormalizer:
        """A normaliser; it has nothing to configure."""
        cls.validate_config(config)
        return cls()

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """Nothing can be configured, nothing can be wrong."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Normalises messages in place."""
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str):
                masked = for_understanding(mask(text).text)
                message.set(TEXT, normalize(masked), add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Normalises training examples the way messages are normalised."""
        self.process(training_data.training_examples)
        return training_data
