"""How well messages are understood, measured against labelled questions."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from actions.understanding import Understanding
from knowledge.identifiers import DECISIONS

Outcome = Literal["right", "offered", "wrong", "refused", "quiet", "false"]
ANSWERABLE: Final[tuple[Outcome, ...]] = ("right", "offered", "wrong", "refused")
NOT_ANSWERABLE: Final[tuple[Outcome, ...]] = ("quiet", "false")
OUTCOMES: Final = ANSWERABLE + NOT_ANSWERABLE
OUTCOME_TITLES: Final[dict[Outcome, str]] = {
    "right": "答对", "offered": "反问", "wrong": "答错", "refused": "没答上", "quiet": "未误答", "false": "误答",
}  # fmt: skip
_SEVERAL: Final = "found_all_of_several"
FIGURES: Final = {
    "right": "答对", "right_and_aspect": "答对且问的方面也对", "offered": "反问且选项里有", "wrong": "答错", "refused": "没有答上",
    _SEVERAL: "一次问几样的，几样都答到", "false_answers": "误答", "decision_right_when_quiet": "未误答的里面判断正确",
}  # fmt: skip
# Asked back with the right one among this many choices counts as offered.
_CHOICES: Final = 3


class QuestionError(ValueError):
    """A labelled question that cannot be used; the message names the field."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One question and everything that is accepted as understood.

    `all_subjects` and `all_aspects` are what a question that asks for several things asks for; empty for all others.
    """

    text: str
    answerable: bool
    label: str
    subjects: frozenset[str]
    aspects: frozenset[str]
    decisions: frozenset[str]
    aspect: str | None = None
    style: str | None = None
    all_subjects: frozenset[str] = frozenset()
    all_aspects: frozenset[str] = frozenset()

    @property
    def asks_for_several(self) -> bool:
        """Whether it asks for several operations or aspects at once."""
        return bool(self.all_subjects or self.all_aspects)

    def found_all(self, got: Understanding) -> bool:
        """Whether everything that it asks for was found."""
        return self.all_subjects <= {*got.operations, got.topic} and self.all_aspects <= set(got.aspects)


@dataclass
class Tally:
    """Counts of outcomes; `exact` counts right ones with an accepted aspect, and quiet ones with the right decision.

    `several` counts the questions that ask for several things, and of them (`True`) those of which all were found.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    exact: Counter[str] = field(default_factory=Counter)
    per_label: dict[str, Counter[str]] = field(default_factory=dict)
    per_style: dict[str, Counter[str]] = field(default_factory=dict)
    several: Counter[bool] = field(default_factory=Counter)

    def add(self, gold: Labelled, got: Understanding) -> Outcome:
        """Counts one question and returns how it ended."""
        result = outcome(gold, got)
        self.outcomes[result] += 1
        self.exact[result] += is_exact(gold, got, result)
        self.per_label.setdefault(gold.label, Counter())[result] += 1
        if gold.style:
            self.per_style.setdefault(gold.style, Counter())[result] += 1
        if gold.asks_for_several:
            self.several[result == "right" and gold.found_all(got)] += 1
        return result

    def summary(self) -> dict[str, Any]:
        """Shares of the answerable and of the other questions, rounded; None where there are none."""
        answerable = sum(self.outcomes[one] for one in ANSWERABLE)
        rest = sum(self.outcomes[one] for one in NOT_ANSWERABLE)
        return {
            "questions": answerable + rest,
            "answerable": answerable,
            "not_answerable": rest,
            **{name: _share(self.outcomes[name], answerable) for name in ANSWERABLE},
            "right_and_aspect": _share(self.exact["right"], answerable),
            "false_answers": _share(self.outcomes["false"], rest),
            "decision_right_when_quiet": _share(self.exact["quiet"], self.outcomes["quiet"]),
            "several": self.several.total(),
            "found_all_of_several": _share(self.several[True], self.several.total()),
            "per_label": _by_size(self.per_label),
            "per_style": _by_size(self.per_style),
        }


def labelled(row: Mapping[str, Any]) -> Labelled:
    """A labelled question from its JSON object.

    Raises `QuestionError` where a field is missing or has a value that cannot be.
    """
    text, decision = row.get("text"), row.get("decision")
    if not isinstance(text, str):
        raise QuestionError("字段 text 缺少，或者不是文字")
    if decision not in DECISIONS:
        raise QuestionError(f"字段 decision 应是 {'、'.join(DECISIONS)} 之一")
    named = row.get("operation") or row.get("topic")
    if decision == "answer" and not named:
        raise QuestionError("decision 是 answer 时，字段 operation 和 topic 不能都为空")
    return Labelled(
        text=text,
        answerable=decision == "answer",
        label=named or decision,
        subjects=_texts(row, "ok_operations", row.get("operation"), row.get("topic")),
        aspects=_texts(row, "ok_aspects", row.get("aspect")),
        decisions=_texts(row, "ok_decisions", decision),
        aspect=_text(row, "aspect"),
        style=_text(row, "style"),
        all_subjects=_texts(row, "operations"),
        all_aspects=_texts(row, "aspects"),
    )


def outcome(gold: Labelled, got: Understanding) -> Outcome:
    """How one question ended."""
    answered = got.decision == "answer"
    accepted = not gold.subjects.isdisjoint({*got.operations, got.topic})
    if not gold.answerable:
        return "false" if answered and not accepted else "quiet"
    if answered:
        return "right" if accepted else "wrong"
    choices = {one.operation or one.topic for one in got.alternatives[:_CHOICES]}
    return "offered" if got.decision == "clarify" and choices & gold.subjects else "refused"


def is_exact(gold: Labelled, got: Understanding, result: Outcome) -> bool:
    """Whether a right answer has an accepted aspect as well, or a quiet one the right decision."""
    if result == "right":
        # A bare name asks for the overview; a topic has no aspects.
        given = set(got.aspects) or {"overview"}
        return not gold.aspects or bool(gold.aspects & given)
    return result == "quiet" and got.decision in gold.decisions


def table(tally: Tally) -> str:
    """The figures for people, in Chinese."""
    summary = tally.summary()
    lines = [
        f"问题 {summary['questions']} 个：规则能答的 {summary['answerable']} 个，不能答的 {summary['not_answerable']} 个"
    ]
    lines += [
        f"  {title}：{percent(summary[key])}" for key, title in FIGURES.items() if key != _SEVERAL or summary["several"]
    ]
    for title, groups in (("类别", summary["per_label"]), ("说法", summary["per_style"])):
        if groups:
            lines.append(f"按{title}（{'/'.join(OUTCOME_TITLES.values())}）：")
            lines += [
                f"  {name:28} {' / '.join(str(counts.get(one, 0)) for one in OUTCOMES)}"
                for name, counts in groups.items()
            ]
    return "\n".join(lines)


def _text(row: Mapping[str, Any], field_name: str) -> str | None:
    value = row.get(field_name)
    return value if isinstance(value, str) else None


def _texts(row: Mapping[str, Any], field_name: str, *more: object) -> frozenset[str]:
    several: Iterable[object] = row.get(field_name) or []
    if not isinstance(several, list):
        raise QuestionError(f"字段 {field_name} 应是列表")
    return frozenset(one for one in (*several, *more) if isinstance(one, str))


def _by_size(groups: Mapping[str, Counter[str]]) -> dict[str, dict[str, int]]:
    ordered = sorted(groups.items(), key=lambda one: (-one[1].total(), one[0]))
    return {name: dict(counts) for name, counts in ordered}


def _share(count: int, total: int) -> float | None:
    return round(count / total, 4) if total else None


def percent(share: float | None) -> str:
    """A share for people."""
    return "没有这样的问题" if share is None else f"{share:.1%}"
