"""A piece of a text with the places of the words that were looked for; data, never markup."""

from collections.abc import Collection
from typing import Any, Final

from bot.conversations.tokens import plain, query_terms

_WIDTH: Final = 120
_BEFORE: Final = 30


def wanted_words(query: str) -> frozenset[str]:
    """The words of a query, and those within them."""
    return frozenset(word for whole, parts in query_terms(query) for word in (whole, *parts))


def snippet(text: str, wanted: Collection[str]) -> dict[str, Any]:
    """The part of a text around the first word found; `marks` count UTF-16 units, as the browser does."""
    form = plain(text)
    found = []
    for word in wanted:
        start = form.text.find(word)
        while start >= 0:
            found.append((form.places[start], form.places[start + len(word) - 1] + 1))
            start = form.text.find(word, start + 1)
    ranges = _merged(sorted(found))
    begin = max(ranges[0][0] - _BEFORE, 0) if ranges and len(text) > _WIDTH else 0
    end = min(begin + _WIDTH, len(text))
    head, tail = "…" if begin else "", "…" if end < len(text) else ""
    shown = f"{head}{text[begin:end]}{tail}"
    marks = [
        [len(head) + _units(text[begin:start]), len(head) + _units(text[begin : min(stop, end)])]
        for start, stop in ranges
        if start < end
    ]
    return {"text": shown, "marks": marks}


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, stop in ranges:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return merged


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
