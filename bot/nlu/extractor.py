"""Entity extractor and featurizer for the names of operations and topics, ownership and telephone numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
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
from rasa.shared.nlu.constants import ENTITIES, FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix

from bot.nlu.cues import Operator, ownership_words
from bot.nlu.half_said import bare
from bot.nlu.numbers import find_numbers
from bot.nlu.terms import Found, Term, TermMatcher
from bot.nlu.text import normalize
from knowledge.model import GAP
from knowledge.vocabulary import (
    BETWEEN_OPERATIONS,
    CALLED_TABLE,
    FOREIGN_TABLE,
    HALF_SAID_TABLE,
    HOTLINE_TABLE,
    OWN_TABLE,
)

# Message properties that do not leave the pipeline: the list of `Found`, whether a foreign thing is named, which
# operations the whole message may mean where it is a word or two, and whose rules these are.
TERMS: Final = "service_terms"
FOREIGN: Final = "foreign_thing"
HALF_SAID: Final = "half_said"
OPERATOR: Final = "operator"
KINDS: Final = ("operation", "topic")
_FILE: Final = "terms.json"


@dataclass(frozen=True, slots=True)
class PackWords:
    """What the rule pack says of words by themselves: foreign things, the operator, and bare word -> operations."""

    foreign_things: tuple[str, ...]
    operator: Operator
    half_said: Mapping[str, tuple[str, ...]]


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

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing of its own can be configured: what is found is what the rule base says."""

    def __init__(
        self,
        config: dict[str, Any],
        name: str,
        model_storage: ModelStorage,
        resource: Resource,
    ) -> None:
        super().__init__(name, config)
        self._model_storage = model_storage
        self._resource = resource
        self._use((), PackWords((), Operator(), {}))

    def _use(self, terms: tuple[Term, ...], words: PackWords) -> None:
        self._words = words
        self._matcher = TermMatcher(terms, words.foreign_things)
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
            learnt = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        extractor = cls(config, execution_context.node_name, model_storage, resource)
        extractor._use(
            tuple(Term(*row) for row in learnt["terms"]),
            PackWords(
                tuple(learnt["foreign_things"]),
                Operator(**{key: tuple(words) for key, words in learnt["operator"].items()}),
                {said: tuple(operations) for said, operations in learnt["half_said"].items()},
            ),
        )
        return extractor

    def train(self, training_data: TrainingData) -> Resource:
        """Takes the terms of the rule base out of the training data."""
        self._use(tuple(terms_of(training_data)), words_of_pack(training_data))
        learnt = {
            "terms": [[term.kind, term.id, term.wording] for term in self._matcher.terms],
            **asdict(self._words),
        }
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(learnt, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Adds entities, features and the terms themselves to messages."""
        for message in messages:
            found = self._read(message)
            entities = message.get(ENTITIES, []) + self.add_extractor_name(
                _entities(message.get(TEXT) or "", found, self._words.operator)
            )
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Adds features and terms to training examples; they carry no entities."""
        for message in training_data.training_examples:
            self._read(message)
        return training_data

    def _read(self, message: Message) -> list[Found]:
        text = message.get(TEXT) or ""
        tokens = message.get(TOKENS_NAMES[TEXT]) or []
        found = self._matcher.find(text, [(token.start, token.end) for token in tokens])
        message.set(TERMS, found)
        message.set(OPERATOR, self._words.operator)
        message.set(FOREIGN, self._matcher.foreign_things.named(text))
        message.set(HALF_SAID, self._words.half_said.get(bare(text), ()))
        columns = sorted({self._columns[one.kind, one.id] for one in found if one.asked_for})
        row = csr_matrix(
            (np.ones(len(columns), dtype=np.float32), ([0] * len(columns), columns)),
            shape=(1, max(len(self._columns), 1)),
        )
        alias = self._config[FEATURIZER_CLASS_ALIAS] or self._identifier
        message.add_features(Features(row, FEATURE_TYPE_SENTENCE, TEXT, alias))
        return found


def words_of_pack(training_data: TrainingData) -> PackWords:
    """What the rule pack says of words by themselves."""
    tables = {table["name"]: tuple(table["elements"]) for table in training_data.lookup_tables}
    operator = Operator(tables.get(CALLED_TABLE, ()), tables.get(HOTLINE_TABLE, ()))
    half_said = {
        bare(normalize(word)): tuple(name.partition("/")[2].split(BETWEEN_OPERATIONS))
        for name, words in tables.items()
        if name.startswith(f"{HALF_SAID_TABLE}/")
        for word in words
    }
    return PackWords(tables.get(FOREIGN_TABLE, ()), operator, half_said)


def terms_of(training_data: TrainingData) -> list[Term]:
    """The wordings of the rule base, and those with a gap."""
    identifiers: dict[str, set[str]] = {}
    for wording, identifier in training_data.entity_synonyms.items():
        identifiers.setdefault(normalize(wording), set()).add(identifier)
    terms: set[Term] = set()
    for table in training_data.lookup_tables:
        name = table["name"]
        if name in KINDS:
            terms |= {
                Term(name, identifier, normalize(wording))
                for wording in table["elements"]
                for identifier in identifiers.get(normalize(wording), ())
            }
        elif name.startswith(f"{OWN_TABLE}/"):
            _, kind, entry = name.split("/")
            # Normalising would take the gap for punctuation.
            terms |= {Term(kind, entry, word if GAP in word else normalize(word)) for word in table["elements"]}
    return sorted(terms, key=lambda term: (term.kind, term.id, term.wording))


def _entities(text: str, found: list[Found], operator: Operator) -> list[dict[str, Any]]:
    spans = [(one.start, one.end, one.kind, one.id) for one in found if one.asked_for]
    spans += [(start, end, "number", digits) for start, end, digits in find_numbers(text)]
    spans += [(start, end, "ownership", ownership) for start, end, ownership in ownership_words(text, operator)]
    return [{"entity": kind, "start": start, "end": end, "value": value} for start, end, kind, value in sorted(spans)]
