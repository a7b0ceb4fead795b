"""Messages that ask for several things: their clauses are read one by one beside the whole."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.understanding import Understanding
from bot.nlu.decision import MOST_OPERATIONS, Thresholds, decide
from bot.nlu.evidence import Trust
from bot.nlu.questions import CLAUSE_PATTERN, is_question
from bot.nlu.reading import Reading, asks_for
from knowledge.identifiers import ASPECTS, Aspect

_ASKS_FOR: Final = re.compile(r"想|要(?!是|不是|么)|帮|顺便|麻烦|请|申请|把|再")
_SHORTEST: Final = 4
_MOST: Final = 3


def asking_clauses(text: str) -> list[str]:
    """The clauses that ask or wish for something, where there are several; at most the last three."""
    clauses = [clause.strip() for clause in CLAUSE_PATTERN.findall(text)]
    asking = [one for one in clauses if len(one) >= _SHORTEST and (is_question(one) or _ASKS_FOR.search(one))]
    return asking[-_MOST:] if len(asking) > 1 else []


def understand(readings: Sequence[Reading], thresholds: Thresholds, trust: Trust) -> Understanding:
    """What a message says: the first reading is of the whole, the others of its asking clauses.

    A clause that only denies something, or tells what was done, asks for nothing.
    """
    whole, *clauses = readings
    asking = [clause for clause in clauses if not clause.terms or asks_for(clause.terms)]
    parts = [decide(clause, thresholds, trust) for clause in asking]
    return together(decide(whole, thresholds, trust), parts, thresholds.clause)


def together(whole: Understanding, parts: Sequence[Understanding], enough: float) -> Understanding:
    """What a message says, given what its asking clauses say each by itself.

    Where at least two of them ask for different operations, each with a confidence of `enough`, the message asks for
    all of these. A clause that names no aspect shares that of the whole message.
    """
    sure = [one for one in parts if one.decision == "answer" and one.operations and one.confidence >= enough]
    operations = list(dict.fromkeys(operation for part in sure for operation in part.operations))[:MOST_OPERATIONS]
    known = len(operations) < 2 or set(operations) <= set(whole.operations)
    if known or whole.topic or whole.decision not in ("answer", "clarify"):
        return whole
    shared: tuple[Aspect, ...] = whole.aspects or (ASPECTS[0],)
    pairs = tuple(
        dict.fromkeys(
            (operation, aspect)
            for part in sure
            for operation in part.operations
            if operation in operations
            for aspect in part.aspects or shared
        )
    )
    return replace(
        whole,
        decision="answer",
        operations=tuple(operations),
        aspects=tuple(dict.fromkeys(aspect for _, aspect in pairs)),
        pairs=pairs,
        alternatives=(),
        confidence=min(part.confidence for part in sure),
    )
