"""The test cases that stand beside the rules of operations and topics, and what is said of faulty ones."""

import pytest

from knowledge.cases import case_files, run_cases, run_file
from knowledge.loader import load_rules
from tests.knowledge.conftest import KNOWLEDGE, edit

CASES = """\
on: 2026-01-31
cases:
  - {aspect: fee, status: stated, contains: [目前不收费], never: [元], cites: [一(一)]}
  - {aspect: fee, on: 2026-07-01, contains: [要收搬运费], never: [目前不收费]}
  - {aspect: documents, ownership: individual, status: refers_to_public_rules, never: [搬运单]}
  - {aspect: procedure, role: staff, contains: [贴箱号]}
"""
FILE = "operations/move_box.cases.yml"


@pytest.fixture
def cased(folder):
    """The small rule base with test cases that hold."""
    (folder / FILE).write_text(CASES, encoding="utf-8")
    return folder


def problems(folder):
    return [
        str(problem).removeprefix(f"{folder}/").removeprefix("operations/move_box.cases.yml")
        for problem in run_cases(load_rules(folder))
    ]


@pytest.mark.parametrize("path", case_files(KNOWLEDGE), ids=lambda path: path.stem)
def test_the_answers_are_what_their_cases_say(rules, path):
    assert run_file(rules, path) == []


def test_cases_that_hold_say_nothing(cased):
    assert problems(cased) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("status: stated", "status: lost", ":3：状态应是“lost”，现在是“stated”"),
        ("目前不收费", "目前免费", ":3：答复里应有“目前免费”，现在没有"),
        ("never: [元]", "never: [收费]", ":3：答复里不应有“收费”，现在有"),
        ("cites: [一(一)]", "cites: [一(二)]", ":3：应当引用“一(二)”，现在没有引用"),
        ("on: 2026-07-01", "on: 2026-06-30", ":4：答复里不应有“目前不收费”，现在有"),
        ("on: 2026-07-01", "on: 七月", ":4：“on”的值“七月”不是日期，应写成 2026-01-31 这样"),
        ("role: staff", "role: boss", ":6：“role”的值“boss”不对，只能是：customer、staff"),
        ("role: staff", "roles: staff", ":6：不认识的键“roles”"),
        (
            ", contains: [贴箱号]",
            "",
            ":6：这条用例没有写应当怎样答复（status、contains、never、cites 至少写一项）",
        ),
        ("aspect: procedure, ", "", ":6：缺少“aspect”"),
        ("on: 2026-01-31\n", "", ":1：缺少“on”"),
    ],
)
def test_a_case_that_fails_or_is_faulty_is_told_with_its_line(cased, old, new, expected):
    edit(cased, old, new, FILE)
    assert expected in problems(cased)


def test_a_file_without_a_case_is_pointed_at(cased):
    (cased / FILE).write_text("on: 2026-01-31\ncases: []\n", encoding="utf-8")
    assert problems(cased) == [":2：还没有写一条用例"]


def test_cases_without_a_rule_file_are_pointed_at(cased):
    (cased / FILE).rename(cased / "operations" / "move_bag.cases.yml")
    assert problems(cased) == ["operations/move_bag.cases.yml：旁边没有它要检查的规则文件"]


def test_cases_are_no_rules_and_make_no_new_version(folder):
    before = load_rules(folder)
    (folder / FILE).write_text(CASES, encoding="utf-8")
    after = load_rules(folder)
    assert after.operations.keys() == before.operations.keys()
    assert after.version == before.version
