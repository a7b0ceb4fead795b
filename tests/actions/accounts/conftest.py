"""Fixtures of the account tests: declared facts and import files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.facts import FactSpec, load_facts

ROOT = Path(__file__).resolve().parents[3]
WriteFile = Callable[..., Path]


@pytest.fixture(scope="session")
def facts() -> dict[str, FactSpec]:
    return load_facts(ROOT / "knowledge" / "facts.yml")


@pytest.fixture
def write_file(tmp_path: Path) -> WriteFile:
    """Writes an import file; a line is a record, or text or bytes as they are."""

    def write(*lines: dict[str, Any] | str | bytes, name: str = "accounts.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(b"".join(_line(line) + b"\n" for line in lines))
        return path

    return write


def _line(line: dict[str, Any] | str | bytes) -> bytes:
    if isinstance(line, bytes):
        return line
    return (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)).encode()
