"""What a rule owner reads."""

import json
import re

import pytest

from knowledge.loader import load_rules
from knowledge.outline.build import outline
from knowledge.outline.checks import check
from knowledge.outline.report import data, text
from knowledge.outline.wording import keys
from tests.knowledge.outline.reading import silent

MANUAL = """\
集团客户标准服务内容（试行）
集团客户标准服务内容
一、搬箱
（一）渠道：仓库。
（三）收费
不收费。二
十、寄存
12到柜台登记，然后
"""


@pytest.fixture
def made(folder):
    """A function that makes the outline of a text."""
    rules = load_rules(folder)

    def make(content, name="new.txt", codec="utf-8"):
        path = folder / name
        path.write_bytes(content.encode(codec))
        return outline(path, rules, silent)

    return make


def test_the_report_says_what_is_covered_what_is_odd_what_is_missing_and_what_to_do(made):
    report = text(made(MANUAL))
    assert (
        "1. 《集团客户标准服务内容（试行）》（第 1 行起；与规则库里的《集团客户标准服务内容》标题和小节都对得上）"
        in report
    )
    assert "\n    ✓ 一、搬箱　第 3 行　已收录：搬箱子\n        ✓ （一）渠道　第 4 行　已收录：搬箱子\n" in report
    assert "★ （三）收费　第 5 行　原来缺失或残缺，现在有了" in report
    assert "第 5 行：编号从(一)跳到(三)，缺(二)；缺的内容应当在第 4 行到这里之间。“（三）收费”" in report
    assert "第 7 行：节号被拆到两行，已经接上，上半截在第 6 行。“二十、寄存”" in report
    assert "《集团客户标准服务内容》原来有，现在找不到：一(二)（影响：搬箱子）。" in report
    assert report.index("发现的问题（") < report.index("规则库里有、文件里没有") < report.index("下一步")
    assert "找不到的小节（《集团客户标准服务内容》一(二)）：先确认是不是取消了" in report
    assert "knowledge coverage --sources" in report.splitlines()[-1]


def test_text_in_another_encoding_is_to_be_saved_before_it_is_compared(made):
    assert "--text 新文件.txt" in text(made(MANUAL, codec="gb18030")).splitlines()[-1]


def test_an_unknown_document_is_to_be_added_to_the_catalogue(made):
    assert "新文件《停车办法》：在 knowledge/documents.yml 里加上" in text(made("停车办法\n一、停车\n可以。"))


def test_a_document_in_order_has_nothing_to_say(made):
    report = text(made("集团客户标准服务内容\n一、搬箱\n(一)渠道:仓库。\n(二)原则:预约。"))
    assert "发现的问题（0 处）\n    没有发现问题。" in report


def test_the_same_is_there_for_programs(made):
    report = json.loads(json.dumps(data(made(MANUAL)), ensure_ascii=False))
    document = report["documents"][0]
    assert (report["kind"], report["encoding"], report["lines"]) == ("txt", "UTF-8", 8)
    assert document["matched"] == {"title": "集团客户标准服务内容", "how": "both"}
    assert document["sections"][0] == {
        "id": "一", "own": "一", "heading": "一、搬箱", "depth": 0, "page": None, "line": 3, "state": "covered",
        "entries": [{"id": "move_box", "name": "搬箱子", "answered": True}],
    }  # fmt: skip
    assert document["missing"][0]["section"] == "一(二)"
    assert ("page_number_first", 8) in [(finding["kind"], finding["line"]) for finding in report["findings"]]
    assert report["next"]


def test_every_sentence_has_full_width_punctuation():
    from knowledge.outline.wording import say

    for group in ("refusals", "states", "absences", "matched"):
        for key in keys(group):
            blanks = dict.fromkeys(("reason", "ending", "megabytes", "id", "title"), "甲")
            assert not re.search("[,;:!?]", say(group, key, **blanks)), key


def test_the_checks_need_no_rule_base():
    assert check([], [], wrapped=False) == []
