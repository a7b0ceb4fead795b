"""The classifier at the end of the pipeline: subject, aspect and decision of a message."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy import sparse
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from actions.understanding import KEY
from bot.nlu.clauses import understand
from bot.nlu.cues import names_something_of_ours, ownership_of
from bot.nlu.decision import Thresholds, intent_of
from bot.nlu.evidence import Trust
from bot.nlu.extractor import FOREIGN, HALF_SAID, OPERATOR, TERMS, ServiceTermExtractor
from bot.nlu.kernel import KernelHead, KernelShape, Matrix, TextSpace, kernel, probabilities
from bot.nlu.labels import LabelError, labels_of
from bot.nlu.numbers import find_numbers, find_tails
from bot.nlu.questions import asks_permission, aspect_places, aspects_of, only_asks, possible_aspects, question_clauses
from bot.nlu.reading import Reading
from bot.nlu.references import choice_of, leans_back, other_number
from bot.nlu.splitter import CLAUSE

_FILE: Final = "heads.npz"
_SUBJECT: Final = "subject"
_ASPECT: Final = "aspect"
_RANKED: Final = 10
_REQUIRED: Final = ("ngrams", "encoder", "kernel", "sharpness", "thresholds")


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What training leaves: the utterances, what each is about, and the two questions asked of them."""

    space: TextSpace
    labels: tuple[str, ...]
    subjects: KernelHead
    aspects: KernelHead
    trust: Trust

    def save(self, folder: Path) -> None:
        """Writes everything into a folder; `load` reads it back."""
        self.space.save(folder)
        heads = {**self.subjects.arrays(_SUBJECT), **self.aspects.arrays(_ASPECT)}
        np.savez(folder / _FILE, labels=np.array(self.labels), **heads, **self.trust.arrays())

    @classmethod
    def load(cls, folder: Path) -> _Learnt:
        """Reads what `save` wrote."""
        with np.load(folder / _FILE, allow_pickle=False) as arrays:
            return cls(
                TextSpace.load(folder),
                tuple(map(str, arrays["labels"])),
                KernelHead.of_arrays(_SUBJECT, arrays),
                KernelHead.of_arrays(_ASPECT, arrays),
                Trust.of_arrays(arrays),
            )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ServiceUnderstanding(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa has no types
    """Sets `understanding`, and from it the intent that the dialogue rules know."""

    @classmethod
    def required_components(cls) -> list[type]:
        """Features and service terms must be there before."""
        return [Featurizer, ServiceTermExtractor]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages needed beside Rasa."""
        return ["scipy"]

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Refuses a configuration that is incomplete or out of range: `config.yml` is the one place of every value."""
        missing = [key for key in _REQUIRED if key not in config]
        if missing:
            raise InvalidConfigException(f"{cls.__name__}：config.yml 里缺少 {'、'.join(missing)}")
        try:
            KernelShape(**config["kernel"])
            Thresholds.of(config["thresholds"])
        except (TypeError, ValueError) as error:
            raise InvalidConfigException(f"{cls.__name__}：{error}") from error

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self.validate_config(config)
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._shape = KernelShape(**config["kernel"])
        self._thresholds = Thresholds.of(config["thresholds"])
        self._learnt: _Learnt | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ServiceUnderstanding:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns subjects and aspects from the examples that have an intent."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        try:
            labels = [labels_of(message.get(INTENT), message.get("metadata")) for message in examples]
        except LabelError as error:
            raise InvalidConfigException(str(error)) from error
        space = TextSpace.of(*self._features(examples))
        subjects = tuple(subject for subject, _ in labels)
        nearest: list[dict[str, float]] = []
        within = space.kernel_within(
            self._shape, lambda first, likeness: nearest.extend(_nearest_others(subjects, likeness[0], first))
        )
        aspect_head = KernelHead.fit(within, [aspect for _, aspect in labels], self._shape.ridge)
        subject_head, left_out = KernelHead.fit_leaving_out(within, subjects, self._shape.ridge)
        rows = probabilities(left_out, self._config["sharpness"])
        readings = [
            Reading(
                text=example.get(TEXT),
                subjects=_row(subject_head.classes, row),
                aspects={},
                terms=example.get(TERMS) or (),
                nearest=near,
                foreign=_is_foreign(example),
            )
            for example, row, near in zip(examples, rows, nearest, strict=True)
        ]
        trust = Trust.fit(readings, subjects)
        self._learnt = _Learnt(space, subjects, subject_head, aspect_head, trust)
        with self._model_storage.write_to(self._resource) as folder:
            self._learnt.save(folder)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ServiceUnderstanding:
        """A trained classifier."""
        # The products of one message are small: threads would wait for each other longer than they work.
        threadpool_limits(limits=1)
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._learnt = _Learnt.load(folder)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets understanding, intent and intent ranking of messages, and takes their clauses away."""
        trust = self._learnt.trust if self._learnt else Trust.unlearnt()
        whole: list[Message] = []
        for message, clauses in _with_clauses(messages):
            readings = self.read([message, *clauses])
            understanding = understand(readings, self._thresholds, trust)
            intent = {"name": intent_of(understanding), "confidence": understanding.confidence}
            message.set(KEY, understanding.to_json(), add_to_output=True)
            message.set(INTENT, intent, add_to_output=True)
            message.set("intent_ranking", [intent], add_to_output=True)
            message.set("subject_ranking", _subject_ranking(readings[0]), add_to_output=True)
            whole.append(message)
        return whole

    def read(self, messages: Sequence[Message]) -> list[Reading]:
        """What is known of each message before it is decided what it says."""
        told = [message for message in messages if message.get(TEXT)]
        if not self._learnt or not told:
            return [self._reading(message, {}, {}, {}) for message in messages]
        # All at once: the products go through every training utterance, whatever the number of messages.
        likeness = self._learnt.space.likeness(*self._features(told))
        similar = kernel(likeness, self._shape)
        sharpness = self._config["sharpness"]
        subjects = probabilities(self._learnt.subjects.scores(similar), sharpness)
        aspects = probabilities(self._learnt.aspects.scores(similar), sharpness)
        readings = {
            id(message): self._reading(
                message,
                _row(self._learnt.subjects.classes, subjects[row]),
                _row(self._learnt.aspects.classes, aspects[row]),
                _nearest(self._learnt.labels, likeness[0][row]),
            )
            for row, message in enumerate(told)
        }
        return [readings.get(id(message)) or self._reading(message, {}, {}, {}) for message in messages]

    def _reading(
        self,
        message: Message,
        subjects: Mapping[str, float],
        by_name: Mapping[str, float],
        nearest: Mapping[str, float],
    ) -> Reading:
        text = message.get(TEXT) or ""
        operator = message.get(OPERATOR)
        aspects = {aspect: by_name[aspect] for aspect in possible_aspects(text) if aspect in by_name}
        return Reading(
            text=text,
            subjects=subjects,
            aspects=aspects,
            terms=message.get(TERMS) or (),
            nearest=nearest,
            cued_aspects=aspects_of(text, operator),
            aspect_places=aspect_places(text, operator),
            questions=question_clauses(text, operator),
            only_asks=only_asks(text, operator),
            ownership=ownership_of(text, operator),
            numbers=tuple(digits for _, _, digits in find_numbers(text)),
            tails=find_tails(text),
            other_number=other_number(text),
            permission=asks_permission(text, operator),
            choice=choice_of(text),
            follow_up=leans_back(text),
            foreign=_is_foreign(message),
            half_said=message.get(HALF_SAID) or (),
        )

    def _features(self, messages: Sequence[Message]) -> tuple[sparse.csr_matrix, Matrix]:
        """(n-gram counts, sentence vectors) of messages, a row each."""
        columns, numbers, lengths, vectors = [], [], [], []
        for message in messages:
            blocks = [message.get_sparse_features(TEXT, [alias])[1] for alias in self._config["ngrams"]]
            vector = message.get_dense_features(TEXT, [self._config["encoder"]])[1]
            if vector is None or any(block is None for block in blocks):
                raise InvalidConfigException(
                    "ServiceUnderstanding：流水线里缺少它用的特征，请检查 config.yml 里各组件的 alias。"
                )
            counts = [block.features.tocoo(copy=False) for block in blocks]
            edges = list(accumulate((count.shape[1] for count in counts), initial=0))
            columns += [count.col + edge for count, edge in zip(counts, edges, strict=False)]
            numbers += [count.data for count in counts]
            lengths.append(sum(count.nnz for count in counts))
            vectors.append(vector.features)
        # Put together by hand: for one row scipy's own stacking takes longer than comparing it with every utterance.
        rows = sparse.csr_matrix(
            (np.concatenate(numbers).astype(np.float32), np.concatenate(columns), np.cumsum([0, *lengths])),
            shape=(len(messages), edges[-1]),
        )
        return rows, np.vstack(vectors).astype(np.float32)


def _with_clauses(messages: Sequence[Message]) -> list[tuple[Message, list[Message]]]:
    """Each message with the clauses of it that stand behind it."""
    grouped: list[tuple[Message, list[Message]]] = []
    for message in messages:
        if message.get(CLAUSE):
            grouped[-1][1].append(message)
        else:
            grouped.append((message, []))
    return grouped


def _row(classes: tuple[str, ...], values: Matrix) -> dict[str, float]:
    return dict(zip(classes, map(float, values), strict=True))


def _nearest(labels: Sequence[str], similarities: Matrix) -> dict[str, float]:
    """The labels of the nearest utterances, and how near the nearest of each is."""
    among = np.argpartition(-similarities, _RANKED)[:_RANKED] if len(labels) > _RANKED else np.arange(len(labels))
    nearest: dict[str, float] = {}
    for row in among[np.lexsort((among, -similarities[among]))]:
        nearest.setdefault(labels[row], float(similarities[row]))
    return nearest


def _nearest_others(labels: Sequence[str], rows: Matrix, first: int) -> list[dict[str, float]]:
    """The same for some training utterances, from the number `first` on, among the others."""
    nearest = []
    for number, row in enumerate(rows, start=first):
        others = row.copy()
        others[number] = -1
        nearest.append(_nearest(labels, others))
    return nearest


def _is_foreign(message: Message) -> bool:
    """Whether something is named that the same words are also said of, and nothing that an operator has to do with."""
    return bool(message.get(FOREIGN)) and not names_something_of_ours(message.get(TEXT) or "", message.get(OPERATOR))


def _subject_ranking(reading: Reading) -> list[dict[str, Any]]:
    ranked = sorted(reading.subjects.items(), key=lambda one: -one[1])[:_RANKED]
    return [{"name": name, "confidence": round(value, 4)} for name, value in ranked]
