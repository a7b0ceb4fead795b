"""Every wording belongs to one operation or topic, or is declared to be shared, and can be used in training data."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from knowledge.lint.walk import entries
from knowledge.model import Operation, RuleBase, Topic
from knowledge.reading import line_of
from knowledge.yaml_source import Problem

_NOT_A_WORDING: Final = re.compile(r"[\[\](){}\"\n]")
_LONGEST: Final = 16


def problems(rules: RuleBase) -> Iterator[Problem]:
    """Wordings claimed twice without being declared as shared, and such as cannot be used."""
    owners: dict[str, list[Operation | Topic]] = defaultdict(list)
    for entry in entries(rules):
        for wording in (entry.name, *entry.aliases):
            line = line_of(wording, 1)
            for other in owners[wording]:
                if other is entry or not (wording in entry.shared_aliases and wording in other.shared_aliases):
                    where = "本文件" if other is entry else other.id
                    yield Problem(entry.path, line, f"说法“{wording}”在{where}里已经有了")
            owners[wording].append(entry)
            if _NOT_A_WORDING.search(wording) or not 2 <= len(wording) <= _LONGEST:
                yield Problem(entry.path, line, f"说法“{wording}”应是 2 到 {_LONGEST} 个字，不带括号和引号")
            if wording != wording.strip():
                yield Problem(entry.path, line, f"说法“{wording}”的前后有空格")
    for entry in entries(rules):
        for wording in entry.shared_aliases:
            if wording not in entry.aliases:
                yield Problem(entry.path, line_of(wording, 1), f"“shared_aliases”里的“{wording}”不在“aliases”里")
            elif len(owners[wording]) < 2:
                yield Problem(
                    entry.path, line_of(wording, 1), f"说法“{wording}”没有别的业务或主题在用，不用写“shared_aliases”"
                )
