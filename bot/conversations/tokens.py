"""Chinese text as words to look for: cut by jieba with the product's own dictionary."""

import logging
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from actions.settings import settings

if TYPE_CHECKING:
    from jieba import Tokenizer

_NO_WORD: Final = re.compile(r"[\W_]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Longer texts than any message are cut: an index entry must stay small.
_MOST_CHARACTERS: Final = 8_000


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in one written form (half width, lower case, simplified); `places` lead back to the text as it was."""

    text: str
    places: tuple[int, ...]


def plain(text: str) -> Plain:
    """The form in which words are compared."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text[:_MOST_CHARACTERS]):
        for one in _plain_character(character):
            characters.append(one)
            places.append(place)
    return Plain("".join(characters), (*places, min(len(text), _MOST_CHARACTERS)))


# Most answers are given again and again.
@lru_cache(maxsize=2048)
def index_terms(text: str) -> tuple[str, ...]:
    """The words that a text is found by, each once: long words, the words within them, and single Chinese characters."""
    form = plain(text).text
    words = (_word(word) for word, _, _ in _tokenizer().tokenize(form, mode="search"))
    return tuple(sorted({word for word in words if word} | set(_CHINESE.findall(form))))


def query_terms(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The words of a query, each with the shorter words within it, which stand for it where it was cut otherwise."""
    found: dict[str, tuple[str, ...]] = {}
    for word, start, end in _tokenizer().tokenize(plain(text).text):
        whole = _word(word)
        if not whole:
            continue
        parts = [] if end - start < 3 else [_word(part) for part, _, _ in _tokenizer().tokenize(word, mode="search")]
        # Together they have to cover the word, or a part of it would be found for the whole.
        shorter = tuple(part for part in dict.fromkeys(parts) if part and part != whole)
        found.setdefault(whole, shorter if set("".join(shorter)) >= set(whole) else ())
    return list(found.items())


def word_bounds(form: str) -> frozenset[int]:
    """The places in a text, written as `plain` writes it, at which a word begins or ends."""
    return frozenset(place for _, start, end in _tokenizer().tokenize(form) for place in (start, end))


def warm() -> None:
    """Loads the dictionary, which takes a second, before somebody waits for it."""
    _tokenizer()


def _word(word: str) -> str:
    """The letters, digits and characters of a word: nothing that any query language could mean something by."""
    return _NO_WORD.sub("", word)


@lru_cache(maxsize=8192)
def _plain_character(character: str) -> str:
    form = unicodedata.normalize("NFKC", character).lower()
    return _simplified(form) if _CHINESE.search(form) else form


@cache
def _converter() -> "object":
    import opencc

    return opencc.OpenCC("t2s")


def _simplified(text: str) -> str:
    return str(_converter().convert(text))  # type: ignore[attr-defined]


@cache
def _tokenizer() -> "Tokenizer":
    """A tokenizer of its own: the one that is global to the process belongs to nobody."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    for file in sorted((settings().generated / "jieba").glob("*")):
        tokenizer.load_userdict(str(file))
    return tokenizer
