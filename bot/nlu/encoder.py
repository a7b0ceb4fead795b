"""Sentence encoders: a text becomes a vector that lies near the vectors of texts that mean the same."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


class SentenceEncoder(Protocol):
    """What the pipeline needs of an encoder. `name` changes whenever its vectors do."""

    @property
    def name(self) -> str:
        """What the vectors are of."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        """The vectors of texts, a row each."""


def _e5(folder: Path, workers: int) -> SentenceEncoder:
    from bot.nlu.e5.engine import E5Encoder

    return E5Encoder(folder, workers)


# Name in the configuration -> the encoder; it keeps its files in a folder and computes so much at a time.
ENCODERS: Final[dict[str, Callable[[Path, int], SentenceEncoder]]] = {"e5": _e5}


class VectorCache:
    """Vectors of texts that were encoded before, in one file for each encoder."""

    def __init__(self, folder: Path, encoder: SentenceEncoder, workers: int = 1) -> None:
        """`workers`: how many texts the encoder is given at a time."""
        self._path = folder / f"{encoder.name}.npz"
        self._encoder, self._workers = encoder, workers
        self._known = self._read()

    def encode(self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None) -> Matrix:
        """The vectors of all texts, a row each; only new texts are encoded, and remembered."""
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        for number, (key, vector) in enumerate(zip(new, self._encoded(new.values()), strict=True), start=1):
            self._known[key] = vector
            if progress:
                progress(number, len(new))
        if new:
            self._write({key: self._known[key] for key in keys})
        return np.stack([self._known[key] for key in keys])

    def _encoded(self, texts: Iterable[str]) -> Iterator[npt.NDArray[np.float32]]:
        """The vectors of texts, in their order."""
        with ThreadPoolExecutor(self._workers) as pool:
            yield from pool.map(lambda text: self._encoder.encode([text])[0], texts)

    def _read(self) -> dict[str, npt.NDArray[np.float32]]:
        try:
            with np.load(self._path, allow_pickle=False) as arrays:
                return dict(zip(arrays["keys"].tolist(), arrays["vectors"], strict=True))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            # No cache, or one that was cut off while being written: encode again.
            return {}

    def _write(self, vectors: dict[str, npt.NDArray[np.float32]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent, suffix=".npz")
        with os.fdopen(handle, "wb") as file:
            np.savez(file, keys=np.array(list(vectors)), vectors=np.stack(list(vectors.values())))
        Path(name).replace(self._path)
