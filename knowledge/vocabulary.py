"""Files for the language understanding, made from the names, aliases, patterns and terms of the rule base.

`generate` writes them, `check` says which of them differ from what the rule base would give now.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from knowledge.model import Operation, RuleBase, Topic

_NOTICE: Final = "# 由规则库自动生成，请不要直接修改；要改说法，请改 knowledge/ 里的 aliases、patterns 或 pack.yml，再运行 make train。\n"
# Longer wordings are phrases; as one word they would hide the words they are made of from the tokeniser.
_LONGEST_WORD: Final = 4
# Names of the lookup tables in `patterns.yml`. An entry's own is followed by its kind and id: Rasa's synonyms know only
# one meaning of a wording.
OWN_TABLE: Final = "wording"
FOREIGN_TABLE: Final = "foreign_thing"
CALLED_TABLE: Final = "operator_name"
HOTLINE_TABLE: Final = "operator_hotline"
# Followed by the operations that the words may mean.
HALF_SAID_TABLE: Final = "half_said"
BETWEEN_OPERATIONS: Final = "+"
# How strongly jieba keeps a term together (its own dictionary has a few thousand for common words).
_FREQUENCY: Final = 100_000


def wordings(entry: Operation | Topic) -> tuple[str, ...]:
    """All that an operation or topic is called, the name first."""
    return (entry.name, *(alias for alias in entry.aliases if alias != entry.name))


def generate(rules: RuleBase, folder: Path) -> list[str]:
    """Writes the files under `folder` that are missing or differ; returns their names."""
    stale = check(rules, folder)
    contents = _contents(rules)
    for name in stale:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(contents[name], encoding="utf-8")
    return stale


def check(rules: RuleBase, folder: Path) -> list[str]:
    """The names of the files that are missing or out of date."""
    return [
        name
        for name, content in _contents(rules).items()
        if not (folder / name).is_file() or (folder / name).read_text(encoding="utf-8") != content
    ]


def _contents(rules: RuleBase) -> dict[str, str]:
    operations, topics = rules.operations.values(), rules.topics.values()
    entries: tuple[Operation | Topic, ...] = (*operations, *topics)
    lookup = [_block("lookup", "operation", _all(operations)), _block("lookup", "topic", _all(topics))]
    synonyms = [_block("synonym", entry.id, _unshared(entry)) for entry in entries]
    return {
        "lookup.yml": _nlu(lookup),
        "synonyms.yml": _nlu(synonyms),
        "patterns.yml": _nlu(_patterns(rules)),
        "jieba/terms.txt": "".join(f"{term} {_FREQUENCY} n\n" for term in _dictionary(rules)),
    }


def _patterns(rules: RuleBase) -> Iterator[str]:
    """Wordings with a gap or of several entries, and what the pack says of the operator and of words by themselves."""
    tables: tuple[tuple[str, Iterable[Operation | Topic]], ...] = (
        ("operation", rules.operations.values()),
        ("topic", rules.topics.values()),
    )
    for kind, entries in tables:
        for entry in entries:
            if own := (*entry.patterns, *entry.shared_aliases):
                yield _block("lookup", f"{OWN_TABLE}/{kind}/{entry.id}", own)
    pack = rules.pack
    for table, words in (
        (FOREIGN_TABLE, pack.foreign_things),
        (CALLED_TABLE, pack.operator.called),
        (HOTLINE_TABLE, pack.operator.hotlines),
    ):
        if words:
            yield _block("lookup", table, words)
    for half_said in pack.half_said:
        operations = BETWEEN_OPERATIONS.join(half_said.operations)
        yield _block("lookup", f"{HALF_SAID_TABLE}/{operations}", half_said.said)


def _all(entries: Iterable[Operation | Topic]) -> Iterator[str]:
    for entry in entries:
        yield from _unshared(entry)


def _unshared(entry: Operation | Topic) -> Iterator[str]:
    return (wording for wording in wordings(entry) if wording not in entry.shared_aliases)


def _nlu(blocks: Iterable[str]) -> str:
    return f'{_NOTICE}version: "3.1"\n\nnlu:\n' + "\n".join(blocks)


def _block(kind: str, name: str, examples: Iterable[str]) -> str:
    text = io.StringIO()
    text.write(f"- {kind}: {name}\n  examples: |\n")
    text.writelines(f"    - {example}\n" for example in examples)
    return text.getvalue()


def _dictionary(rules: RuleBase) -> list[str]:
    """Words for jieba: short wordings and the documents' terms; one with a blank cannot be a word."""
    entries: tuple[Operation | Topic, ...] = (*rules.operations.values(), *rules.topics.values())
    words = {word for entry in entries for word in wordings(entry) if len(word) <= _LONGEST_WORD}
    words |= {term for term in rules.documents.terms.checked if not term.isdigit()}
    return sorted(word for word in words if not any(map(str.isspace, word)))
