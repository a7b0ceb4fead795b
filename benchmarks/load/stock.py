"""A stock Rasa bot of our data: the assistant one gets by following Rasa's own documentation for Chinese.

Jieba, counted words, DIET and the fallback classifier; one intent for each operation and aspect, topic and kind of
small talk; one rule for each intent, and responses with the text of our answers; Rasa's REST channel and in-memory
trackers. It runs as `rasa run` in a folder of its own.
"""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests
import yaml

from actions import account_check
from actions.conversation.context import Context
from actions.conversation.respond import Turn, fixed_reply, respond
from actions.rule_base import rules
from actions.settings import ROOT, today
from actions.understanding import Understanding
from benchmarks.nlu_compare.data import decision_of, split
from benchmarks.nlu_compare.guess import FALLBACK, intent
from benchmarks.nlu_compare.rasa_graph import write_data
from bot.nlu.labels import FRAGMENT, operation_of, topic_of
from bot.processes import free_port
from knowledge.identifiers import Aspect

READY_SECONDS: Final = 600
_FALLBACK_INTENT: Final = "nlu_fallback"
# Small talk that answers something we asked.
_ANSWERS_TO_US: Final = ("affirm", "deny")
_QUIET: Final = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


@dataclass(frozen=True, slots=True)
class RunningStock:
    """Where it answers, and its process."""

    url: str
    process: subprocess.Popen[bytes]


def prepare(folder: Path, share: str, epochs: int) -> Path:
    """Writes the project and trains it, unless the same project has been trained already; returns the model.

    Epochs change what it understands, not how long it takes.
    """
    model, trained = folder / "models" / "stock.tar.gz", folder / "trained.txt"
    digest = _write_project(folder, share, epochs)
    if model.exists() and trained.exists() and trained.read_text() == digest:
        return model
    command = [sys.executable, "-W", "ignore", "-m", "rasa", "train", "--fixed-model-name", "stock"]
    with (folder / "train.log").open("wb") as log:
        subprocess.run(command, cwd=folder, env=_environment(), stdout=log, stderr=log, check=True)
    trained.write_text(digest)
    return model


@contextmanager
def serving(folder: Path) -> Iterator[RunningStock]:
    """Starts `rasa run` on loopback, waits until it answers, and stops it at the end."""
    port = free_port(5105)
    command = [sys.executable, "-W", "ignore", "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(port)]
    with (folder / "run.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--model", "models/stock.tar.gz", "--credentials", "credentials.yml"],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    stock = RunningStock(f"http://127.0.0.1:{port}", process)
    try:
        _wait(stock, folder / "run.log")
        yield stock
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(stock: RunningStock, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if stock.process.poll() is not None:
            break
        try:
            body = {"sender": "is-it-ready", "message": "在吗"}
            answer = requests.post(f"{stock.url}/webhooks/rest/webhook", json=body, timeout=60)
            if answer.status_code == 200 and answer.json():
                return
        except (requests.ConnectionError, requests.Timeout):
            pass
        time.sleep(0.5)
    raise RuntimeError(f"the stock bot does not answer, see {log}")


def _environment() -> dict[str, str]:
    return {**os.environ, **_QUIET, "PYTHONPATH": str(ROOT)}


def _write_project(folder: Path, share: str, epochs: int) -> str:
    """Writes what `rasa train` reads, and returns its digest."""
    learnt = split(share).learnt
    labels = {intent(one.subject, one.aspect): (one.subject, one.aspect) for one in learnt}
    answers = {name: _answer(subject, aspect) for name, (subject, aspect) in sorted(labels.items())}
    answers[_FALLBACK_INTENT] = _answer(FRAGMENT, None)
    pipeline: list[dict[str, Any]] = [
        {"name": "JiebaTokenizer"},
        {"name": "CountVectorsFeaturizer"},
        {"name": "DIETClassifier", "epochs": epochs, "random_seed": 42},
        {"name": "FallbackClassifier", "threshold": FALLBACK},
    ]
    config = {"recipe": "default.v1", "assistant_id": "stock", "language": "zh", "pipeline": pipeline}
    domain = {
        "version": "3.1",
        "intents": [*labels],
        "responses": {f"utter_{name}": [{"text": text}] for name, text in answers.items()},
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }
    steps = [{"rule": name, "steps": [{"intent": name}, {"action": f"utter_{name}"}]} for name in answers]
    (folder / "data").mkdir(parents=True, exist_ok=True)
    write_data(learnt, lambda one: (intent(one.subject, one.aspect), None), folder / "data" / "nlu.yml")
    _write(folder / "data" / "rules.yml", {"version": "3.1", "rules": steps})
    _write(folder / "config.yml", {**config, "policies": [{"name": "RulePolicy"}]})
    _write(folder / "domain.yml", domain)
    _write(folder / "credentials.yml", {"rest": None})
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _answer(subject: str, aspect: str | None) -> str:
    """What our assistant says to a first question with this label."""
    operation = operation_of(subject)
    aspects: tuple[Aspect, ...] = (aspect,) if aspect else ()  # type: ignore[assignment]  # it is one of them
    decision = decision_of(subject)
    if decision in ("chitchat", "handoff") and subject not in _ANSWERS_TO_US:
        reply, _ = fixed_reply(decision, subject, Context(), rules().pack)
    else:
        understood = Understanding(
            decision, (operation,) if operation else (), aspects, topic_of(subject), confidence=1.0
        )
        reply, _ = respond(Turn(subject, understood, Context(), None, today()), rules(), account_check)
    return str(reply.to_json()["text"])


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
