"""Gives back the characters that were meant where a message was written by ear: in pinyin, or with homophones.

A model of which character follows which, learnt from the training utterances, finds the likeliest characters for the
sounds. Letters become characters where all of them spell pinyin. Characters become others only where these are a wording
of the rule base that sounds the same, the sentence gets likelier, and either no word of the dictionary holds or crosses
what was written or the message is nothing but that wording and a question about it.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pypinyin import Style, pinyin

from bot.nlu.questions import only_asks_of

_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
# Letters that may spell several syllables, with the blanks between them.
_LETTERS: Final = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
_EDGE: Final = "|"
# How much is believed of what follows a character, of how frequent a character is, and of any character at all.
_FOLLOWING: Final = 0.8
_FREQUENT: Final = 0.19
_ANY: Final = 0.01 / 8000
# How much likelier (in natural logarithms) the sentence has to become for its characters to be changed.
_CHANGE: Final = 2.5
# 「那…呢」 goes on to another thing: what stands in it is a name, and any gain is enough.
_BEFORE_NAME: Final = re.compile("那么?(?:要是|如果)?")
_AFTER_NAME: Final = re.compile(r"(?:的话)?呢\W*")
# Letters are taken for pinyin where the characters are at least this likely on average.
_SPELT: Final = -5.05
_LEAST_SYLLABLES: Final = 2
# What it costs to read a character in a way that is not the usual one.
_UNUSUAL: Final = 3.0
_LONGEST_SYLLABLE: Final = 6
_KEPT: Final = 30
# Ordinary words that the dictionary does not have, and that sound like wordings: 「手机不卡」, 「换好以后」, 「消号」 at a hospital.
_ORDINARY: Final = re.compile("不卡|换好|消号")
# Sounds that are heard for each other.
_HEARD_ALIKE: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


@dataclass(frozen=True, slots=True)
class SoundModel:
    """How often characters and pairs of characters stand in the training utterances; `_EDGE` is what no character is."""

    single: Mapping[str, int]
    pairs: Mapping[str, int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> SoundModel:
        """Learns from texts."""
        single: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for text in texts:
            marked = [_EDGE, *(c if _CHINESE.match(c) else _EDGE for c in text), _EDGE]
            single.update(marked)
            pairs.update(map("".join, itertools.pairwise(marked)))
        return cls(dict(single), dict(pairs))


class Speller:
    """Restores what was written by ear."""

    def __init__(self, model: SoundModel, wordings: Iterable[str]) -> None:
        """`wordings`: what the rule base calls its services."""
        self._model = model
        self._total = sum(model.single.values())
        # For each syllable the characters that are read so, and what it costs to read them so.
        self._by_sound: dict[str, list[tuple[str, float]]] = {}
        for character in model.single:
            for rank, sound in enumerate(_readings(character)) if character != _EDGE else ():
                self._by_sound.setdefault(sound, []).append((character, _UNUSUAL if rank else 0.0))
        # 「nar」 is 「哪儿」.
        self._by_sound.setdefault("r", []).append(("儿", 0.0))
        self._wordings: dict[str, list[str]] = {}
        for wording in sorted(set(wordings), key=lambda one: (-len(one), one)):
            if len(wording) > 1 and all(map(_CHINESE.match, wording)):
                self._wordings.setdefault(heard(wording[0]), []).append(wording)

    def restored(self, text: str, words: Sequence[tuple[int, int]]) -> str:
        """The text with what was written by ear put right; `words` (start, end) are the words of the dictionary in it."""
        spelt = _LETTERS.sub(lambda match: self._from_letters(match.group()), text)
        # The places of the words hold no longer where letters became characters; nobody writes by ear in both ways.
        return self._homophones_undone(text, words) if spelt == text else spelt

    def _likelihood(self, before: str, character: str) -> float:
        known = self._model
        frequent = known.single.get(character, 0) / self._total
        follows = known.pairs.get(before + character, 0) / max(known.single.get(before, 0), 1)
        return math.log(_FOLLOWING * follows + _FREQUENT * frequent + _ANY)

    def _from_letters(self, letters: str) -> str:
        """The likeliest characters that letters spell; the letters themselves where they are no pinyin."""
        # For every place in the letters: how likely each way to it is, by the character it ends with.
        ways: list[dict[str, tuple[float, str]]] = [{} for _ in range(len(letters) + 1)]
        ways[0] = {_EDGE: (0.0, "")}
        for start in range(len(letters)):
            if not ways[start]:
                continue
            if letters[start] in " '":
                ways[start + 1] |= ways[start]
                continue
            likeliest = sorted(ways[start].items(), key=lambda way: -way[1][0])[:_KEPT]
            for end in range(start + 1, min(start + _LONGEST_SYLLABLE, len(letters)) + 1):
                for character, cost in self._by_sound.get(letters[start:end], ()):
                    for before, (likelihood, spelt) in likeliest:
                        found = likelihood + self._likelihood(before, character) - cost
                        if character not in ways[end] or ways[end][character][0] < found:
                            ways[end][character] = (found, spelt + character)
        if not ways[-1]:
            return letters
        likelihood, spelt = max(ways[-1].values())
        if len(spelt) < _LEAST_SYLLABLES or likelihood / len(spelt) < _SPELT:
            return letters
        return spelt

    def _homophones_undone(self, text: str, words: Sequence[tuple[int, int]]) -> str:
        words = [*words, *(match.span() for match in _ORDINARY.finditer(text))]
        held = {at for start, end in words if end - start > 1 for at in range(start, end)}
        within = {at for start, end in words for at in range(start + 1, end)}
        for place in range(len(text)):
            for wording in self._heard_at(text, place):
                end = place + len(wording)
                changed = {at for at in range(place, end) if text[at] != wording[at - place]}
                other = text[:place] + wording + text[end:]
                # Where nothing but a question about it is left, the wording explains the whole message.
                allowed = held.isdisjoint(changed) and within.isdisjoint((place, end))
                allowed = allowed or only_asks_of(other, [(place, end)])
                heard_right = allowed and 0 < len(changed) <= len(wording) / 2
                if heard_right and self._of(other) > self._of(text) + _least_gain(text[:place], text[end:]):
                    text = other
        return text

    def _heard_at(self, text: str, place: int) -> Iterator[str]:
        """The wordings that sound like the characters from `place` on, the longest first."""
        if not _CHINESE.match(text[place]):
            return
        for wording in self._wordings.get(heard(text[place]), ()):
            written = text[place : place + len(wording)]
            if len(written) == len(wording) and all(
                _CHINESE.match(one) and heard(one) == heard(other) for one, other in zip(written, wording, strict=True)
            ):
                yield wording

    def _of(self, text: str) -> float:
        """How likely a text is."""
        marked = [_EDGE, *(c if _CHINESE.match(c) else _EDGE for c in text), _EDGE]
        return sum(itertools.starmap(self._likelihood, itertools.pairwise(marked)))


def _least_gain(before: str, after: str) -> float:
    """How much likelier the sentence has to become for what stands between these two to be changed."""
    is_a_name = _BEFORE_NAME.fullmatch(before) and _AFTER_NAME.fullmatch(after)
    return 0.0 if is_a_name else _CHANGE


def _readings(character: str) -> list[str]:
    """The syllables that a character is read as, without tones, the usual one first."""
    readings: list[str] = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return readings


@cache
def heard(character: str) -> str:
    """What the character usually sounds like, with sounds that are heard for each other made one."""
    sound = _readings(character)[0]
    for exact, alike in _HEARD_ALIKE:
        sound = sound.replace(exact, alike)
    return sound
