"""A rule pack of a fictitious operator, copied so that training and accounts stay out of the project."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.settings import ROOT, settings

XINGCHA = Path(__file__).parent / "xingcha"
# Settings that would point away from the pack.
ELSEWHERE = ("RULES_DIR", "RULE_SOURCES", "BOT_VAR", "ACCOUNTS_URL", "BOT_DEMO")
Dialogues = Callable[[list[dict[str, Any]]], dict[str, list[dict[str, Any]]]]


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the pack, without what earlier runs made of it."""
    copy = tmp_path_factory.mktemp("packs") / "xingcha"
    shutil.copytree(XINGCHA, copy, ignore=shutil.ignore_patterns("models", "var"))
    return copy


@pytest.fixture
def inside(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """The settings of somebody who runs the product with this pack."""
    for name in ELSEWHERE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BOT_PACK", str(pack))
    monkeypatch.setenv("RULES_TODAY", "2026-11-22")
    settings.cache_clear()
    yield monkeypatch
    settings.cache_clear()


@pytest.fixture(scope="session")
def dialogues(pack: Path) -> Dialogues:
    """Plays dialogues through the whole stack in a process of its own, which trains first: id -> turns."""
    environment = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}

    def play(asked: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
        finished = subprocess.run(
            [sys.executable, "-m", "bot", "dialogue"],
            cwd=ROOT,
            env={**environment, "BOT_PACK": str(pack), "RULES_TODAY": "2026-11-22"},
            input="\n".join(json.dumps(one, ensure_ascii=False) for one in asked),
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        return {one["id"]: one["turns"] for one in map(json.loads, finished.stdout.splitlines())}

    return play
