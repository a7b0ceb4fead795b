"""What the code of a row means: decoded once for each code that occurs, however many rows have it."""

from dataclasses import dataclass
from datetime import date

from actions.accounts.batch.pattern import STATUSES, Applies, Bits, applies_in, certain_in, status_in
from actions.eligibility.evaluator import Status
from knowledge.conditions import Condition, OperationRules


@dataclass(frozen=True, slots=True)
class Finding:
    """All of a verdict but its number and its day; the conditions in the order of the rules.

    `silent` are those of `unknowns` of which the account is known, but the rules do not speak.
    """

    status: Status
    applies: Applies
    blockers: tuple[Condition, ...]
    unknowns: tuple[Condition, ...]
    silent: tuple[Condition, ...]
    certain: bool

    def open_questions(self) -> tuple[str, ...]:
        """What is unknown, in order: the condition where a fact is missing, what is said of the rules where they are silent."""
        return tuple(c.silent if c in self.silent else c.requirement for c in self.unknowns)


class Findings(dict[int, Finding]):
    """The finding of each code that the statement for these rules and this day gives."""

    def __init__(self, rules: OperationRules, on: date) -> None:
        super().__init__()
        self._bits = Bits(rules, on)

    def __missing__(self, code: int) -> Finding:
        """Decodes a code that has not occurred yet."""
        status = STATUSES[status_in(code)]
        judged = status != "not_applicable"
        finding = Finding(
            status=status,
            applies=applies_in(code),
            blockers=tuple(self._bits.unmet_in(code)) if judged else (),
            unknowns=tuple(self._bits.unknown_in(code)) if judged else (),
            silent=tuple(self._bits.silent_in(code)) if judged else (),
            certain=certain_in(code),
        )
        self[code] = finding
        return finding
