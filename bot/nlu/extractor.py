"""Entity extractor and featurizer for the names of operations and topics, ownership and telephone numbers."""

from __future__ import annotations

import json
from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import FEATURIZER_CLASS_ALIAS, TOKENS_NAMES
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import ENTITIES, FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.nlu.cues import ownership_words
from bot.nlu.numbers import find_numbers
from bot.nlu.terms import Found, Term, TermMatcher
from bot.nlu.text import normalize

# Message properties that do not leave the pipeline: the list of `Found`, and whether a foreign thing is named.
TERMS: Final = "service_terms"
FOREIGN: Final = "foreign_thing"
KINDS: Final = ("operation", "topic")
_FILE: Final = "terms.json"
_GAP_WORDINGS: Final = "gap_wordings"
_FOREIGN_THINGS: Final = "foreign_things"


@DefaultV1Recipe.register(
    [DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER],
    is_trainable=True,
)
class ServiceTermExtractor(SparseFeaturizer, EntityExtractorMixin, GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Learns its terms from lookup tables and synonyms; gives entities, and one feature for each operation and topic."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Words must be known before."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages needed beside Rasa."""
        return ["spacy"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`gap_wordings`: operation -> wordings with a gap (「把…号…换」); `foreign_things`: see `ForeignThings`."""
        return {**SparseFeaturizer.get_default_config(), _GAP_WORDINGS: {}, _FOREIGN_THINGS: []}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses gap wordings that are not lists of texts by operation."""
        wordings = config.get(_GAP_WORDINGS, {})
        if not isinstance(wordings, dict) or not all(
            isinstance(entry, list) and all(isinstance(one, str) for one in entry) for entry in wordings.values()
        ):
            raise InvalidConfigException(f"{cls.__name__}：{_GAP_WORDINGS} 应是“业务: [说法, …]”。")
        things = config.get(_FOREIGN_THINGS, [])
        if not isinstance(things, list) or not all(isinstance(one, str) and one for one in things):
            raise InvalidConfigException(f"{cls.__name__}：{_FOREIGN_THINGS} 应是一列词。")

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
        terms: tuple[Term, ...] = (),
    ) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._use(terms)

    def _use(self, terms: tuple[Term, ...]) -> None:
        self._matcher = TermMatcher(terms, self._config[_FOREIGN_THINGS])
        keys = sorted({(term.kind, term.id) for term in terms})
        self._columns = {key: column for column, key in enumerate(keys)}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ServiceTermExtractor:
        """An untrained extractor."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ServiceTermExtractor:
        """A trained extractor with the terms it has learnt."""
        with model_storage.read_from(resource) as folder:
            rows = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        terms = tuple(Term(*row) for row in rows)
        return cls(config, execution_context.node_name, model_storage, resource, terms)

    def train(self, training_data: TrainingData) -> Resource:
        """Takes the terms of the rule base out of the training data."""
        self._use(tuple(self._terms_of(training_data)))
        with self._model_storage.write_to(self._resource) as folder:
            rows = [[term.kind, term.id, term.wording] for term in self._matcher.terms]
            (folder / _FILE).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def _terms_of(self, training_data: TrainingData) -> list[Term]:
        identifiers: dict[str, set[str]] = {}
        for wording, identifier in training_data.entity_synonyms.items():
            identifiers.setdefault(normalize(wording), set()).add(identifier)
        terms = {
            Term(table["name"], identifier, normalize(wording))
            for table in training_data.lookup_tables
            if table["name"] in KINDS
            for wording in table["elements"]
            for identifier in identifiers.get(normalize(wording), ())
        }
        terms |= {
            Term("operation", operation, wording)
            for operation, wordings in self._config[_GAP_WORDINGS].items()
            for wording in wordings
        }
        return sorted(terms, key=lambda term: (term.kind, term.id, term.wording))

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds entities, features and the terms themselves to messages."""
        for message in messages:
            found = self._read(message)
            entities = message.get(ENTITIES, []) + self.add_extractor_name(_entities(message.get(TEXT) or "", found))
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds features and terms to training examples; they carry no entities."""
        for message in training_data.training_examples:
            self._read(message)
        return training_data

    def _read(self, message: Message) -> list[Found]:
        tokens = message.get(TOKENS_NAMES[TEXT]) or []
        found = self._matcher.find(message.get(TEXT) or "", [(token.start, token.end) for token in tokens])
        message.set(TERMS, found)
        message.set(FOREIGN, self._matcher.foreign_things.named(message.get(TEXT) or ""))
        columns = sorted({self._columns[one.kind, one.id] for one in found if one.asked_for})
        row = csr_matrix(
            (np.ones(len(columns), dtype=np.float32), ([0] * len(columns), columns)),
            shape=(1, max(len(self._columns), 1)),
        )
        alias = self._config[FEATURIZER_CLASS_ALIAS] or self._identifier
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, alias))
        return found


def _entities(text: str, found: list[Found]) -> list[dict[str, Any]]:
    spans = [(one.start, one.end, one.kind, one.id) for one in found if one.asked_for]
    spans += [(start, end, "number", digits) for start, end, digits in find_numbers(text)]
    spans += [(start, end, "ownership", ownership) for start, end, ownership in ownership_words(text)]
    return [{"entity": kind, "start": start, "end": end, "value": value} for start, end, kind, value in sorted(spans)]
