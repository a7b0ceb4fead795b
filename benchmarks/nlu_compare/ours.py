"""The pipeline of this project (`config.yml`), whole and with parts taken away."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from actions.settings import settings
from actions.understanding import Understanding
from benchmarks.nlu_compare import rasa_graph
from benchmarks.nlu_compare.guess import Guess, Judgement
from bot.nlu.assessment.diversity import Utterance
from bot.nlu.clauses import understand
from bot.nlu.decision import Thresholds
from bot.nlu.evidence import Trust
from bot.nlu.labels import (
    FRAGMENT,
    OWNERSHIP_INTENT,
    TOPIC_INTENT,
    aspect_intent,
    operation_of,
    topic_of,
)
from bot.nlu.reading import Reading
from bot.nlu.train_model import write_config
from bot.nlu.understanding import ServiceUnderstanding
from bot.training import materials

_READING: Final = "reading"
_TERMS: Final = "terms"
_WITHOUT_GUARD: Final = 0.5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ReadingUnderstanding(ServiceUnderstanding):
    """Ours, which also shows what it decided from."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the readings of a message and of its clauses beside the understanding."""
        trust = self._learnt.trust if self._learnt else Trust.unlearnt()
        messages[0].set(_READING, (self.read(messages), self._thresholds, trust), add_to_output=True)
        return messages[:1]


@dataclass(frozen=True, slots=True)
class OurJudgement:
    """Readings of a message and its clauses that are still to be decided on."""

    readings: Sequence[Reading]
    thresholds: Thresholds
    trust: Trust

    def given(self) -> Understanding:
        """With the thresholds of `config.yml`."""
        return understand(self.readings, self.thresholds, self.trust)

    def at(self, threshold: float) -> Understanding:
        """With this confidence asked for before a rule is answered."""
        thresholds = replace(self.thresholds, answer_with_term=threshold, answer_with_neighbour=threshold)
        return understand(self.readings, thresholds, self.trust)


Judge = Callable[[Sequence[Reading], Thresholds, Trust], Judgement]


def as_decided(readings: Sequence[Reading], thresholds: Thresholds, trust: Trust) -> Judgement:
    """Guard and calibration as they are."""
    return OurJudgement(readings, thresholds, trust)


def uncalibrated(readings: Sequence[Reading], thresholds: Thresholds, _: Trust) -> Judgement:
    """The classifier's probabilities are believed."""
    return OurJudgement(readings, thresholds, Trust.unlearnt())


def unguarded(readings: Sequence[Reading], *_: object) -> Judgement:
    """Whatever is likeliest is said, from a threshold on, as the stock fallback does."""
    reading = readings[0]
    return Guess.of_heads(reading.subjects, reading.aspects, _WITHOUT_GUARD)


class Ours:
    """The pipeline of `config.yml`; `kernel` changes the shape of its kernel."""

    def __init__(self, judge: Judge = as_decided, terms: bool = True, **kernel: float) -> None:
        self._judge, self._terms, self._kernel = judge, terms, kernel

    def train(self, data: Sequence[Utterance], folder: Path) -> None:
        """Trains as `python -m bot train` does."""
        own = folder / "own.yml"
        write_config(materials().config, settings().pack, own)
        pipeline = copy.deepcopy(yaml.safe_load(own.read_text(encoding="utf-8"))["pipeline"])
        for component in pipeline:
            if component["name"].endswith(".ServiceUnderstanding"):
                component["name"] = f"{__name__}.{ReadingUnderstanding.__name__}"
                component["kernel"].update(self._kernel)
                if not self._terms:
                    component["ngrams"].remove(_TERMS)
        # The wordings of the rule base come from lookup tables: without them, no term is ever found.
        generated = sorted(settings().generated.glob("*.yml")) if self._terms else []
        rasa_graph.train(pipeline, data, label, folder, generated)

    def load(self, folder: Path) -> OurReader:
        """The trained pipeline."""
        return OurReader(rasa_graph.Runner(folder), self._judge)


@dataclass(frozen=True, slots=True)
class OurReader:
    """Reads messages with our trained pipeline."""

    runner: rasa_graph.Runner
    judge: Judge

    def read(self, text: str) -> Judgement:
        """One message."""
        readings, thresholds, trust = self.runner.parse(text)[_READING]
        return self.judge(readings, thresholds, trust)


def label(utterance: Utterance) -> tuple[str, dict[str, str] | None]:
    """Our intent of an utterance, and the block metadata."""
    operation, topic = operation_of(utterance.subject), topic_of(utterance.subject)
    if topic:
        return TOPIC_INTENT, {"topic": topic}
    if operation:
        return aspect_intent(_aspect(utterance)), {"operation": operation}
    if utterance.subject == FRAGMENT:
        return (aspect_intent(_aspect(utterance)) if utterance.aspect else OWNERSHIP_INTENT), None
    return utterance.subject, None


def _aspect(utterance: Utterance) -> Any:
    return utterance.aspect
