"""Amounts of money, where the documents state none."""

import re
from collections.abc import Iterator
from typing import Final

from knowledge.lint.walk import entries, statements
from knowledge.model import RuleBase
from knowledge.yaml_source import Problem

_MONEY: Final = re.compile(
    r"(?:\d[\d.,，]*|[一二两三四五六七八九十百千万]+)\s*(?:万|亿)?(?:多|余|几)?\s*(?:元|块钱?|角)|[¥￥]|人民币\s*\d"
)


def problems(rules: RuleBase) -> Iterator[Problem]:
    """Amounts in a rule base whose documents state none; where they do, the comparison with them looks for each."""
    if rules.pack.states_amounts:
        return
    for entry in entries(rules):
        for statement in statements(entry):
            if found := _MONEY.search(statement.text):
                yield Problem(entry.path, statement.line, f"规则文件没有写任何金额，这里却有“{found[0]}”")
