"""The guard against confident nonsense: from probabilities and evidence to one of six decisions.

A pure function. The rule above all: a message in which nothing of ours is recognised (no wording of the rule base, and
no training utterance close by) never gets a rule answer, however sure the classifier is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

from actions.understanding import Alternative, Understanding
from bot.nlu.evidence import Candidates, Trust
from bot.nlu.labels import (
    CHOOSE,
    FALLBACK_INTENT,
    FRAGMENT,
    HANDOFF,
    OTHER_SERVICE,
    OWNERSHIP_INTENT,
    SMALL_TALK,
    TOPIC_INTENT,
    aspect_intent,
    operation_of,
    operation_subject,
    topic_of,
    topic_subject,
)
from bot.nlu.questions import content_words, only_asks_of
from bot.nlu.reading import Reading, named_subjects
from bot.nlu.references import AND, only_around_a_number
from bot.nlu.terms import Found
from knowledge.identifiers import Aspect, Decision

_UNLEARNT: Final = Trust.unlearnt()
MOST_OPERATIONS: Final = 3
_MOST_ALTERNATIVES: Final = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When the evidence is enough. They are data: `config.yml` sets them, `docs/` says how they were found."""

    answer_with_term: float
    answer_with_neighbour: float
    answer_foreign: float
    neighbour: float
    clarify: float
    alternative: float
    second_operation: float
    clause: float
    second_aspect: float
    unworded_aspect: float

    @classmethod
    def of(cls, values: Mapping[str, float]) -> "Thresholds":
        """Reads them from configuration.

        Raises `ValueError` for a missing or unknown name, or a value outside 0 to 1.
        """
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            raise ValueError(f"thresholds 应正好有这些项：{'、'.join(sorted(names))}。")
        for name, value in values.items():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"thresholds 的 {name} 应是 0 到 1 的数。")
        return cls(**values)


def decide(reading: Reading, thresholds: Thresholds, trust: Trust = _UNLEARNT) -> Understanding:
    """What the message is taken to say."""
    if not any(map(str.isalnum, reading.text)):
        return _understood(reading, "clarify", 0.0)
    if reading.choice is not None:
        return _understood(reading, "clarify", 1.0, choice=reading.choice)
    if reading.half_said:
        each = round(1 / len(reading.half_said), 4)
        either = tuple(Alternative(operation, None, None, each) for operation in reading.half_said)
        return _understood(reading, "clarify", 1.0, alternatives=either)
    candidates = Candidates.of(reading)
    if not candidates.named and (reading.numbers or reading.tails) and only_around_a_number(reading.text):
        return _understood(reading, "clarify", 0.0)

    if reading.only_asks and not candidates.named:
        return _understood(reading, "clarify", 1.0, aspects=reading.cued_aspects)
    if _is_fragment(candidates):
        confidence = _confidence_in_other(candidates, trust)
        # 「个人的呢」 asks the same for somebody else: what it resembles besides is not said.
        the_same = reading.ownership is not None and reading.follow_up
        aspects = reading.cued_aspects if the_same else _aspects(reading, thresholds)
        return _understood(reading, "clarify", confidence, aspects=aspects)
    confidence = trust.in_subject(candidates)
    if _has_support(candidates, confidence, thresholds):
        return _answered(reading, candidates, confidence, thresholds)
    if (operation := _only_asked_of(reading)) is not None:
        return _understood(reading, "answer", confidence, operations=(operation,), aspects=reading.cued_aspects)
    ours = trust.in_ours(candidates)
    if ours >= thresholds.clarify and not (reading.foreign and not candidates.named):
        alternatives = _alternatives(reading, candidates, ours, thresholds)
        return _understood(reading, "clarify", ours, aspects=_aspects(reading, thresholds), alternatives=alternatives)
    return _not_ours(reading, candidates.likeliest_other, _confidence_in_other(candidates, trust), thresholds)


def intent_of(understanding: Understanding) -> str:
    """The Rasa intent that carries an understanding through the dialogue rules."""
    match understanding.decision:
        case "answer":
            return aspect_intent(next(iter(understanding.aspects), None)) if understanding.operations else TOPIC_INTENT
        case "chitchat":
            return understanding.small_talk or FALLBACK_INTENT
        case "clarify":
            return _clarify_intent(understanding)
        case decision:
            return decision


def _clarify_intent(understanding: Understanding) -> str:
    if understanding.choice is not None:
        return CHOOSE
    if understanding.alternatives:
        return FALLBACK_INTENT
    if understanding.aspects:
        return aspect_intent(understanding.aspects[0])
    return OWNERSHIP_INTENT if understanding.ownership else FALLBACK_INTENT


def _is_fragment(candidates: Candidates) -> bool:
    other = candidates.likeliest_other
    return other == FRAGMENT and candidates.subjects.get(other, 0.0) >= candidates.together and not candidates.named


def _has_support(candidates: Candidates, confidence: float, thresholds: Thresholds) -> bool:
    """Whether the likeliest subject of ours is named or close by, and sure enough for that."""
    if not candidates.ours:
        return False
    likeliest = candidates.ours[0]
    if likeliest in candidates.named and confidence >= thresholds.answer_with_term:
        return True
    is_close = candidates.nearest.get(likeliest, 0.0) >= thresholds.neighbour
    enough = thresholds.answer_foreign if candidates.foreign else thresholds.answer_with_neighbour
    return is_close and confidence >= enough


def _only_asked_of(reading: Reading) -> str | None:
    """The operation, where a message names it, asks something of it and says nothing else: then it means nothing else."""
    named = [term for term in reading.terms if term.asked_for]
    operations = {term.id for term in named if term.kind == "operation"}
    spans = [(term.start, term.end) for term in named]
    return operations.pop() if len(operations) == 1 and only_asks_of(reading.text, spans) else None


def _confidence_in_other(candidates: Candidates, trust: Trust) -> float:
    """How sure the likeliest subject is that is not ours: its share of all that is not."""
    others = sum(candidates.subjects[one] for one in candidates.others)
    share = candidates.subjects.get(candidates.likeliest_other, 0.0) / others if others > 0 else 0.0
    return share * (1 - trust.in_ours(candidates))


def _answered(reading: Reading, candidates: Candidates, confidence: float, thresholds: Thresholds) -> Understanding:
    best, *rest = (candidates.ours[0], *(one for one in candidates.supported if one != candidates.ours[0]))
    topic = topic_of(best)
    if topic is not None:
        return _understood(reading, "answer", confidence, topic=topic)
    besides = _listed_with(best, reading) | _asked_apart(reading)
    second = [
        one
        for one in rest
        if operation_of(one) and (one in besides or candidates.subjects[one] >= thresholds.second_operation)
    ]
    chosen = [best, *second][:MOST_OPERATIONS]
    operations = [operation for operation in map(operation_of, chosen) if operation is not None]
    aspects = _aspects(reading, thresholds)
    return _understood(
        reading,
        "answer",
        confidence,
        operations=tuple(_in_reading_order(operations, reading.terms)),
        aspects=aspects,
        pairs=_pairs(operations, aspects, reading),
    )


def _listed_with(subject: str, reading: Reading) -> set[str]:
    """The operations that the message names in one list with the operation of `subject` (「停机保号和复机」)."""
    terms = sorted((one for one in reading.terms if one.asked_for), key=lambda term: term.start)
    listed: list[set[str]] = [set()]
    for term, before in zip(terms, (None, *terms), strict=False):
        if before and not AND.fullmatch(reading.text[before.end : term.start]):
            listed.append(set())
        listed[-1].add(operation_subject(term.id))
    return set().union(*(group for group in listed if subject in group))


def _asked_apart(reading: Reading) -> set[str]:
    """The operations that are named in a question of their own (「补卡要带什么,销户收费吗」)."""
    spans = [(start, end) for start, end, _ in reading.questions]
    named = [term for term in reading.terms if term.asked_for]
    return {operation_subject(term.id) for term in named if any(start <= term.start < end for start, end in spans)}


def _in_reading_order(operations: Sequence[str], terms: Sequence[Found]) -> list[str]:
    if len(operations) < 2:
        return list(operations)
    places = {term.id: term.start for term in reversed(terms) if term.kind == "operation"}
    return sorted(operations, key=lambda one: places.get(one, -1))


def _pairs(operations: Sequence[str], aspects: Sequence[Aspect], reading: Reading) -> tuple[tuple[str, Aspect], ...]:
    """Which aspect is asked of which operation, in 「补卡要带什么,销户收费吗」; nothing where each is asked of all.

    Words of the two kinds that stand together belong together; a group ends where the kind that began comes again.
    """
    if len(operations) < 2 or len(aspects) < 2:
        return ()
    words: list[tuple[int, str | None, Aspect | None]] = [
        (term.start, term.id, None) for term in reading.terms if term.asked_for and term.id in operations
    ]
    words += [(start, None, aspect) for start, aspect in reading.aspect_places if aspect in aspects]
    groups: list[tuple[dict[str, None], dict[Aspect, None]]] = []
    begins_with_operation = False
    for _, operation, aspect in sorted(words, key=lambda word: word[0]):
        begins_with_operation = begins_with_operation if groups else operation is not None
        complete = groups and all(groups[-1])
        if not groups or (complete and (operation is not None) == begins_with_operation):
            groups.append(({}, {}))
        if operation is not None:
            groups[-1][0][operation] = None
        if aspect is not None:
            groups[-1][1][aspect] = None
    pairs = [(operation, aspect) for ours, asked in groups for operation in ours for aspect in asked]
    whole = {operation for operation, _ in pairs} == set(operations) and {aspect for _, aspect in pairs} == set(aspects)
    return tuple(dict.fromkeys(pairs)) if whole and len(groups) > 1 else ()


def _aspects(reading: Reading, thresholds: Thresholds) -> tuple[Aspect, ...]:
    """The aspects that were expressed, the likeliest first; wishing for a service expresses none."""
    ranked = sorted(reading.aspects, key=lambda one: -reading.aspects[one])
    if not ranked:
        return ()
    first = ranked[0]
    likely = [one for one in ranked if reading.aspects[one] >= thresholds.second_aspect and one != "overview"]
    asked = [one for one in _asked(reading) if one in likely]
    if asked and first not in reading.cued_aspects and reading.aspects[first] < thresholds.unworded_aspect:
        return tuple(asked)
    apart = _asked(reading) if first in _asked(reading) else ()
    rest = [
        one
        for one in ranked[1:]
        if one != "overview" and (one in apart or (one in reading.cued_aspects and one in likely))
    ]
    if first == "overview":
        return ("overview",) if first in reading.cued_aspects and not rest else tuple(rest)
    # Several questions are answered in the order in which they were asked.
    return tuple(dict.fromkeys([*(asked if first in asked else ()), first, *rest]))


def _alternatives(
    reading: Reading, candidates: Candidates, confidence: float, thresholds: Thresholds
) -> tuple[Alternative, ...]:
    aspect = next(iter(_aspects(reading, thresholds)), None)
    scale = confidence / candidates.together if candidates.together > 0 else 0.0
    return tuple(
        Alternative(
            operation=operation_of(subject),
            topic=topic_of(subject),
            aspect=aspect if operation_of(subject) else None,
            confidence=round(scale * candidates.subjects[subject], 4),
        )
        for subject in candidates.ours[:_MOST_ALTERNATIVES]
        if candidates.subjects[subject] >= thresholds.alternative
    )


def _not_ours(reading: Reading, subject: str, confidence: float, thresholds: Thresholds) -> Understanding:
    if subject in SMALL_TALK and reading.questions:
        # 「谢谢,那多久生效」: politeness beside a question about something that was said before.
        return _understood(reading, "clarify", confidence, aspects=_asked(reading))
    if subject in SMALL_TALK:
        return _understood(reading, "chitchat", confidence, small_talk=subject)
    if subject == HANDOFF:
        return _understood(reading, "handoff", confidence)
    if subject == OTHER_SERVICE:
        return _understood(reading, "other_service", confidence)
    if subject == FRAGMENT:
        return _understood(reading, "clarify", confidence, aspects=_aspects(reading, thresholds))
    if subject == CHOOSE:
        return _understood(reading, "clarify", confidence)
    return _understood(reading, "out_of_scope", confidence)


def _asked(reading: Reading) -> tuple[Aspect, ...]:
    return tuple(dict.fromkeys(aspect for _, _, aspect in reading.questions))


def _understood(
    reading: Reading,
    decision: Decision,
    confidence: float,
    *,
    operations: tuple[str, ...] = (),
    aspects: tuple[Aspect, ...] = (),
    topic: str | None = None,
    alternatives: tuple[Alternative, ...] = (),
    small_talk: str | None = None,
    choice: int | None = None,
    pairs: tuple[tuple[str, Aspect], ...] = (),
) -> Understanding:
    named = named_subjects(reading.terms)
    meant = {*map(operation_subject, operations), *([topic_subject(topic)] if topic else [])}
    return Understanding(
        decision=decision,
        operations=operations,
        aspects=aspects,
        topic=topic,
        ownership=reading.ownership,
        numbers=reading.numbers,
        tails=reading.tails,
        other_number=reading.other_number,
        permission=reading.permission,
        named=bool(named & meant if meant else named),
        pairs=pairs,
        confidence=round(confidence, 4),
        alternatives=alternatives,
        small_talk=small_talk,
        choice=choice,
        follow_up=reading.follow_up,
        words=content_words(reading.text),
    )
