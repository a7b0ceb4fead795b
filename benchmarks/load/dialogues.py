"""What is said: the dialogues of the end-to-end tests, and questions of our own held-out set one after the other."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from actions.settings import ROOT
from tests.e2e.dialogues import read_dialogues

_QUESTIONS: Final = ROOT / "tests" / "understanding" / "held_out.jsonl"
_QUESTIONS_A_DIALOGUE: Final = 3


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One person's messages; `number` is the demo number they are signed in with."""

    number: str | None
    turns: tuple[str, ...]


def dialogues(count: int) -> list[Dialogue]:
    """So many dialogues, no two alike, half of either kind and mixed; the same ones every time.

    People of the tests who are staff or have several numbers are left out: the demo sign-in has customers of one number.
    """
    people = [
        Dialogue(one.identity.numbers[0] if one.identity else None, tuple(turn.user for turn in one.turns))
        for one in read_dialogues()
        if one.identity is None or (one.identity.role == "customer" and len(one.identity.numbers) == 1)
    ]
    asked = _questions(_QUESTIONS)
    made = [
        Dialogue(None, tuple(asked[first : first + _QUESTIONS_A_DIALOGUE]))
        for first in range(0, len(asked) - _QUESTIONS_A_DIALOGUE + 1, _QUESTIONS_A_DIALOGUE)
    ]
    chance = random.Random(6)
    chance.shuffle(people)
    chance.shuffle(made)
    chosen = [*people[: count - count // 2], *made[: count // 2]]
    chance.shuffle(chosen)
    return chosen


def _questions(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = list(dict.fromkeys(json.loads(line)["text"] for line in lines if line.strip()))
    random.Random(7).shuffle(texts)
    return texts
