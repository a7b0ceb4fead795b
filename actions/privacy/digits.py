"""Telephone, identity, card and other long numbers in a text, whatever stands between their digits."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

DigitKind = Literal["mobile", "fixed_line", "identity_number", "bank_card", "other_number"]

_BETWEEN: Final = r"[ \u200b\-‐‑‒–—―_.·•・~()\[\]]"
_RUN: Final = re.compile(rf"\d(?:{_BETWEEN}{{0,4}}[\dx])*")
# 「186，0001，0102」: a comma between the groups of a mobile number, and nowhere else in a number.
_IN_GROUPS: Final = re.compile(r"(?<!\d)1[3-9]\d[,、/|:; ]{1,2}\d{4}[,、/|:; ]{1,2}\d{4}(?!\d)")
_MOBILE: Final = re.compile(r"(?:(?:00)?86)?(1[3-9]\d{9})")
_FIXED: Final = re.compile(r"0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}")
# Eight digits alone are a fixed line only where they cannot be a date such as 20260131.
_LOCAL: Final = re.compile(r"(?!20[0-3]\d[01]\d)[2-8]\d{7}")
_MONEY: Final = re.compile(r" ?(?:元|块|万|%|\.\d)")
_SIM: Final = re.compile(r"8986\d{14,16}")
_PROVINCES: Final = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10x98765432"
_CARD_STARTS: Final = frozenset("34569")
_USUAL_CARD: Final = re.compile(r"62|4|5[1-5]|9558")
# From this many digits in one piece on it is a number of something, and of whom is not known.
_LONG: Final = 9
_IDENTITY, _OLD_IDENTITY = 18, 15


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number in a text from `start` to `end`; `digits` without what stands between them, without a country code."""

    start: int
    end: int
    kind: DigitKind
    digits: str


def numbers_in(plain: str) -> list[FoundNumber]:
    """All numbers in a shadow (`actions.privacy.shadow`), in reading order, none overlapping another."""
    found = [FoundNumber(*match.span(), "mobile", re.sub(r"\D", "", match[0])) for match in _IN_GROUPS.finditer(plain)]
    for run in _RUN.finditer(plain):
        if run.end() - run.start() < 7 or any(one.start < run.end() and run.start() < one.end for one in found):
            continue
        found += _Run(plain, run.start(), run.end()).numbers()
    return sorted(found, key=lambda one: one.start)


def is_identity_number(digits: str) -> bool:
    """Whether 18 (or 15) characters have the form of an identity number: a province, a date of birth, a check digit.

    A wrong check digit with everything else right is a slip of the pen in an identity number.
    """
    if not _PROVINCES.match(digits):
        return False
    if len(digits) == _OLD_IDENTITY:
        return digits.isdigit() and _is_date("19" + digits[6:12])
    if not digits[:17].isdigit():
        return False
    return _is_date(digits[6:14]) or has_identity_check(digits)


def has_identity_check(digits: str) -> bool:
    """Whether the last of 18 characters is the check digit of the others."""
    return digits[17] == _CHECKS[sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=False)) % 11]


def passes_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others, as on bank cards."""
    doubled = (int(d) * 2 for d in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def _is_date(digits: str) -> bool:
    try:
        return 1900 <= date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year < 2100
    except ValueError:
        return False


class _Run:
    """Digits with nothing between them but what people put between digits."""

    def __init__(self, plain: str, start: int, end: int) -> None:
        self._plain = plain
        self._places = [place for place in range(start, end) if plain[place].isdigit() or plain[place] == "x"]
        self._digits = "".join(plain[place] for place in self._places)

    def numbers(self) -> Iterator[FoundNumber]:
        """The numbers in it, from the left."""
        at = 0
        while at < len(self._digits):
            length, kind = self._at(at) if self._begins(at) else (0, None)
            if kind is None:
                at += 1
                continue
            digits = self._digits[at : at + length]
            if kind == "mobile":
                digits = digits[-11:]
            yield FoundNumber(self._places[at], self._places[at + length - 1] + 1, kind, digits)
            at += length

    def _at(self, at: int) -> tuple[int, DigitKind | None]:
        """How long the number is that begins here, and of which kind; the longest kinds first."""
        for length in (_IDENTITY, 19, 17, 16):
            part = self._part(at, length)
            if part and length == _IDENTITY and is_identity_number(part):
                return length, "identity_number"
            if part and part.isdigit() and self._is_card(at, part):
                return length, "bank_card"
        for length in (20, 19, 18):
            if (part := self._part(at, length)) and _SIM.fullmatch(part):
                return length, "other_number"
        for length in (11, 13, 15):
            if (part := self._part(at, length)) and _MOBILE.fullmatch(part):
                return length, "mobile"
        for length in (12, 11, 10):
            if (part := self._part(at, length)) and _FIXED.fullmatch(part):
                return length, "fixed_line"
        if (part := self._part(at, _OLD_IDENTITY)) and is_identity_number(part) and self._piece(at) >= _OLD_IDENTITY:
            return _OLD_IDENTITY, "identity_number"
        if (part := self._part(at, 8)) and _LOCAL.fullmatch(part) and self._is_local(at):
            return 8, "fixed_line"
        piece = self._piece(at)
        return (piece, "other_number") if piece >= _LONG and not self._is_money(at, piece) else (0, None)

    def _part(self, at: int, length: int) -> str | None:
        """The next digits, where a number may end behind them."""
        end = at + length
        if end > len(self._digits) or (end < len(self._digits) and self._together(end)):
            return None
        part = self._digits[at:end]
        return part if "x" not in part[:-1] else None

    def _is_card(self, at: int, part: str) -> bool:
        if part[0] not in _CARD_STARTS:
            return False
        # In one piece it is a card even with a slip of the pen.
        in_one_piece = self._piece(at) == len(part)
        return passes_luhn(part) or (in_one_piece and bool(_USUAL_CARD.match(part)) and not _SIM.match(part))

    def _is_local(self, at: int) -> bool:
        places = self._places[at : at + 8]
        first = self._plain[places[0] - 1] if places[0] else ""
        halves = self._piece(at) == 8 or (
            self._piece(at) == 4 and places[4] - places[3] <= 2 and self._piece(at + 4) == 4
        )
        return halves and first != "." and not self._is_money(at, 8)

    def _is_money(self, at: int, length: int) -> bool:
        return bool(_MONEY.match(self._plain, self._places[at + length - 1] + 1))

    def _begins(self, at: int) -> bool:
        return self._digits[at] != "x" and not (at and self._together(at))

    def _together(self, at: int) -> bool:
        """Whether nothing stands before this digit and the one before it."""
        return self._places[at] - self._places[at - 1] == 1

    def _piece(self, at: int) -> int:
        """How many digits stand together from here on."""
        end = at + 1
        while end < len(self._digits) and self._together(end) and self._digits[end] != "x":
            end += 1
        return end - at
