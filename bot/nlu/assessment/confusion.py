"""Which subject or aspect was taken for which."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.nlu.assessment.cases import Case

# More rows than this cannot be read in a picture.
_MOST_ROWS: Final = 24


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of (meant, taken for); `rows` and `columns` name them."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, pairs: Counter[tuple[str, str]]) -> "Confusion":
        """The confused ones only, the most confused rows first; what was right stands beside its errors."""
        errors: Counter[str] = Counter()
        for (meant, taken), count in pairs.items():
            if meant != taken:
                errors[meant] += count
        rows = tuple(sorted(errors, key=lambda one: (-errors[one], one))[:_MOST_ROWS])
        taken_for = {taken for meant, taken in pairs if meant in rows}
        columns = (*(one for one in rows if one in taken_for), *sorted(taken_for.difference(rows)))
        return cls(rows, columns, tuple(tuple(pairs[row, column] for column in columns) for row in rows))


def subjects(cases: Sequence[Case]) -> Confusion:
    """What questions were taken to be about; a quiet end of a question that is not ours is no confusion."""
    pairs: Counter[tuple[str, str]] = Counter()
    for case in cases:
        right = case.outcome in ("right", "quiet")
        pairs[case.gold.label, case.gold.label if right else case.taken_for] += 1
    return Confusion.of(pairs)


def aspects(cases: Sequence[Case]) -> Confusion:
    """What questions whose operation was understood were taken to ask about it."""
    pairs: Counter[tuple[str, str]] = Counter()
    for case in cases:
        if case.outcome == "right" and case.gold.aspect:
            pairs[case.gold.aspect, case.gold.aspect if case.error != "aspect" else case.aspect] += 1
    return Confusion.of(pairs)
