"""A spaCy pipeline for Chinese that can be made without downloads: jieba segments, and word vectors come from a file.

The file has the binary form of word2vec: a line `WORDS WIDTH`, then each word, a blank, and WIDTH 32-bit floats. One
that is to be had from a package index is `synonyms/data/words.vector` in the source archive of `synonyms` 3.10.2 (MIT).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np


def pipeline(vectors: Path | None, texts: Iterable[str] = ()) -> Any:
    """A blank pipeline with the jieba segmenter; with vectors, all words of the file are known to it."""
    import spacy

    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "jieba"}}})
    if vectors is not None:
        words, matrix = read(vectors)
        nlp.vocab.vectors = spacy.vectors.Vectors(strings=nlp.vocab.strings, data=matrix, keys=words)
    return nlp


def read(path: Path) -> tuple[list[str], np.ndarray[Any, np.dtype[np.float32]]]:
    """(words, a row of floats for each)."""
    found = dict(_rows(path))
    return list(found), np.stack(list(found.values()))


def _rows(path: Path) -> Iterator[tuple[str, np.ndarray[Any, np.dtype[np.float32]]]]:
    with path.open("rb") as file:
        count, width = map(int, file.readline().split())
        for _ in range(count):
            word = bytearray()
            while (byte := file.read(1)) not in (b" ", b""):
                word += byte
            vector = np.frombuffer(file.read(4 * width), dtype=np.float32)
            name = word.decode("utf-8", "ignore").strip()
            if name:
                yield name, vector
