"""One JSON object a number. All of a line but number and day is made once for each code that occurs."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from json.encoder import encode_basestring as quoted
from typing import Final

from actions.accounts.batch.findings import Finding, Findings
from actions.accounts.batch.pattern import Applies
from actions.accounts.batch.reader import Row
from actions.identity import mask_number
from knowledge.conditions import OperationRules

_APPLIES: Final = {Applies.YES: "met", Applies.CANCELLED: "unmet", Applies.NO: "unmet"}
# A control character, which JSON writes otherwise: it cannot stand in any of the texts.
_DAY: Final = "\x00"


class _Fragments(dict[int, tuple[str, str]]):
    """What stands before and after the day, for each code."""

    def __init__(self, rules: OperationRules, on: date) -> None:
        super().__init__()
        self._findings = Findings(rules, on)

    def __missing__(self, code: int) -> tuple[str, str]:
        before, _, after = json.dumps(_object(self._findings[code]), ensure_ascii=False).partition(json.dumps(_DAY))
        self[code] = before.removeprefix("{"), f"{after}\n"
        return self[code]


def lines(chunks: Iterable[Sequence[Row]], rules: OperationRules, on: date, *, clear: bool) -> Iterator[str]:
    """The lines of some thousand numbers at a time."""
    fragments = _Fragments(rules, on)
    shown: Callable[[str], str] = str if clear else mask_number
    for chunk in chunks:
        text = []
        for number, day, code in chunk:
            before, after = fragments[code]
            text.append(
                f'{{"number": {quoted(shown(number))}, {before}"{day}"{after}'
                if day
                else f'{{"number": {quoted(shown(number))}, {before}null{after}'
            )
        yield "".join(text)


def _object(finding: Finding) -> dict[str, object]:
    return {
        "status": finding.status,
        "applies": {"state": _APPLIES.get(finding.applies, "unknown")},
        "blockers": [condition.id for condition in finding.blockers],
        "unknowns": [condition.id for condition in finding.unknowns],
        "earliest": {"date": _DAY, "certain": finding.certain},
    }
