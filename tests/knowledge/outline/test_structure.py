import pytest

from knowledge.outline.marks import read_mark
from knowledge.outline.model import Line, Place
from knowledge.outline.names import split_name
from knowledge.outline.structure import read_structure
from tests.knowledge.outline.reading import structure_of


def tree(text):
    """The headings of the first document, indented."""
    parts, _ = structure_of(text)

    def walk(nodes, depth):
        return [row for node in nodes for row in ("  " * depth + node.heading, *walk(node.children, depth + 1))]

    return walk(parts[0].sections, 0)


@pytest.mark.parametrize(
    ("text", "style", "values", "rest"),
    [
        ("第一篇:搬运手册", "part", (1,), "搬运手册"),
        ("附件2 搬运手册", "attachment", (2,), "搬运手册"),
        ("附:承诺书", "attachment", (1,), "承诺书"),
        ("第三章 寄存", "chapter", (3,), "寄存"),
        ("第 二 条 项目", "article", (2,), "项目"),
        ("第四条", "article", (4,), ""),
        ("二十三、装车", "chinese", (23,), "装车"),
        ("(四)装车", "chinese_paren", (4,), "装车"),
        ("12.装车", "arabic_dot", (12,), "装车"),
        ("3、装车", "arabic_comma", (3,), "装车"),
        ("1.2 装车", "decimal", (1, 2), "装车"),
        ("1.2.3装车", "decimal", (1, 2, 3), "装车"),
        ("(5)装车", "arabic_paren", (5,), "装车"),
        ("5)装车", "arabic_paren", (5,), "装车"),
        ("③装车", "circled", (3,), "装车"),
    ],
)
def test_every_style_of_number_is_recognised(text, style, values, rest):
    mark = read_mark(text)
    assert (mark.style, mark.values, mark.rest) == (style, values, rest)


@pytest.mark.parametrize(
    "text",
    [
        "第三条的约定",
        "第二条、第三条",
        "第一条规定的",
        "2.5元",
        "10010、短信",
        "2026年",
        "(见下)",
        "附件:(明细)",
        "三二、",
        "附则",
    ],
)
def test_what_only_looks_like_a_number_is_text(text):
    assert read_mark(text) is None


@pytest.mark.parametrize(
    ("rest", "name", "text"),
    [
        ("渠道:柜台、电话。", "渠道", "柜台、电话。"),
        ("收费标准 不收费。", "收费标准", "不收费。"),
        ("装(卸)车", "装(卸)车", ""),
        ("使用条件(按照不同的箱型、重量和期限填写,详见说明)", "使用条件", "(按照不同的箱型、重量和期限填写,详见说明)"),
        ("搬运单要签字。", "", "搬运单要签字。"),
        ("箱子(包括木箱)由专人搬运,不得拖拉。", "", "箱子(包括木箱)由专人搬运,不得拖拉。"),
    ],
)
def test_a_heading_is_told_from_a_clause(rest, name, text):
    assert split_name(rest) == (name, text)


def test_sections_nest_by_their_numbers():
    text = "搬运手册\n一、搬箱\n(一)渠道\n1.柜台。\n(1)东门。\n2.电话。\n(二)收费\n二、寄存"
    assert tree(text) == [
        "一、搬箱",
        "  (一)渠道",
        "    1.柜台。",
        "      (1)东门。",
        "    2.电话。",
        "  (二)收费",
        "二、寄存",
    ]


def test_decimal_numbers_nest_by_their_length():
    assert tree("搬运手册\n1. 搬箱\n1.1 渠道\n1.1.1 柜台\n1.2 收费\n2. 寄存") == [
        "1.搬箱", "  1.1 渠道", "    1.1.1 柜台", "  1.2 收费", "2.寄存",
    ]  # fmt: skip


def test_the_name_of_an_article_may_stand_in_the_next_line():
    parts, _ = structure_of("搬运协议\n第一条\n验收方式\n双方一起清点。")
    assert (parts[0].sections[0].name, [line.text for line in parts[0].sections[0].text]) == (
        "验收方式",
        ["双方一起清点。"],
    )


def test_several_documents_in_a_file_are_told_apart():
    text = "第一篇:搬运手册\n一、搬箱\n到柜台办理。\n第二篇:寄存协议\n星河仓库寄存协议(样本)\n甲方:\n第一条 寄存\n附:承诺书\n1.不寄存食品。"
    parts, _ = structure_of(text)
    assert [part.titles for part in parts] == [
        ["第一篇:搬运手册"],
        ["第二篇:寄存协议", "星河仓库寄存协议(样本)"],
        ["附:承诺书"],
    ]
    assert [line.text for line in parts[1].head] == ["甲方:"]


def test_a_title_and_numbers_that_begin_again_are_another_document():
    parts, _ = structure_of(
        "搬运手册\n一、搬箱\n不收费。\n二、寄存\n不收费。\n装车办法\n一、预约\n打电话。\n二、装车\n到东门。"
    )
    assert [(part.titles, len(part.sections)) for part in parts] == [(["搬运手册"], 2), (["装车办法"], 2)]


def test_headings_of_word_without_numbers_are_sections():
    rows = [("搬运手册", 0), ("搬箱", 1), ("收费", 2), ("1.小箱不收费。", None), ("寄存", 1), ("不收费。", None)]
    parts = read_structure([Line(text, Place(0, n), level) for n, (text, level) in enumerate(rows, 1)])
    first, second = parts[0].sections
    assert (parts[0].titles, first.name, second.name) == (["搬运手册"], "搬箱", "寄存")
    assert first.children[0].children[0].heading == "1.小箱不收费。"
