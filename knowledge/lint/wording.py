"""How a statement is written: length, punctuation, leftovers, and phrases that no rule text supports."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from knowledge.lint.walk import entries, rules_of, statements
from knowledge.model import RuleBase
from knowledge.yaml_source import Problem, read_yaml

FORBIDDEN: Final = Path(__file__).with_name("forbidden.yml")
_CHINESE: Final = "\u4e00-\u9fff"
# A colon may stand in 8:30; a full stop in 3.5 or a web address.
_HALF_WIDTH: Final = re.compile(rf"[,;!?()]|(?<=[{_CHINESE}）”》]):|:(?=[{_CHINESE}（“《])|(?<=[{_CHINESE}])\.")
_PLACEHOLDER: Final = re.compile(r"[{}\[\]]|TODO|TBD|FIXME|XX+|××|__+|待补|待定|？？")
_DOUBLED: Final = re.compile(r"[，。；：、！？,;:!?]{2,}")
_BLANK: Final = re.compile(rf"(?<=[{_CHINESE}，。；：、])[ \t\u3000]+|[ \t\u3000]+(?=[{_CHINESE}，。；：、])|  ")
_PAIRS: Final = ("（）", "“”", "《》", "【】")
_LONGEST_LEAD: Final = 70
_LONGEST_STATEMENT: Final = 120


def problems(rules: RuleBase) -> Iterator[Problem]:
    """Every fault in how the statements are written."""
    forbidden = _forbidden()
    for entry in entries(rules):
        for statement in statements(entry):
            for reason in _faults(statement.text):
                yield Problem(entry.path, statement.line, reason)
            for phrase, why in forbidden.items():
                if phrase in statement.text:
                    yield Problem(entry.path, statement.line, f"不能写“{phrase}”：{why}")
        for rule in rules_of(entry):
            if rule.lead and len(rule.lead.text) > _LONGEST_LEAD:
                yield Problem(entry.path, rule.lead.line, f"第一句超过 {_LONGEST_LEAD} 个字，请写短些")
            if rule.lead and not rule.lead.text.endswith("。"):
                yield Problem(entry.path, rule.lead.line, "第一句应当以句号结尾")
            if rule.lead and (rule.lead.valid.start or rule.lead.valid.end):
                yield Problem(entry.path, rule.lead.line, "第一句不能单独写“valid”，请写在整段上")


@cache
def _forbidden() -> dict[str, str]:
    return {str(phrase): str(group["reason"]) for group in read_yaml(FORBIDDEN) for phrase in group["phrases"]}


def _faults(text: str) -> Iterator[str]:
    if len(text) > _LONGEST_STATEMENT:
        yield f"这一条超过 {_LONGEST_STATEMENT} 个字，请分开写"
    if text != text.strip():
        yield "前后有多余的空格"
    if found := _BLANK.search(text.strip()):
        yield f"“{text.strip()[max(0, found.start() - 2) : found.end() + 2]}”当中有多余的空格"
    if found := _HALF_WIDTH.search(text):
        yield f"中文里用了半角标点“{found[0]}”"
    if found := _DOUBLED.search(text):
        yield f"标点重复了“{found[0]}”"
    if found := _PLACEHOLDER.search(text):
        yield f"留下了没有填写的内容“{found[0]}”"
    for opening, closing in _PAIRS:
        if text.count(opening) != text.count(closing):
            yield f"“{opening}”和“{closing}”不成对"
