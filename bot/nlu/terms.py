"""Finds what operations and topics are called in a message, with spaCy's matchers.

The patterns come from the rule base's aliases (Rasa lookup tables and synonyms) and from wordings with a gap such as
「把…号…换」. spaCy sees the message character by character, since jieba may cut a wording one way alone and another way
in a sentence; jieba's word edges decide whether a find is real, so that 「复机」 is not found in 「回复机器人」.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import spacy
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from knowledge.model import GAP

# Characters that a gap may span at most; punctuation ends it.
_LONGEST_GAP: Final = 6
_GAP_TOKEN: Final[dict[str, Any]] = {"TEXT": {"REGEX": r"[^,。;!?、:]"}, "OP": "?"}

_NEGATED: Final = re.compile(
    r"(?:不是|并非|不)(?:我|我们|说|讲|问|来|去|找|想|要|打算|准备|愿意|需要|为了|为|办理|办|把|做|申请|真的|真)*$"
    r"|(?:没有?|别|无需|不用|不必)(?:我|说|想|要|打算|准备|给|帮|办理|办|做)+$"
)
# 「要不要」, 「是不是」, 「能不能」 ask; they deny nothing.
_QUESTION: Final = re.compile(r"(.)不\1|是不是|要不|不得不|不是说|不是办|不是应该")
_PAST: Final = re.compile(r"(?:办|弄|做|搞|申请|办理)(?:过|完|好|了)+(?:一次|一回|个|一个)?$")
_DONE: Final = re.compile(r"^(?:过(?!户)|完了?|好了|之后|以后|了?之后|了以后|成功|了一次|了一回)")
_BEFORE: Final = 10
# What stands between a verb and its object: 「挂失一下我的身份证」.
_BETWEEN: Final = r"(?:一下|了|掉|我的?|你的?|他的?|这个|那个|一?张|一?个|的|\s)*"
_MEANS: Final = re.compile(r"(?:带|拿|用|凭|持|要|需要|没有?|靠)(?:着|了|上|好|齐)?$")


@dataclass(frozen=True, slots=True)
class Term:
    """One wording in the rule base's vocabulary."""

    kind: str
    id: str
    wording: str


@dataclass(frozen=True, slots=True)
class Found:
    """A term found in a message. A negated or past one, or one said of a foreign thing, is not asked for."""

    kind: str
    id: str
    start: int
    end: int
    negated: bool = False
    past: bool = False
    foreign: bool = False

    @property
    def asked_for(self) -> bool:
        """Whether the words around it leave it a request."""
        return not (self.negated or self.past or self.foreign)


# What may stand between a thing and what is to be done with it.
_FILLER: Final = r"号|的|丢了|掉了|怎么|如何|可以|能|不|要|想|需要|去|你们?|您|这(?:里|边|儿)|也|帮|给|,|\s"


class ForeignThings:
    """Things that are cancelled, reported lost or transferred too, but are nothing to do with the operator."""

    def __init__(self, things: Sequence[str]) -> None:
        names = "|".join(map(re.escape, sorted(things, key=len, reverse=True))) or "(?!)"
        self._inside = re.compile(names)
        self._after = re.compile(rf"{_BETWEEN}(?:{names})")
        self._before = re.compile(rf"(?:{names})(?:{_FILLER})*$")

    def named(self, text: str) -> bool:
        """Whether one is named at all."""
        return bool(self._inside.search(text))

    def owns(self, text: str, start: int, end: int) -> bool:
        """Whether the words at `start` to `end` are said of one: it overlaps them, or stands right behind or before."""
        overlaps = any(thing.start() < end and start < thing.end() for thing in self._inside.finditer(text))
        if overlaps or self._after.match(text[end:]):
            return True
        before = self._before.search(text[:start])
        return bool(before and not _MEANS.search(text[: before.start()]))


class TermMatcher:
    """Longest match of all terms; of overlapping finds only the longest stays."""

    def __init__(self, terms: Iterable[Term], foreign_things: Sequence[str] = ()) -> None:
        """`foreign_things`: what the same words are also said of (「挂失身份证」), but not by our customers."""
        self.foreign_things = ForeignThings(foreign_things)
        self.terms: tuple[Term, ...] = tuple(dict.fromkeys(terms))
        self._vocab = spacy.blank("zh").vocab
        self._phrases = PhraseMatcher(self._vocab, attr="ORTH")
        self._gaps = Matcher(self._vocab)
        phrases: dict[tuple[str, str], list[Doc]] = {}
        gaps: dict[tuple[str, str], list[list[dict[str, Any]]]] = {}
        for term in self.terms:
            key = (term.kind, term.id)
            if GAP in term.wording:
                gaps.setdefault(key, []).append(_gap_pattern(term.wording))
            else:
                phrases.setdefault(key, []).append(self._doc(term.wording))
        for (kind, identifier), docs in phrases.items():
            self._phrases.add(f"{kind}/{identifier}", docs)
        for (kind, identifier), patterns in gaps.items():
            self._gaps.add(f"{kind}/{identifier}", patterns, greedy="LONGEST")

    def find(self, text: str, words: Sequence[tuple[int, int]]) -> list[Found]:
        """Terms in a normalised text whose words (start, end) are known, in reading order."""
        if not text:
            return []
        doc = self._doc(text)
        starts, ends = {start for start, _ in words}, {end for _, end in words}
        found: list[Found] = []
        for matches, exact in ((self._phrases(doc), True), (self._gaps(doc), False)):
            for match_id, start, end in matches:
                if exact and start not in starts and end not in ends:
                    continue
                kind, _, identifier = self._vocab.strings[match_id].partition("/")
                found.append(
                    _in_context(text, kind, identifier, start, end, self.foreign_things.owns(text, start, end))
                )
        return _longest(found)

    def _doc(self, text: str) -> Doc:
        return Doc(self._vocab, words=list(text), spaces=[False] * len(text))


def _gap_pattern(wording: str) -> list[dict[str, Any]]:
    pattern: list[dict[str, Any]] = []
    for number, part in enumerate(wording.split(GAP)):
        if number:
            pattern += [_GAP_TOKEN] * _LONGEST_GAP
        pattern += [{"ORTH": character} for character in part]
    return pattern


def _in_context(text: str, kind: str, identifier: str, start: int, end: int, foreign: bool) -> Found:
    before = text[max(0, start - _BEFORE) : start]
    negated = bool(_NEGATED.search(before)) and not _QUESTION.search(before + text[start : start + 1])
    past = bool(_PAST.search(before) or _DONE.search(text[end : end + 4]))
    return Found(kind, identifier, start, end, negated=negated, past=past, foreign=foreign)


def _longest(found: Iterable[Found]) -> list[Found]:
    """Drops finds that overlap a longer one; one wording of two entries stays for both."""
    kept: list[Found] = []
    for candidate in sorted(found, key=lambda one: (one.start - one.end, one.start, one.kind, one.id)):
        span = (candidate.start, candidate.end)
        if any((other.start, other.end) != span and _overlap(other, candidate) for other in kept):
            continue
        kept.append(candidate)
    return sorted(kept, key=lambda one: (one.start, one.kind, one.id))


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end
