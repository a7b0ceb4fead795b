"""Every sentence of the documents is said somewhere, or listed with the reason why not."""

from collections.abc import Iterator

from knowledge.model import RuleBase
from knowledge.sentences.coverage import entry_faults, judge, uncovered
from knowledge.sentences.entries import read_entries
from knowledge.sources import Sources
from knowledge.yaml_source import Problem


def problems(rules: RuleBase) -> Iterator[Problem]:
    """What can be found without the documents: bad entries, proposals, and targets that do not cite the section."""
    entries, faulty = read_entries(rules)
    yield from faulty
    for entry in entries:
        yield from (Problem(entry.path, entry.line, fault) for fault in entry_faults(rules, entry))


def compared(rules: RuleBase, sources: Sources) -> Iterator[Problem]:
    """Sentences without an entry, entries without a sentence, changed sentences, and terms that got lost."""
    entries, _ = read_entries(rules)
    yield from uncovered(rules, judge(rules, sources, entries), entries)
