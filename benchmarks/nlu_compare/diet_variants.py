"""The stock pipeline with fewer intents, which is what people make of it when there are too many."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, cast

from actions.settings import settings
from benchmarks.nlu_compare import rasa_graph
from benchmarks.nlu_compare.diet import WatchedDIET
from benchmarks.nlu_compare.guess import FALLBACK, Candidate, Guess
from benchmarks.nlu_compare.ours import label
from bot.nlu.assessment.diversity import Utterance
from bot.nlu.labels import (
    FRAGMENT,
    OWNERSHIP_INTENT,
    TOPIC_INTENT,
    operation_subject,
    topic_subject,
)
from knowledge.identifiers import ASPECTS, Aspect

_SUBJECT, _ASPECT, _LOOKUP = "subject", "aspect", "lookup"
_LOOKING_UP: Final[list[dict[str, Any]]] = [
    {"name": "JiebaTokenizer"},
    # As every guide to Chinese says: without word boundaries.
    {"name": "RegexEntityExtractor", "use_word_boundaries": False, "use_regexes": False},
    {"name": "EntitySynonymMapper"},
]
# Rasa leaves the tables of entities out that no utterance is annotated with.
_NAMED: Final = """version: "3.1"
nlu:
- intent: named
  examples: |
    - [过户](operation)
    - [补卡](operation)
    - [保密制度](topic)
"""
_ASK: Final = "ask_"
_ASKS: Final = {f"{_ASK}{aspect}": aspect for aspect in ASPECTS}


class TwoQuestions:
    """Two stock pipelines: one is asked what a message is about, one what is asked of it."""

    def __init__(self, epochs: int = 100) -> None:
        self._epochs = epochs

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Trains one after the other."""
        _train(data, lambda one: (one.subject, None), folder / _SUBJECT, self._epochs)
        asked = [one for one in data if one.aspect]
        _train(asked, lambda one: (cast(str, one.aspect), None), folder / _ASPECT, self._epochs)

    def load(self, folder: Path) -> TwoQuestionsReader:
        """Both."""
        return TwoQuestionsReader(folder)


class TwoQuestionsReader:
    """Asks both pipelines."""

    def __init__(self, folder: Path) -> None:
        self._subjects, self._aspects = (rasa_graph.Runner(folder / name) for name in (_SUBJECT, _ASPECT))

    def read(self, text: str) -> Guess:
        """One message."""
        aspects = {cast(Aspect, name): confidence for name, confidence in self._aspects.ranking(text)}
        return Guess.of_heads(dict(self._subjects.ranking(text)), aspects, FALLBACK)


class AspectAndLookup:
    """DIET tells the eight aspects and the rest apart; which operation or topic it is, a lookup table knows."""

    def __init__(self, epochs: int = 100) -> None:
        self._epochs = epochs

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Trains DIET with the intents of our own domain, and beside it the lookup tables with the wordings of the rule base."""
        _train(data, lambda one: (label(one)[0], None), folder, self._epochs)
        lookup = folder / _LOOKUP
        lookup.mkdir(parents=True, exist_ok=True)
        named = lookup / "named.yml"
        named.write_text(_NAMED, encoding="utf-8")
        tables = [settings().generated / name for name in ("lookup.yml", "synonyms.yml")]
        rasa_graph.train(_LOOKING_UP, [], lambda _one: ("named", None), lookup, [named, *tables])

    def load(self, folder: Path) -> AspectAndLookupReader:
        """The trained pipeline."""
        return AspectAndLookupReader(folder)


class AspectAndLookupReader:
    """Reads messages with intents and entities."""

    def __init__(self, folder: Path) -> None:
        self._runner = rasa_graph.Runner(folder)
        self._lookup = rasa_graph.Runner(folder / _LOOKUP)

    def read(self, text: str) -> Guess:
        """One message; where nothing of ours is named, what is asked of it stays a fragment."""
        parsed = self._runner.parse(text)
        named: dict[str, list[str]] = {"operation": [], "topic": []}
        for entity in self._lookup.parse(text).get("entities") or []:
            if entity["entity"] in named:
                named[entity["entity"]].append(entity["value"])
        operation, topic = (next(iter(named[kind]), None) for kind in ("operation", "topic"))
        candidates = [
            self._candidate(one["name"], one["confidence"], operation, topic)
            for one in parsed.get("intent_ranking") or []
            if one["name"] != "nlu_fallback"
        ]
        return Guess(tuple(candidates), FALLBACK)

    @staticmethod
    def _candidate(intent: str, confidence: float, operation: str | None, topic: str | None) -> Candidate:
        aspect = _ASKS.get(intent)
        if operation and (aspect or (intent == TOPIC_INTENT and not topic)):
            return Candidate(operation_subject(operation), aspect, confidence)
        if topic and (aspect or intent == TOPIC_INTENT):
            return Candidate(topic_subject(topic), None, confidence)
        if aspect or intent in (OWNERSHIP_INTENT, TOPIC_INTENT):
            return Candidate(FRAGMENT, aspect, confidence)
        return Candidate(intent, None, confidence)


def _train(
    data: Sequence[Utterance],
    named: rasa_graph.Label,
    folder: Path,
    epochs: int,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    diet = {
        "name": f"{WatchedDIET.__module__}.{WatchedDIET.__name__}",
        "random_seed": 42,
        "watched": str(folder),
        "epochs": epochs,
    }
    pipeline: list[dict[str, Any]] = [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        diet,
        {"name": "FallbackClassifier", "threshold": FALLBACK},
    ]
    rasa_graph.train(pipeline, data, named, folder)
