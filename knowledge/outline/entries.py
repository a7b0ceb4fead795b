"""Which operations and topics stand on a section of a document."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from knowledge.model import Citation, Operation, RuleBase, Topic
from knowledge.sources import holds, letters


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation or topic; `answered` says whether its answers have been written."""

    id: str
    name: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Entries:
    """All entries by the sections they cite, and by the names people call them."""

    by_citation: dict[Citation, list[Entry]] = field(default_factory=dict)
    by_name: dict[str, Entry] = field(default_factory=dict)

    def citing(self, document: str, section: str) -> tuple[Entry, ...]:
        """Those that cite a section or what stands below it (`五` counts `五(二)`, `第六条` counts `第六条第2项`)."""
        here = Citation(document, section)
        cited = (entries for citation, entries in self.by_citation.items() if holds(here, citation))
        return tuple(dict.fromkeys(entry for entries in cited for entry in entries))

    def called(self, name: str) -> tuple[Entry, ...]:
        """Those that one of the words of a heading (`改号/换号`) is a name of."""
        words = [letters(name), *map(letters, name.split("/"))]
        return tuple(dict.fromkeys(self.by_name[word] for word in words if word in self.by_name))


def read_entries(rules: RuleBase) -> Entries:
    """The entries of a rule base."""
    entries = Entries()
    everything: list[Operation | Topic] = [*rules.operations.values(), *rules.topics.values()]
    for entry in everything:
        short = Entry(entry.id, entry.name, entry.answered)
        for citation in dict.fromkeys(_citations(entry)):
            entries.by_citation.setdefault(citation, []).append(short)
        official = (entry.official_name,) if isinstance(entry, Operation) else ()
        for name in (entry.name, *official, *entry.aliases):
            entries.by_name.setdefault(letters(name), short)
    return entries


def _citations(entry: Operation | Topic) -> Iterator[Citation]:
    yield entry.citation
    aspects = entry.aspects.values() if isinstance(entry, Operation) else ()
    rules = (rule for aspect in aspects for rule in aspect.rules) if isinstance(entry, Operation) else entry.rules
    for rule in rules:
        yield from rule.citations
        for statement in rule.statements:
            yield from statement.citations
    for aspect in aspects:
        for statement in aspect.common:
            yield from statement.citations
