"""Checks the whole trail: is every record as it was written, in its place, and is none missing?"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from actions.audit.chain import GENESIS
from actions.audit.trail import Head, Record, Trail

Kind = Literal["changed", "inserted", "removed", "reordered", "renumbered", "truncated", "head", "expected"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the trail is not as it was written; `sequence` is the number of the record, as it stands now."""

    kind: Kind
    sequence: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found; `head` is the last record's number and hash, which to keep elsewhere."""

    records: int
    head: tuple[int, str]
    findings: tuple[Finding, ...]
    # Not one record fits the key: more likely the key is another one.
    nothing_fits: bool


def verify(trail: Trail, expected: tuple[int, str] | None = None) -> Report:
    """Walks the chain from its beginning.

    Args:
        trail: the trail.
        expected: the number and the hash (or the beginning of it) of a head that was noted down earlier. Only with it is
            it noticed that somebody has put back an older copy of the whole database.

    Raises `AuditError` where the trail cannot be read.
    """
    walk = _Walk(trail)
    anchor: Head | None = None
    met_expected = expected is None or (expected[0] == 0)
    for record, following, anchor in _with_following(trail):
        if record is not None:
            walk.step(record, following, anchor)
            met_expected = met_expected or (expected is not None and _is(record, expected))
    findings = [*walk.findings, *_at_the_end(trail, walk, anchor)]
    if expected is not None and not met_expected:
        findings.append(Finding("expected", expected[0]))
    return Report(walk.records, (walk.sequence, walk.last), tuple(findings), walk.records > 0 and walk.authentic == 0)


def _is(record: Record, expected: tuple[int, str]) -> bool:
    return record.sequence == expected[0] and record.hash.startswith(expected[1])


def _with_following(trail: Trail) -> Iterator[tuple[Record | None, Record | None, Head | None]]:
    """Every record with the one after it; the last triple has the head at the end and no record."""
    waiting: Record | None = None
    anchor: Head | None = None
    for anchor, page in trail.pages():
        records = [*([waiting] if waiting else []), *page]
        for record, following in pairwise(records):
            yield record, following, anchor
        waiting = records[-1] if page else waiting
    if waiting:
        yield waiting, None, anchor
    yield None, None, anchor


class _Walk:
    """Where the check stands: the number and the hash of the record that the next one must follow."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self.findings: list[Finding] = []
        self.records = self.authentic = self.sequence = 0
        self.last = GENESIS

    def step(self, record: Record, following: Record | None, anchor: Head | None) -> None:
        """Judges one record, and goes on from it as if it were right, so that one break is told once."""
        self.records += 1
        if self._trail.chain.record(record.content, record.previous) == record.hash:
            self.authentic += 1
            self._place(record)
            self.last = record.hash
        elif self._was_inserted(record, following, anchor):
            self._found("inserted", record)
        else:
            self._found("changed", record)
            # What follows it was linked to what it was before.
            self.last = following.previous if following else record.hash
        self.sequence = record.sequence

    def _place(self, record: Record) -> None:
        if record.previous == self.last:
            if record.sequence != self.sequence + 1:
                self._found("renumbered", record)
        else:
            # A genuine record whose predecessor stands elsewhere has been moved; else the predecessor is gone.
            moved = record.previous == GENESIS or self._trail.has(record.previous)
            self._found("reordered" if moved else "removed", record)

    def _was_inserted(self, record: Record, following: Record | None, anchor: Head | None) -> bool:
        """Whether the chain closes around a record that is not ours."""
        if following is None:
            return anchor is not None and anchor.hash == self.last
        return following.previous == self.last and following.previous != record.hash

    def _found(self, kind: Kind, record: Record) -> None:
        self.findings.append(Finding(kind, record.sequence))


def _at_the_end(trail: Trail, walk: _Walk, anchor: Head | None) -> Iterator[Finding]:
    if anchor is None or trail.chain.head(anchor.sequence, anchor.hash) != anchor.seal:
        yield Finding("head", walk.sequence)
    elif anchor.sequence > walk.sequence:
        yield Finding("truncated", anchor.sequence)
    elif (anchor.sequence, anchor.hash) != (walk.sequence, walk.last) and not walk.findings:
        # Genuine records after a genuine head: the head has been set back.
        yield Finding("head", anchor.sequence)
