"""Whole conversations as data: what is said, and what a careful clerk would answer to it.

A file holds a list of dialogues:

    - name: a sentence
      identity: {role: customer, numbers: ["18600010101"]}   # or {role: staff}, or null: not signed in
      open: why it cannot be right yet                        # only where it is so
      turns:
        - user: 补卡要带什么
          decision: answer
          operation: replace_sim        # or operations: [...], or topic
          aspect: documents             # a list where several are right
          contains: [介绍信]
          never: [发票]
          verdict: blocked              # the status; null where there must be none
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from actions.identity import Identity, from_metadata
from knowledge.yaml_source import read_yaml
from tests.e2e.talk import Talk

FOLDER: Final = Path(__file__).parent
_OF_DIALOGUE: Final = {"name", "identity", "open", "turns"}
_SAME: Final = ("decision", "operation", "topic", "aspect", "ownership")
_OF_TURN: Final = {*_SAME, "user", "operations", "contains", "never", "verdict"}


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, and what is expected of the reply to it."""

    user: str
    expected: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation of one person. `behaviour` is the folder it stands in; `open` why it cannot be right yet."""

    behaviour: str
    theme: str
    name: str
    identity: Identity | None
    open: str | None
    turns: tuple[Turn, ...]

    def __str__(self) -> str:
        return f"{self.behaviour}/{self.theme}: {self.name}"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A turn that was not answered as expected."""

    dialogue: Dialogue
    turn: int
    faults: tuple[str, ...]
    text: str

    def __str__(self) -> str:
        said = self.dialogue.turns[self.turn].user
        reply = self.text.replace("\n", " / ")
        return f"{self.dialogue}\n  {self.turn + 1}. 「{said}」: {'; '.join(self.faults)}\n     {reply[:160]}"


def read_dialogues(folder: Path = FOLDER) -> list[Dialogue]:
    """All dialogues below a folder; one that is not well-formed is a `ValueError` that names it."""
    return [_dialogue(path, content) for path in sorted(folder.glob("*/*.yml")) for content in read_yaml(path)]


def play(dialogue: Dialogue, talk: Talk) -> Iterator[Wrong]:
    """Says everything of a dialogue, and gives the turns that were not answered as expected."""
    asked_before = None
    for number, turn in enumerate(dialogue.turns):
        reply = talk.say(turn.user)
        faults = tuple(faults_of(reply, turn.expected, asked_before))
        if faults:
            yield Wrong(dialogue, number, faults, reply["text"])
        asked_before = reply["text"] if reply["decision"] == "clarify" else None


def faults_of(reply: Mapping[str, Any], expected: Mapping[str, Any], asked_before: str | None = None) -> Iterator[str]:
    """What is wrong with a reply. `asked_before`: the question that the reply before this one asked back."""
    for key in _SAME:
        if key in expected and reply[key] not in _accepted(expected[key]):
            yield f"{key} is {reply[key]}, not {expected[key]}"
    if "operations" in expected and sorted(reply["operations"]) != sorted(expected["operations"]):
        yield f"operations are {reply['operations']}, not {expected['operations']}"
    status = (reply["verdict"] or {}).get("status")
    if "verdict" in expected and status != expected["verdict"]:
        yield f"the verdict is {status}, not {expected['verdict']}"
    yield from (f"{words} is missing" for words in expected.get("contains", ()) if words not in reply["text"])
    yield from (f"{words} is said" for words in expected.get("never", ()) if words in reply["text"])
    if reply["decision"] != "answer" and reply["citations"]:
        yield "a rule is cited without an answer"
    if asked_before is not None and reply["text"] == asked_before:
        yield "the same question is asked twice"


def _accepted(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _dialogue(path: Path, content: Mapping[str, Any]) -> Dialogue:
    where = f"{path}: {content.get('name')}"
    identity = from_metadata(content.get("identity"))
    if set(content) - _OF_DIALOGUE or (content.get("identity") and identity is None):
        raise ValueError(f"{where}: unknown keys or an identity that is none")
    turns = tuple(Turn(str(turn["user"]), turn) for turn in content["turns"])
    for turn in turns:
        if set(turn.expected) - _OF_TURN or "decision" not in turn.expected:
            raise ValueError(f"{where}: 「{turn.user}」 has unknown keys or expects no decision")
        if turn.expected["decision"] == "answer" and not {"operation", "operations", "topic"} & set(turn.expected):
            raise ValueError(f"{where}: 「{turn.user}」 does not say what is answered")
    return Dialogue(path.parent.name, path.stem, content["name"], identity, content.get("open"), turns)
