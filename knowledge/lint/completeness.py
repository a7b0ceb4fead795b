"""Nothing is left open: every entry has answers or says why not, and every day has a rule."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from knowledge.lint.walk import entries
from knowledge.model import Operation, Rule, RuleBase, Topic
from knowledge.yaml_source import Problem

_DAY: Final = timedelta(days=1)


def problems(rules: RuleBase) -> Iterator[Problem]:
    """Entries without answers, and days without a rule."""
    for entry in entries(rules):
        if not entry.answered and not entry.unanswered:
            yield Problem(entry.path, 1, "还没有写答复；暂时写不了的，用“unanswered: 原因”说明")
        if entry.answered and entry.unanswered:
            yield Problem(entry.path, 1, "已经写了答复，不能再写“unanswered”")
        for what, periods in _periods(entry):
            yield from _gaps(entry, what, sorted(periods, key=lambda rule: rule.valid.start or date.min))


def _periods(entry: Operation | Topic) -> Iterator[tuple[str, Sequence[Rule]]]:
    if isinstance(entry, Topic):
        yield "“answer”", entry.rules
    else:
        for name, aspect in entry.aspects.items():
            yield from ((f"“{name}”的“{scope}”", periods) for scope, periods in aspect.by_scope.items())


def _gaps(entry: Operation | Topic, what: str, periods: Sequence[Rule]) -> Iterator[Problem]:
    """Days before, between and after the periods (which do not overlap) that none of them covers."""
    covered_to: date | None = None
    for number, rule in enumerate(periods):
        start = rule.valid.start
        if number == 0 and start:
            yield Problem(entry.path, rule.line, f"{what}在 {start} 以前没有规定，请再写一段说明以前怎样")
        elif start and covered_to and start > covered_to + _DAY:
            yield Problem(entry.path, rule.line, f"{what}从 {covered_to + _DAY} 到 {start - _DAY} 没有规定")
        covered_to = rule.valid.end
    if covered_to:
        reason = f"{what}从 {covered_to + _DAY} 起没有规定；已经废止的，请再写一段说明废止"
        yield Problem(entry.path, periods[-1].line, reason)
