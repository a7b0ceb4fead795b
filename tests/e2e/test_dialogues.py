"""Plays every dialogue of the folders beside this file through the running system."""

from collections.abc import Callable
from typing import Any

import pytest

from actions.accounts.demo import demo_accounts
from bot.nlu.numbers import find_numbers
from bot.nlu.text import normalize
from tests.e2e.dialogues import Dialogue, Wrong, faults_of, play, read_dialogues
from tests.e2e.talk import TalkAs

DIALOGUES = read_dialogues()
RIGHT: dict[str, Any] = {
    "decision": "answer",
    "operation": "replace_sim",
    "operations": ["replace_sim"],
    "topic": None,
    "aspect": "fee",
    "ownership": None,
    "verdict": None,
    "citations": [{}],
    "text": "要收卡费。",
}


@pytest.fixture(scope="module")
def wrong_turns(talk_as: TalkAs) -> Callable[[Dialogue], list[Wrong]]:
    """What goes wrong in a dialogue; each is played once."""
    played: dict[str, list[Wrong]] = {}

    def of(dialogue: Dialogue) -> list[Wrong]:
        if str(dialogue) not in played:
            played[str(dialogue)] = list(play(dialogue, talk_as(dialogue.identity)))
        return played[str(dialogue)]

    return of


def cases() -> list[Any]:
    """A dialogue that cannot be right yet says why, and does not fail on its own."""
    return [
        pytest.param(one, id=str(one), marks=[pytest.mark.xfail(reason=one.open)] if one.open else [])
        for one in DIALOGUES
    ]


@pytest.mark.parametrize("dialogue", cases())
def test_a_dialogue_goes_as_with_a_careful_clerk(
    dialogue: Dialogue, wrong_turns: Callable[[Dialogue], list[Wrong]]
) -> None:
    wrong = wrong_turns(dialogue)
    assert not wrong, "\n" + "\n".join(map(str, wrong))


def test_at_least_95_of_100_turns_are_right(wrong_turns: Callable[[Dialogue], list[Wrong]]) -> None:
    wrong = [one for dialogue in DIALOGUES for one in wrong_turns(dialogue)]
    turns = sum(len(dialogue.turns) for dialogue in DIALOGUES)
    share = 1 - len(wrong) / turns
    summary = f"{len(DIALOGUES)} dialogues, {turns} turns, {share:.3f} right; wrong:\n" + "\n".join(map(str, wrong))
    print(summary)
    assert share >= 0.95, summary


def test_there_are_many_dialogues_of_several_turns() -> None:
    assert len(DIALOGUES) >= 84
    assert len({str(dialogue) for dialogue in DIALOGUES}) == len(DIALOGUES)
    assert {len(dialogue.turns) for dialogue in DIALOGUES} <= set(range(3, 8))


def test_dialogues_name_only_numbers_that_the_demo_accounts_have() -> None:
    signed_in = {number for one in DIALOGUES if one.identity for number in one.identity.numbers}
    said = {number for one in DIALOGUES for turn in one.turns for _, _, number in find_numbers(normalize(turn.user))}
    assert signed_in | said <= {account.number for account in demo_accounts()}


def test_a_reply_as_expected_has_no_fault() -> None:
    expected = {"decision": ["clarify", "answer"], "operation": "replace_sim", "verdict": None, "contains": ["卡费"]}
    assert not list(faults_of(RIGHT, expected, "哪一项？"))


@pytest.mark.parametrize(
    ("reply", "expected", "fault"),
    [
        ({}, {"aspect": ["documents", "channels"]}, "aspect is fee"),
        ({}, {"operations": ["replace_sim", "cancel_service"]}, "operations are"),
        ({}, {"verdict": "blocked"}, "the verdict is None"),
        ({}, {"contains": ["介绍信"]}, "介绍信 is missing"),
        ({}, {"never": ["卡费"]}, "卡费 is said"),
        ({"decision": "clarify"}, {}, "a rule is cited without an answer"),
        ({"text": "哪一项？"}, {}, "the same question is asked twice"),
    ],
)
def test_every_kind_of_fault_is_found(reply: dict[str, Any], expected: dict[str, Any], fault: str) -> None:
    found = list(faults_of({**RIGHT, **reply}, expected, "哪一项？"))
    assert len(found) == 1
    assert fault in found[0]
