"""Cuts a text into the pieces that the encoder knows: of all ways to cut it, the likeliest (a unigram model)."""

import re
from typing import Final

from bot.nlu.e5.packed import Vocabulary

# What stands for a blank inside a piece.
_BLANK: Final = "\u2581"
_BLANKS: Final = re.compile(" {2,}")
# How much less likely a character that no piece has is than the unlikeliest piece.
_UNKNOWN_COST: Final = 10.0


class Pieces:
    """The vocabulary, ready to cut texts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        scores = vocabulary.scores.tolist()
        self._known = {
            piece: (number, scores[number])
            for number, piece in enumerate(vocabulary.pieces)
            if piece and number != vocabulary.unknown
        }
        self._longest: dict[str, int] = {}
        for piece in self._known:
            self._longest[piece[-1]] = max(len(piece), self._longest.get(piece[-1], 0))
        self._unknown_score = min(scores) - _UNKNOWN_COST
        self._replaced = str.maketrans(vocabulary.replacements)

    def numbers(self, text: str, most: int) -> list[int]:
        """The numbers of the pieces of a text, at most `most` of them, the marks of beginning and end included."""
        spelled = _BLANKS.sub(" ", text.translate(self._replaced))
        spelled = (spelled if spelled.startswith(" ") else f" {spelled}").replace(" ", _BLANK)
        return [self._vocabulary.begin, *self._cut(spelled)[: most - 2], self._vocabulary.end]

    def _cut(self, text: str) -> list[int]:
        # For every place: how likely the best way to it is, the piece that ends there, and where that began.
        best: list[tuple[float, int, int]] = [(0.0, -1, 0)]
        for end in range(1, len(text) + 1):
            ways = [(best[end - 1][0] + self._unknown_score, self._vocabulary.unknown, end - 1)]
            # Only as far back as a piece with this last character can reach: a few characters, mostly.
            for start in range(max(0, end - self._longest.get(text[end - 1], 0)), end):
                known = self._known.get(text[start:end])
                if known is not None:
                    ways.append((best[start][0] + known[1], known[0], start))
            best.append(max(ways))
        numbers, place = [], len(text)
        while place > 0:
            _, number, place = best[place]
            numbers.append(number)
        return numbers[::-1]
