"""Blocks as WeChat text messages: plain text, each message within WeChat's limit, cut where a reader would pause."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from actions.blocks import Block
from actions.conversation.wording import say
from actions.plain_text import block_lines, choice_lines, cited
from knowledge.answers import citation_text

LIMIT: Final = 2048
# A clause with its punctuation, and what stays together even where a clause is too long: a title in 《》.
_CLAUSE: Final = re.compile(r"(?:《[^《》]*》|[^。；！？，、：\s《])+[。；！？，、：\s]*|.", re.DOTALL)
_TITLE_OR_CHARACTER: Final = re.compile(r"《[^《》]*》|.", re.DOTALL)


def wechat_texts(blocks: Sequence[Block], choices: Sequence[str]) -> list[str]:
    """The messages to send, in their order, each of at most `LIMIT` UTF-8 bytes.

    A choice is taken by answering its number. The citations come last, and none of them is cut in two.
    """
    lines = [line.strip() for block in blocks if block["type"] != "citations" for line in block_lines(block)]
    if choices:
        lines += [say("answer_by_number"), *choice_lines(choices)]
    pieces = [*_pieces_of_lines(lines), *_pieces_of_citations(blocks)]
    return [text for text in map(str.strip, _packed(pieces)) if text]


def _pieces_of_lines(lines: Iterable[str]) -> Iterator[str]:
    """Each line as one piece where it fits into a message, else clause by clause; the last piece ends the line."""
    for line in filter(None, lines):
        if _size(line) < LIMIT:
            yield line + "\n"
        else:
            yield from _CLAUSE.findall(line)
            yield "\n"


def _pieces_of_citations(blocks: Iterable[Block]) -> list[str]:
    """The 「依据」 line cut between its places, as it is read out where it is whole."""
    places = [place for block in blocks if block["type"] == "citations" for place in cited(block)]
    if not places:
        return []
    whole = say("citations", places=citation_text(places))
    if _size(whole) < LIMIT:
        return [whole]
    return [say("citations", places=""), *(f"{citation_text([place])}\n" for place in places)]


def _packed(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces put together to messages that are as full as they may be."""
    message = ""
    for piece in pieces:
        for part in _fitting(piece):
            if _size(message) + _size(part) > LIMIT:
                yield message
                message = ""
            message += part
    yield message


def _fitting(piece: str) -> Sequence[str]:
    """The piece itself; one that no message can hold is cut up, its titles last of all."""
    if _size(piece) <= LIMIT:
        return [piece]
    return [
        part for token in _TITLE_OR_CHARACTER.findall(piece) for part in ([token] if _size(token) <= LIMIT else token)
    ]


def _size(text: str) -> int:
    return len(text.encode())
