"""Takes out of a text what nobody but its writer should keep: numbers, passwords, names and addresses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from actions.identity import mask_number
from actions.privacy.digits import numbers_in
from actions.privacy.people import addresses_in, names_in
from actions.privacy.secrets_typed import secrets_in
from actions.privacy.shadow import TAKEN, TAKEN_SECRET, shadow, with_numerals
from actions.privacy.wording import placeholders

Kind = Literal[
    "mobile", "fixed_line", "account", "identity_number", "bank_card", "other_number", "secret", "name", "address"
]
TELEPHONES: Final[tuple[Kind, ...]] = ("mobile", "fixed_line")
# `mask_number` writes it; `#2` where another number of the same message looks like this one.
MASKED_NUMBER: Final = re.compile(r"(?<![0-9A-Za-z*#])\d{2,3}\*{2,8}\d{2,4}(?:#\d{1,2})?(?![0-9A-Za-z*#])")
_ACCOUNT: Final = re.compile(
    r"(?:宽带账?号|账号|帐号|账户号|登录名|专线号|电路(?:代|编)?号)(?:码)?(?:就?是|为|叫|[: ]){0,3}"
    r"(?P<account>(?=[\w@.\-]{0,36}\d{3})[a-z0-9][\w@.\-]{4,38}[a-z0-9])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as it may be kept.

    `numbers`: the telephone numbers that stood in it, digits only, in reading order, one as often as it was typed.
    `forms`: as what each of them stands in `text` now; different numbers never have the same form.
    `found`: the kinds of everything that was taken out.
    """

    text: str
    numbers: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    found: frozenset[Kind] = frozenset()


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    kind: Kind
    digits: str = ""


def mask(text: str) -> Masked:
    """The text with telephone numbers masked and everything else of a person replaced by a word in 〔 〕.

    Masking a masked text changes nothing.
    """
    plain = shadow(text)
    kept = [match.group() for match in MASKED_NUMBER.finditer(text)]
    plain = _without(
        plain, ((*match.span(), match[0] == placeholders()["secret"]) for match in _placed().finditer(text))
    )
    spans: list[_Span] = []
    while found := _apart(_found(plain)):
        plain = _without(plain, ((one.start, one.end, one.kind == "secret") for one in found))
        spans += found
    if not spans:
        return Masked(text)
    spans.sort(key=lambda one: one.start)
    names = _names((one.digits for one in spans if one.digits), kept)
    parts, at = [], 0
    for one in spans:
        parts += [text[at : one.start], names[one.digits] if one.digits else placeholders()[one.kind]]
        at = one.end
    numbers = tuple(one.digits for one in spans if one.digits)
    return Masked(
        "".join((*parts, text[at:])), numbers, tuple(map(names.__getitem__, numbers)), frozenset(s.kind for s in spans)
    )


def for_understanding(text: str) -> str:
    """A masked text as the understanding reads it.

    The words for what was taken out are ours, and say nothing of what its writer wants; a masked number is understood best
    as some number (`stand_in`).
    """
    return MASKED_NUMBER.sub(lambda found: stand_in(found[0]), _words().sub("", text))


def stand_in(form: str) -> str:
    """Digits for the asterisks of a masked number: it looks like a telephone number of its kind, and is nobody's."""
    return form.replace("*", "5")


def _found(plain: str) -> Iterator[_Span]:
    """What is found in a shadow; what comes first goes before what overlaps it."""
    figures = with_numerals(plain)
    yield from (_Span(start, end, "secret") for one in (plain, figures) for start, end in secrets_in(one))
    for one in (plain, figures):
        for number in numbers_in(one):
            telephone = number.kind in TELEPHONES
            yield _Span(number.start, number.end, number.kind, number.digits if telephone else "")
    yield from (_Span(*match.span("account"), "account") for match in _ACCOUNT.finditer(plain))
    yield from (_Span(start, end, "name") for start, end in names_in(plain))
    yield from (_Span(start, end, "address") for start, end in addresses_in(plain))


def _apart(spans: Iterable[_Span]) -> list[_Span]:
    apart: list[_Span] = []
    for span in spans:
        if all(span.end <= other.start or other.end <= span.start for other in apart):
            apart.append(span)
    return apart


def _without(plain: str, spans: Iterable[tuple[int, int, bool]]) -> str:
    """The shadow with these places taken; those of a secret are known as such."""
    for start, end, is_secret in spans:
        plain = plain[:start] + (TAKEN_SECRET if is_secret else TAKEN) * (end - start) + plain[end:]
    return plain


def _names(numbers: Iterable[str], kept: Iterable[str]) -> dict[str, str]:
    """How each number is written, none like another of the message."""
    taken, names = set(kept), {}
    for number in dict.fromkeys(numbers):
        form = base = mask_number(number)
        count = 1
        while form in taken:
            count += 1
            form = f"{base}#{count}"
        taken.add(form)
        names[number] = form
    return names


@cache
def _words() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, placeholders().values())))


@cache
def _placed() -> re.Pattern[str]:
    """What masking has put into a text."""
    return re.compile(f"{_words().pattern}|{MASKED_NUMBER.pattern}")
