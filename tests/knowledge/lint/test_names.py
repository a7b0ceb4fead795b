"""Wordings belong to one operation or topic, unless both say that they share it."""

import pytest

from tests.knowledge.conftest import edit

TOPIC = "id: weight\nname: 重量\ndocument: 集团客户标准服务内容\nsection: 一\nunanswered: 还没有人写\naliases: [搬箱]\n"


@pytest.fixture
def weight(folder):
    """A topic that claims a wording of the operation."""
    path = folder / "topics" / "weight.yml"
    path.write_text(TOPIC, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ("aliases: [搬箱, 搬箱]", "5：说法“搬箱”在本文件里已经有了"),
        ("aliases: [搬箱, 搬(箱)]", "5：说法“搬(箱)”应是 2 到 16 个字"),
        ("aliases: [搬箱, 搬]", "5：说法“搬”应是 2 到 16 个字"),
        ("aliases: [搬箱, ' 搬箱吧']", "5：说法“ 搬箱吧”的前后有空格"),
    ],
)
def test_a_wording_that_cannot_be_used_is_found(folder, found, new, expected):
    edit(folder, "aliases: [搬箱, 挪箱子]", new)
    assert any(problem.startswith(expected) for problem in found()), found()


def test_a_wording_that_two_entries_claim_is_found(found, weight):
    assert "6：说法“搬箱”在move_box里已经有了" in found()


def test_a_wording_that_both_declare_to_be_shared_is_no_fault(folder, found, weight):
    edit(folder, "aliases: [搬箱, 挪箱子]", "aliases: [搬箱, 挪箱子]\nshared_aliases: [搬箱]")
    weight.write_text(TOPIC + "shared_aliases: [搬箱]\n", encoding="utf-8")
    assert not any("说法" in problem for problem in found())


def test_a_wording_that_only_one_side_declares_to_be_shared_is_found(found, weight):
    weight.write_text(TOPIC + "shared_aliases: [搬箱]\n", encoding="utf-8")
    assert "6：说法“搬箱”在move_box里已经有了" in found()


def test_a_shared_wording_that_nobody_else_uses_is_found(folder, found):
    edit(folder, "aliases: [搬箱, 挪箱子]", "aliases: [搬箱, 挪箱子]\nshared_aliases: [搬箱]")
    assert "6：说法“搬箱”没有别的业务或主题在用，不用写“shared_aliases”" in found()


def test_a_shared_wording_must_be_one_of_the_aliases(folder, found):
    edit(folder, "aliases: [搬箱, 挪箱子]", "aliases: [搬箱, 挪箱子]\nshared_aliases: [抬箱]")
    assert "6：“shared_aliases”里的“抬箱”不在“aliases”里" in found()
