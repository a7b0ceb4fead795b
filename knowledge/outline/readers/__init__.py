"""Reads a rule document as lines with their places."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Final, cast

from knowledge.outline.model import Progress, Reading
from knowledge.outline.readers.refused import RefusedError
from knowledge.outline.wording import say
from knowledge.yaml_source import KnowledgeError, Problem

# Larger files are no rule documents; reading them would only fill the memory.
_LARGEST: Final = 200 * 1024 * 1024
# ending -> module below this package
_MODULES: Final = {".txt": "text_file", ".docx": "word_file", ".pdf": "pdf_file"}
# How files of a type begin: what somebody gave a wrong ending is named for what it is.
_SIGNATURES: Final = {b"%PDF-": "pdf", b"PK\x03\x04": "zip", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "old_office"}
_EXPECTED: Final = {".txt": None, ".docx": "zip", ".pdf": "pdf"}


def read_document(path: Path, progress: Progress) -> Reading:
    """The lines of a txt, docx or pdf file.

    Raises `KnowledgeError` with one sentence where it cannot be read, is empty, encrypted, or of another type.
    """
    try:
        reading = _reader(path)(path, progress)
        if not any(line.text for line in reading.lines):
            raise RefusedError("empty")
    except RefusedError as refusal:
        raise KnowledgeError([Problem(path, 0, say("refusals", refusal.key, **refusal.values))]) from refusal
    except FileNotFoundError as error:
        raise KnowledgeError([Problem(path, 0, say("refusals", "not_found"))]) from error
    except OSError as error:
        raise KnowledgeError([Problem(path, 0, say("refusals", "unreadable", reason=error.strerror))]) from error
    # Damaged files make the two libraries raise whatever comes: assertions, struct errors, recursion, key errors.
    except Exception as error:
        raise KnowledgeError([Problem(path, 0, say("refusals", "damaged"))]) from error
    return reading


def _reader(path: Path) -> Callable[[Path, Progress], Reading]:
    ending = path.suffix.lower()
    if path.is_dir():
        raise RefusedError("folder")
    with path.open("rb") as file:
        start = file.read(16)
    if ending not in _MODULES:
        raise RefusedError("other_type", ending=ending)
    if not start:
        raise RefusedError("empty")
    if path.stat().st_size > _LARGEST:
        raise RefusedError("too_large", megabytes=_LARGEST // 1024**2)
    found = next((kind for signature, kind in _SIGNATURES.items() if start.startswith(signature)), None)
    if found and found != _EXPECTED[ending]:
        raise RefusedError(f"is_{found}")
    # Imported only now: python-docx and pypdf take a quarter and half a second.
    module = importlib.import_module(f"{__name__}.{_MODULES[ending]}")
    return cast(Callable[[Path, Progress], Reading], module.read)
