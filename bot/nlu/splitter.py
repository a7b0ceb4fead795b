"""Component behind the normaliser: the asking clauses of a message are read beside the whole."""

from __future__ import annotations

from typing import Any, Final

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.clauses import asking_clauses

# A message with this property is a clause of the message before it.
CLAUSE: Final = "clause"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER], is_trainable=False)
class ClauseSplitter(GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Puts the asking clauses of a message behind it, so that every later component sees them as messages too."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ClauseSplitter:
        """A splitter; it has nothing to configure."""
        return cls()

    @staticmethod
    def validate_config(config: dict[str, Any]) -> None:
        """Nothing can be configured, nothing can be wrong."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds clauses behind their messages."""
        result = []
        for message in messages:
            clauses = asking_clauses(message.get(TEXT) or "")
            result += [message, *(Message(data={TEXT: clause, CLAUSE: True}) for clause in clauses)]
        return result

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Utterances are learnt as a whole."""
        return training_data
