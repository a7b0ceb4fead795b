"""The verdicts as a table for clerks: Chinese headings, reasons instead of identifiers."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from actions.accounts.batch.findings import Finding, Findings
from actions.accounts.batch.pattern import Applies
from actions.accounts.batch.reader import Row
from actions.eligibility.wording import say, status_name
from actions.identity import mask_number
from bot.batch.wording import words
from knowledge.conditions import Condition, OperationRules


@dataclass(frozen=True, slots=True)
class Line:
    """One number; `day` is ISO text, or "" where there is none."""

    number: str
    status: str
    reasons: str
    open: str
    day: str
    certain: str


@dataclass(frozen=True, slots=True)
class _Texts:
    """What a line says of a code; `certain` and `no_day` go with a day, and with none."""

    status: str
    reasons: str
    open: str
    no_day: str
    certain: str


def headings() -> list[str]:
    """The headings, in the order of the fields of a line."""
    return [words()["headings"][name] for name in Line.__slots__]


def table(chunks: Iterable[Sequence[Row]], rules: OperationRules, on: date, *, clear: bool) -> Iterator[list[Line]]:
    """The lines of some thousand numbers at a time."""
    findings = Findings(rules, on)
    texts: dict[int, _Texts] = {}
    for chunk in chunks:
        result = []
        for number, day, code in chunk:
            text = texts.get(code) or texts.setdefault(code, _texts(rules, findings[code]))
            result.append(
                Line(
                    number if clear else mask_number(number),
                    text.status,
                    text.reasons,
                    text.open,
                    day or text.no_day,
                    text.certain if day else "",
                )
            )
        yield result


def reasons_of(rules: OperationRules, finding: Finding) -> tuple[list[str], list[str]]:
    """What stands in the way, and what is not known, in words."""
    reasons = [_unmet(condition) for condition in finding.blockers]
    unknown = list(finding.open_questions())
    if finding.applies in (Applies.CANCELLED, Applies.NO):
        reasons.insert(0, _outside(rules, finding.applies))
    elif finding.applies is not Applies.YES:
        unknown.insert(0, _maybe_outside(rules, finding.applies))
    return reasons, unknown


def _texts(rules: OperationRules, finding: Finding) -> _Texts:
    reasons, unknown = reasons_of(rules, finding)
    return _Texts(
        status=status_name(finding.status),
        reasons=_joined(reasons),
        open=_joined(unknown),
        no_day=words()["no_day"] if finding.status == "blocked" else "",
        certain=words()["certain" if finding.certain else "uncertain"],
    )


def _unmet(condition: Condition) -> str:
    stays = condition.remedy is None or condition.remedy.by == "none"
    return str(words()["unmet_for_good" if stays else "unmet"]).format(requirement=condition.requirement)


def _outside(rules: OperationRules, applies: Applies) -> str:
    if rules.never_applies:
        return rules.never_applies
    if applies is Applies.CANCELLED:
        return say("cancelled")
    return _general(rules.scope.otherwise if rules.scope else "") or str(words()["outside"])


def _maybe_outside(rules: OperationRules, applies: Applies) -> str:
    if applies is Applies.STATUS_UNKNOWN:
        return say("status_unknown")
    return _general(rules.scope.unknown if rules.scope else "") or str(words()["maybe_outside"])


def _general(text: str) -> str:
    """What a sentence says of every number: it ends before the first clause that tells a fact of the account."""
    return "；".join(takewhile(lambda clause: "{" not in clause, text.split("；")))


def _joined(texts: Sequence[str]) -> str:
    return str(words()["separator"]).join(text.rstrip("。") for text in texts)
