"""A file beside the rule base of a fictitious warehouse."""

import pytest

from knowledge.loader import load_rules
from knowledge.model import Citation
from knowledge.outline.build import outline
from knowledge.outline.entries import Entries, Entry
from tests.knowledge.conftest import edit
from tests.knowledge.outline.reading import silent

SECTIONS = """\
      - {id: 一, state: 完整, begins: 一、搬箱}
      - {id: 一(一), state: 完整, begins: (一)渠道}
      - {id: 一(二), state: 完整, begins: (二)原则}
      - {id: 一(三), state: 缺失}
      - {id: 二, state: 残缺}
      - {id: 二(一), state: 缺失}
      - {id: 二(二), state: 残缺, begins: 型的箱子}
      - {id: 二(三), state: 完整, begins: (三)收费}
      - {id: 三, state: 完整, begins: 三、装车}
      - {id: 三(一), state: 完整, begins: (一)渠道}
      - {id: 三(二), state: 完整, begins: (二)原则}
      - {id: 三(三), state: 缺失}
      - {id: 四, state: 缺失}
      - {id: 残句, state: 归属不明, begins: 7免押金}
  - title: 寄存承诺书
    begins: 寄存承诺书
    sections:
      - {id: 首部, state: 完整, begins: 寄存人}
      - {id: 第1条, state: 完整, begins: 1.不寄存食品}
      - {id: 第2条, state: 完整, begins: 2.不寄存电池}
terms:
"""
MANUAL = """\
集团客户标准服务内容
一、搬箱子
(一)渠道:仓库。
(二)原则
先预约。
型的箱子不能寄存。
(三)收费
不收费。
三、装车
(一)渠道:东门。
(二)原则
先排队。
7免押金。
"""


@pytest.fixture
def compared(folder):
    """A function that gives state and entries of each section of a text, and what is missing."""
    documents = (folder / "documents.yml").read_text(encoding="utf-8")
    start = documents.index("      - {id: 一,")
    edit(folder, documents[start : documents.index("terms:\n") + len("terms:\n")], SECTIONS, "documents.yml")
    rules = load_rules(folder)

    def compare(text):
        path = folder / "new.txt"
        path.write_text(text, encoding="utf-8")
        return outline(path, rules, silent).comparison

    return compare


def states(compared):
    return {row.id: row.state for row in compared.rows}


def absences(compared):
    return {missing.section: missing.absence for missing in compared.missing}


def test_a_document_that_did_not_change_is_recognised_section_by_section(compared):
    only = compared(MANUAL).documents[0]
    assert (only.title, only.how) == ("集团客户标准服务内容", "both")
    assert states(only) == {
        "一": "covered", "一(一)": "covered", "一(二)": "covered", "二(二)": "uncited", "二(三)": "uncited",
        "三": "uncited", "三(一)": "uncited", "三(二)": "uncited", "残句": "unplaced",
    }  # fmt: skip
    assert absences(only) == {
        "一(三)": "known_lost",
        "二": "heading_lost",
        "二(一)": "known_lost",
        "三(三)": "known_lost",
        "四": "known_lost",
    }


def test_entries_of_a_section_are_named(compared):
    row = compared(MANUAL).documents[0].rows[1]
    assert [(entry.id, entry.answered) for entry in row.entries] == [("move_box", True)]


def test_a_section_without_its_heading_is_shown_where_its_text_begins(compared):
    row = next(row for row in compared(MANUAL).documents[0].rows if row.id == "二(二)")
    assert (row.headless, row.place.line, row.depth, row.own) == (True, 6, 1, "")
    row = next(row for row in compared(MANUAL).documents[0].rows if row.id == "二(三)")
    assert (row.headless, row.own) == (False, "一(三)")


def test_documents_of_the_rule_base_that_are_not_in_the_file_are_named(compared):
    assert compared(MANUAL).absent == ("寄存承诺书",)


def test_a_new_section_is_new_and_so_is_what_stands_below_it(compared):
    only = compared(MANUAL.replace("7免押金", "五、搬箱\n(一)渠道:西门。\n7免押金")).documents[0]
    row = next(row for row in only.rows if row.id == "五")
    assert (row.state, [entry.id for entry in row.entries]) == ("new", ["move_box"])
    assert states(only)["五(一)"] == "new"


def test_a_new_subsection_of_a_known_section_is_new(compared):
    assert states(compared(MANUAL.replace("7免押", "(四)期限:一年。\n7免押")).documents[0])["三(四)"] == "new"


def test_text_that_was_lost_and_is_there_again_is_restored(compared):
    text = MANUAL.replace("型的箱子", "二、寄存\n(一)渠道:仓库。\n(二)原则\n易燃类型的箱子").replace(
        "7免", "四、卸车\n可以。\n7免"
    )
    only = compared(text).documents[0]
    expected = {"二": "restored", "二(一)": "restored", "二(二)": "restored", "二(三)": "uncited", "四": "restored"}
    assert {section: states(only)[section] for section in expected} == expected
    assert absences(only) == {"一(三)": "known_lost", "三(三)": "known_lost"}


def test_a_section_that_begins_otherwise_is_changed(compared):
    assert states(compared(MANUAL.replace("三、装车", "三、运输")).documents[0])["三"] == "changed"


def test_a_section_with_another_number_is_renumbered_and_keeps_what_stands_below(compared):
    found = states(compared(MANUAL.replace("三、装车", "五、装车")).documents[0])
    assert (found["三"], found["三(一)"], found["三(二)"]) == ("renumbered", "uncited", "uncited")


def test_a_section_that_is_gone_is_said_to_be_gone(compared):
    only = compared(MANUAL.replace("三、装车\n(一)渠道:东门。\n(二)原则\n先排队。\n", "")).documents[0]
    assert {section: absences(only)[section] for section in ("三", "三(一)", "三(二)")} == {
        "三": "gone", "三(一)": "gone", "三(二)": "gone",
    }  # fmt: skip
    assert states(only)["一(一)"] == "covered"


def test_sections_of_one_service_are_not_taken_for_those_of_another(compared):
    text = MANUAL.replace("(一)渠道:仓库。\n(二)原则\n先预约。\n", "先预约。\n")
    only = compared(text).documents[0]
    assert absences(only)["一(一)"] == "gone"
    assert next(row for row in only.rows if row.id == "三(一)").place.line == 8


def test_sections_do_not_move_to_the_only_place_that_is_left_for_them(compared):
    text = MANUAL.replace("(一)渠道:仓库。\n(二)原则\n先预约。\n", "先预约。\n").replace("三、装车", "三、运输")
    only = compared(text).documents[0]
    assert (absences(only)["一(一)"], states(only)["三"], states(only)["三(一)"]) == ("gone", "changed", "uncited")


def test_a_section_that_is_back_is_not_taken_for_one_that_is_gone(compared):
    text = "集团客户标准服务内容\n一、搬箱\n先预约。\n二、寄存\n(一)渠道:仓库。\n(三)收费\n不收费。"
    only = compared(text).documents[0]
    assert (absences(only)["一(一)"], states(only)["二(一)"]) == ("gone", "restored")


def test_what_follows_a_fragment_belongs_to_it_and_restores_nothing(compared):
    only = compared(f"{MANUAL}(三)收费:没有。\n").documents[0]
    assert states(only)["三(三)"] == "within"
    assert absences(only)["三(三)"] == "known_lost"


def test_a_document_that_comes_twice_is_compared_once(compared):
    assert [each.title for each in compared(f"第一篇:{MANUAL}第二篇:{MANUAL}").documents] == [
        "集团客户标准服务内容",
        None,
    ]


def test_who_cites_a_part_of_a_section_stands_on_the_section():
    entry = Entry("move_box", "搬箱子", True)
    entries = Entries({Citation("手册", "一(二)"): [entry]})
    assert entries.citing("手册", "一") == (entry,)
    assert entries.citing("手册", "一(一)") == entries.citing("别的手册", "一") == ()


def test_a_document_is_recognised_by_its_sections_when_its_title_changed(compared):
    only = compared(MANUAL.replace("集团客户标准服务内容", "搬运与装卸实施办法")).documents[0]
    assert (only.title, only.how) == ("集团客户标准服务内容", "sections")


def test_a_document_is_recognised_by_its_title_when_all_else_changed(compared):
    only = compared("附件1 集团客户标准服务内容\n一、总则:略。\n二、范围:略。\n").documents[0]
    assert (only.title, only.how) == ("集团客户标准服务内容", "title")


def test_a_document_that_is_like_none_is_new(compared):
    only = compared("停车管理办法\n一、搬箱子\n可以。\n二、停车\n可以。").documents[0]
    assert only.title is None
    assert [(row.id, row.state, len(row.entries)) for row in only.rows] == [("一", "new", 1), ("二", "new", 0)]


def test_two_documents_in_one_file_are_each_compared_with_their_own(compared):
    second = "附件2 寄存承诺书\n寄存人请遵守:\n1.不寄存食品。\n(1)水果。\n2.不寄存电池。\n3.不寄存易燃品。\n"
    both = compared(MANUAL + second)
    assert [each.title for each in both.documents] == ["集团客户标准服务内容", "寄存承诺书"]
    assert both.absent == ()
    assert states(both.documents[1]) == {
        "首部": "uncited", "第1条": "uncited", "第1条(1)": "within", "第2条": "uncited", "第3条": "new",
    }  # fmt: skip
