"""Pipelines of Rasa components: trained and asked through Rasa's own graph."""

import contextlib
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from bot.nlu.assessment.diversity import Utterance

MODEL: Final = "model.tar.gz"
# A line for each epoch of a neural classifier.
EPOCHS: Final = "epochs.jsonl"
Pipeline = Sequence[Mapping[str, Any]]
# The intent and the block metadata of an utterance.
Label = Callable[[Utterance], tuple[str, dict[str, str] | None]]


def train(pipeline: Pipeline, data: Sequence[Utterance], label: Label, folder: Path, more: Sequence[Path] = ()) -> None:
    """Trains in this process and leaves the model in the folder; `more`: other training files, as they are."""
    lines = folder / "nlu"
    lines.mkdir(parents=True, exist_ok=True)
    write_data(data, label, lines / "utterances.yml")
    for path in more:
        (lines / path.name).write_bytes(path.read_bytes())
    config = folder / "config.yml"
    content = {"recipe": "default.v1", "assistant_id": "comparison", "language": "zh", "pipeline": list(pipeline)}
    config.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    with contextlib.redirect_stdout(sys.stderr), contextlib.chdir(folder):
        from rasa.model_training import train_nlu

        train_nlu(config=str(config), nlu_data=str(lines), output=str(folder), fixed_model_name=MODEL)


def write_data(data: Sequence[Utterance], label: Label, path: Path) -> None:
    """Writes utterances as Rasa training data."""
    blocks: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = defaultdict(list)
    for utterance in data:
        name, metadata = label(utterance)
        blocks[name, tuple((metadata or {}).items())].append(utterance.written)
    content = [
        {
            "intent": name,
            **({"metadata": dict(metadata)} if metadata else {}),
            "examples": "".join(f"- {text}\n" for text in texts),
        }
        for (name, metadata), texts in blocks.items()
    ]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": content}, allow_unicode=True), encoding="utf-8")


class Runner:
    """A trained model, loaded."""

    def __init__(self, folder: Path) -> None:
        from bot.nlu.parser import Parser

        self._parser = Parser(folder / MODEL)

    def parse(self, text: str) -> dict[str, Any]:
        """Rasa's parse data of one message."""
        return self._parser.parse_data(text)

    def ranking(self, text: str) -> list[tuple[str, float]]:
        """The intents of a message, the likeliest first; the fallback is not one of them."""
        ranked = self.parse(text).get("intent_ranking") or []
        return [(one["name"], one["confidence"]) for one in ranked if one["name"] not in (None, "nlu_fallback")]

    def component(self, kind: type) -> Any:
        """The loaded component of this class."""
        nodes = self._parser._runner._instantiated_nodes.values()
        return next(node._component for node in nodes if isinstance(node._component, kind))
