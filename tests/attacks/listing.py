"""Writes docs/attacks.md from the names of the attempts: `python -m tests.attacks.listing`, `make attack-list`."""

import ast
import re
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest

from actions.settings import ROOT

HERE: Final = Path(__file__).resolve().parent
LIST: Final = ROOT / "docs" / "attacks.md"
_INTRODUCTION: Final = """# What has been tried against the gateway, and must not succeed

Generated from the tests of `tests/attacks/` by `make attack-list`; a test compares. Each line is one attempt against the
running system (gateway, Rasa, action server, databases as `serve` starts them), with what must **not** happen as its
name; where it matters, the test also looks into the databases, the conversation tracker and the logs. In parentheses:
the variants. {named} attempts in {kinds} kinds, {total} with their variants; `make system-tests` runs them all.
"""


class _Collected:
    """A plugin of pytest that keeps what was collected."""

    def __init__(self) -> None:
        self.items: list[pytest.Item] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Called by pytest."""
        self.items = list(session.items)


def attack_list() -> str:
    """The document."""
    collected = _Collected()
    arguments = [
        "--collect-only",
        "-q",
        "-p",
        "no:cacheprovider",
        "--no-header",
        "--no-summary",
        "--capture=sys",
        str(HERE),
    ]
    code = pytest.main(arguments, plugins=[collected])
    if code != pytest.ExitCode.OK:
        raise SystemExit(int(code))
    kinds: dict[Path, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    attempts = [item for item in collected.items if item.path.stem not in _NO_ATTEMPTS]
    for item in attempts:
        name, _, variant = item.name.partition("[")
        kinds[item.path][name].append(variant.removesuffix("]"))
    parts = [
        _INTRODUCTION.format(total=len(attempts), kinds=len(kinds), named=sum(len(tests) for tests in kinds.values()))
    ]
    for path, tests in kinds.items():
        title = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or path.stem
        count = sum(len(variants) for variants in tests.values())
        parts.append(f"## {title.rstrip('.')} ({count})\n\n" + "\n".join(_line(*test) for test in tests.items()) + "\n")
    return "\n".join(parts)


# Tests of this list, and of the interface against its description.
_NO_ATTEMPTS: Final = ("test_list", "test_openapi")


def _line(name: str, variants: list[str]) -> str:
    sentence = name.removeprefix("test_").replace("_", " ")
    named = [variant for variant in variants if variant]
    if not named:
        return f"* {sentence}"
    shown = ", ".join(f"`{_readable(variant)}`" for variant in named)
    return f"* {sentence} ({len(named)}: {shown})"


def _readable(variant: str) -> str:
    """Chinese as Chinese, nothing that a document or a terminal would take for a sign of its own, and not too long."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda found: _letter(int(found[1], 16)) or found[0], variant.replace("`", "'"))
    return text if len(text) <= 60 else f"{text[:60]}…"


def _letter(code: int) -> str | None:
    letter = chr(code)
    return letter if unicodedata.category(letter)[0] in "LNPS" else None


if __name__ == "__main__":
    LIST.write_text(attack_list(), encoding="utf-8")
    sys.stderr.write(f"{LIST.relative_to(ROOT)} written\n")
