"""Blocks as lines of text: what terminals and channels without cards show."""

from collections.abc import Iterable, Iterator

from actions.blocks import Block, CitationsBlock, ConditionData, VerdictBlock
from actions.conversation.wording import say
from knowledge.answers import citation_text
from knowledge.model import Citation


def plain_text(blocks: Iterable[Block], choices: Iterable[str]) -> str:
    """The whole reply, choices numbered as they can be answered."""
    lines = [line for block in blocks for line in block_lines(block)]
    return "\n".join(line for line in (*lines, *choice_lines(choices)) if line)


def block_lines(block: Block) -> list[str]:
    """One block, line by line."""
    if block["type"] == "text":
        return [block["text"]]
    if block["type"] == "checklist":
        mark = "·" if block.get("marks") == "points" else "□"
        return [block["title"], *(f"  {mark} {item}" for item in block["items"])]
    if block["type"] == "verdict":
        return list(_verdict_lines(block))
    return [say("citations", places=citation_text(cited(block)))]


def choice_lines(choices: Iterable[str]) -> list[str]:
    """The choices, numbered from 1."""
    return [f"{number}. {choice}" for number, choice in enumerate(choices, 1)]


def cited(block: CitationsBlock) -> list[Citation]:
    """The places of a citations block."""
    return [Citation(item["document"], item["section"]) for item in block["items"]]


def _verdict_lines(block: VerdictBlock) -> Iterator[str]:
    yield block["title"]
    yield from (f"  ✗ {reason}" for reason in block["reasons"])
    yield from (f"  ? {unknown}" for unknown in block["unknowns"])
    if "verify" in block:
        yield block["verify"]
    if block["steps"]:
        yield say("steps")
        yield from (f"  {number}. {step}" for number, step in enumerate(block["steps"], 1))
    yield from (say("notice", text=notice) for notice in block["notices"])
    if conditions := block.get("conditions"):
        yield say("table")
        for condition in conditions:
            yield from _condition_lines(condition)


def _condition_lines(condition: ConditionData) -> Iterator[str]:
    yield say("condition", state=condition["state_text"], requirement=condition["requirement"])
    yield from (say("fact", **fact) for fact in condition["facts"])
    if condition["remedy"]:
        yield say("remedy", text=condition["remedy"])
    if place := condition["citation"]:
        yield say("condition_place", place=Citation(place["document"], place["section"]))
