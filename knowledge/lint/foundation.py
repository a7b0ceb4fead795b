"""What the rule base says stands in the sections it cites: what it names, and something of it at least in any case."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.exact import Exact, missing
from knowledge.lint.cited import Cited, said
from knowledge.model import RuleBase
from knowledge.sources import Sources, letters
from knowledge.yaml_source import Problem, read_yaml

REMARKS: Final = Path(__file__).with_name("remarks.yml")
# Of the rules that agree with their section, the least related shares a fifth of its pairs of characters.
_LEAST_SHARE: Final = 0.125


def compared(rules: RuleBase, sources: Sources) -> Iterator[Problem]:
    """Texts that name what the cited sections do not contain, or that share next to nothing with them."""
    cited = Cited(sources)
    for one in said(rules):
        there = cited.under(one.places)
        places = "、".join(map(str, one.places))
        for term in missing(one.text, there, rules.documents.terms.checked):
            yield Problem(one.path, one.line, f"所引用的{places}里没有“{term}”")
        if not _related(one.text, there) and not any(remark in one.text for remark in _remarks()):
            yield Problem(one.path, one.line, f"与所引用的{places}几乎没有相同的字，请核对出处")


def _related(text: str, there: Exact) -> bool:
    """Whether a text that perhaps names nothing could be about the cited sections at all."""
    plain = letters(text).upper()
    pairs = {plain[place : place + 2] for place in range(len(plain) - 1)}
    return sum(pair in there.letters for pair in pairs) >= len(pairs) * _LEAST_SHARE


@cache
def _remarks() -> tuple[str, ...]:
    return tuple(map(str, read_yaml(REMARKS)["phrases"]))
