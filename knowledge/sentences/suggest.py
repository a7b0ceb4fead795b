"""Proposes entries for sentences that have none; each is refused until a person has looked at it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from knowledge.model import Citation, RuleBase
from knowledge.sentences.coverage import Judged
from knowledge.sentences.entries import FOLDER, LONGEST_BEGINNING, Entry
from knowledge.sentences.split import Sentence
from knowledge.sentences.targets import said, targets
from knowledge.sources import letters

_SHORTEST_BEGINNING: Final = 6
# A target is worth proposing when it adds this share of the sentence's pairs of characters.
_WORTH: Final = 0.1
_NONE_FOUND: Final = "没有找到引用这一节、说法相近的规定；请写明为什么不说，或者先补上规定"


def suggest(rules: RuleBase, judged: Sequence[Judged], entries: Iterable[Entry]) -> dict[Path, int]:
    """Adds a proposal to the coverage files for each sentence without an entry; returns how many went into each file.

    A document without a file gets a new one. What stands in the files is not touched.
    """
    paths = {entry.place.document: entry.path for entry in entries}
    waiting: dict[str, dict[tuple[Citation, str], Sentence]] = defaultdict(dict)
    for one in judged:
        if one.entry is None and not one.sentence.heading:
            place = one.sentence.place
            waiting[place.document].setdefault((place, one.sentence.digest), one.sentence)
    written: dict[Path, int] = {}
    everything = [one.sentence for one in judged]
    for title, found in waiting.items():
        path = paths.get(title) or _new_file(rules, title)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"  - {_proposal(rules, sentence, everything)}\n" for sentence in found.values())
        written[path] = len(found)
    return written


def _new_file(rules: RuleBase, title: str) -> Path:
    number = list(rules.documents.by_title).index(title) + 1
    path = rules.folder / FOLDER / f"document_{number}.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"document: {title}\nsentences:\n", encoding="utf-8")
    return path


def _proposal(rules: RuleBase, sentence: Sentence, everything: Sequence[Sentence]) -> str:
    """One line of YAML."""
    best = _best(rules, sentence)
    answer = f"said_in: [{', '.join(best)}]" if best else f"not_covered: {_NONE_FOUND}"
    section, begins = (
        json.dumps(text, ensure_ascii=False) for text in (sentence.place.section, _begins(sentence, everything))
    )
    return f'{{section: {section}, begins: {begins}, digest: "{sentence.digest}", {answer}, proposed: true}}'


def _begins(sentence: Sentence, everything: Iterable[Sentence]) -> str:
    """The fewest first letters that tell the sentence from the others of its section, where so few can."""
    others = [
        other.letters for other in everything if other.place == sentence.place and other.letters != sentence.letters
    ]
    lengths = range(_SHORTEST_BEGINNING, LONGEST_BEGINNING + 1)
    beginnings = (sentence.letters[:length] for length in lengths)
    alone = (begins for begins in beginnings if not any(other.startswith(begins) for other in others))
    return next(alone, sentence.letters[:LONGEST_BEGINNING])


def _best(rules: RuleBase, sentence: Sentence) -> list[str]:
    """The targets that together share most with the sentence, the best first."""
    left = _pairs(sentence.body)
    whole = len(left) or 1
    offered = {
        target: _pairs("".join(texts)) for target in targets(rules) if (texts := said(rules, target, sentence.place))
    }
    best: list[str] = []
    while left and offered:
        target = max(offered, key=lambda name: len(left & offered[name]))
        shared = left & offered.pop(target)
        if len(shared) / whole < _WORTH:
            break
        best.append(target)
        left -= shared
    return best


def _pairs(text: str) -> set[str]:
    plain = letters(text)
    return {plain[place : place + 2] for place in range(len(plain) - 1)}
