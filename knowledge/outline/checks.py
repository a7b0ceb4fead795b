"""What is odd about the structure of a document: numbers that jump, empty headings, sentences that break off."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Final

from knowledge.outline.model import Finding, Line, Mark, Node, Part, Place, Style
from knowledge.outline.names import bare_title
from knowledge.outline.numbers import number_label
from knowledge.outline.wording import say

_ENDS: Final = tuple('。;:!?)」』》”"…]')
# A line such as 单位:某某公司 is no sentence.
_INSIDE: Final = re.compile(r"[,。;、]")
# Lines to be signed or filled in, and rows of a table, have no full stop.
_FORM: Final = re.compile(r" \| |年\s*月|月\s*日|签字|签章|盖\s*章|地\s*址|日\s*期")
_SHORTEST_SENTENCE: Final = 15
_WRAPPED_SHARE: Final = 0.3
_FEW_LINES: Final = 3
_MOST_NAMED: Final = 20
# What shows that the text before and after it may belong to different sections.
_SIGNS: Final = ("page_number_first", "repeated_number", "broken_off_inside")


def check(parts: Sequence[Part], mended: Sequence[Finding], wrapped: bool) -> list[Finding]:
    """All findings about documents and their sections.

    `mended` was found before, and helps to see where lost sections begin; `wrapped`: lines end in mid-sentence.
    """
    findings = list(mended)
    if len(parts) > 1:
        titles = [say("report", "title", title=bare_title(part.titles[0])) for part in parts if part.titles]
        values = {"count": len(parts), "titles": say("report", "between").join(titles)}
        findings.append(Finding("several_documents", None, values=values))
    for part in parts:
        findings += [*_titles(part), *_numbers(part), *_empty(part), *_repeated(part)]
        # A line that a page number cut in two goes on after it.
        cut = {finding.place for finding in mended if finding.kind == "page_number_last"}
        findings += [finding for finding in _broken(part, wrapped) if finding.place not in cut]
    return [*findings, *_spots_without_heading(findings)]


def _titles(part: Part) -> Iterator[Finding]:
    if not part.titles:
        line = part.head[0].text if part.head else part.sections[0].heading
        yield Finding("no_title", part.place, line)
    elif len(part.titles) > 1:
        yield Finding("doubled_title", part.place, part.titles[-1], {"count": len(part.titles)})


def _numbers(part: Part) -> Iterator[Finding]:
    """Gaps and repetitions among the sections below one section; articles may go on counting across chapters."""
    last: dict[Style, int] = {}
    for siblings in (part.sections, *(node.children for node in part.walk())):
        marked = [(node, node.mark) for node in siblings if node.mark]
        for style, group in groupby(marked, key=lambda each: (each[1].style, each[1].values[:-1])):
            nodes = list(group)
            first = nodes[0][1]
            start = last.get(style[0], 0)
            if first.value > 1 and first.value != start + 1:
                yield _gap("missing_first", 0, nodes[0], None)
            yield from (finding for before, after in pairwise(nodes) for finding in _between(before, after))
            last[style[0]] = nodes[-1][1].value


def _between(before: tuple[Node, Mark], after: tuple[Node, Mark]) -> Iterator[Finding]:
    step = after[1].value - before[1].value
    if step == 1:
        return
    if step > 1:
        yield _gap("gap", before[1].value, after, before[0])
        return
    kind = "repeated_number" if step == 0 else "number_goes_back"
    values = {"number": number_label(after[1], after[1].value), "before": number_label(before[1], before[1].value)}
    yield Finding(kind, after[0].place, after[0].heading, values)


def _gap(kind: str, last: int, after: tuple[Node, Mark], before: Node | None) -> Finding:
    node, mark = after
    missing = [number_label(mark, value) for value in range(last + 1, mark.value)]
    more = say("report", "and_more", count=len(missing)) if len(missing) > _MOST_NAMED else ""
    values: dict[str, object] = {
        "missing": say("report", "between").join(missing[:_MOST_NAMED]) + more,
        "before": number_label(mark, last) if last else "",
        "after": number_label(mark, mark.value),
        "since": before.place if before else None,
    }
    return Finding(kind, node.place, node.heading, values)


def _empty(part: Part) -> Iterator[Finding]:
    for node in part.walk():
        if node.name and not node.text and not node.children:
            yield Finding("heading_without_text", node.place, node.heading)


def _repeated(part: Part) -> Iterator[Finding]:
    """The same sentence twice in one section: the end of another section may hang on it."""
    for node in part.walk():
        seen: set[str] = set()
        for line in node.text:
            if line.text in seen and len(line.text) >= _SHORTEST_SENTENCE:
                yield Finding("repeated_sentence", line.place, line.text)
            seen.add(line.text)


def _broken(part: Part, wrapped: bool) -> Iterator[Finding]:
    """Text without an end, before a heading or, where every paragraph is a line of its own, anywhere."""
    lines = list(_texts(part))
    long = [line for line, _ in lines if len(line.text) >= _SHORTEST_SENTENCE]
    open_ended = sum(not line.text.endswith(_ENDS) for line in long)
    wrapped = wrapped or open_ended > max(_FEW_LINES, _WRAPPED_SHARE * len(long))
    for line, following in lines:
        sentence = len(line.text) >= _SHORTEST_SENTENCE and _INSIDE.search(line.text)
        if line.text.endswith(_ENDS) or _FORM.search(line.text):
            continue
        if following is None:
            yield Finding("broken_off", line.place, line.text[-_SHORTEST_SENTENCE:])
        elif sentence and not wrapped:
            tail = line.text[-_SHORTEST_SENTENCE:]
            yield Finding("broken_off_inside", line.place, tail, {"following": following})


def _texts(part: Part) -> Iterator[tuple[Line, Line | None]]:
    """Every line of text and the one after it; None where a heading or the end of the document follows."""
    for texts in (part.head, *(node.text for node in part.walk())):
        yield from zip(texts, [*texts[1:], None], strict=True) if texts else ()


def _spots_without_heading(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Places where text of a section seems to begin whose heading is lost, with the numbers that it may have."""
    gaps = [finding for finding in findings if finding.kind == "gap"]
    for sign in findings:
        if sign.kind not in _SIGNS or sign.place is None:
            continue
        following = sign.values.get("following")
        place, text = (following.place, following.text) if isinstance(following, Line) else (sign.place, sign.text)
        missing = next((gap.values["missing"] for gap in gaps if _surrounds(gap, sign.place)), None)
        if missing:
            yield Finding("text_without_heading", place, text, {"missing": missing})
        elif sign.kind == "page_number_first":
            yield Finding("text_after_page", place, text)


def _surrounds(gap: Finding, place: Place) -> bool:
    since = gap.values["since"]
    return isinstance(since, Place) and gap.place is not None and since < place < gap.place
