"""A status fits what is said under it and the sections it cites."""

import pytest

from tests.knowledge.conftest import edit

FEE = "      - {status: stated, cite: 一(一), lead: 要收搬运费。, valid: {from: 2026-07-01}}"
OLD = "any: {status: stated, cite: 一(一), lead: 到仓库办理。}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("any: {status: lost, cite: 一}", "any: {status: lost, cite: 一, items: [一天]}", "33：写了内容就不是“lost”"),
        (
            "any: {status: lost, cite: 一}",
            "any: {status: lost, cite: 一(一)}",
            "33：所引用的节都是完整的，不能说“lost”",
        ),
        ("any: {status: lost, cite: 一}", "any: {status: not_stated, cite: 一}", "33：所引用的节是残缺的"),
        (
            "      status: refers_to_public_rules\n      cite: 一(二)\n",
            "      status: refers_to_public_rules\n      cite: 一(二)\n      items: [到仓库]\n",
            "17：“refers_to_public_rules”下面不能另写内容",
        ),
        (
            OLD,
            "any: {status: contradictory, cite: 一(一), lead: 前后不一。, items: [到仓库]}",
            "27：“contradictory”要把互相矛盾的说法分别列在“items”里，至少两条",
        ),
    ],
)
def test_a_status_that_cannot_be_right_is_found(folder, found, old, new, expected):
    edit(folder, old, new)
    assert any(problem.startswith(expected) for problem in found()), found()


def test_a_contradiction_shows_both_sides(folder, found):
    edit(folder, OLD, "any: {status: contradictory, cite: 一(一), lead: 前后不一。, items: [到仓库, 不到仓库]}")
    assert not any("contradictory" in problem for problem in found())


def test_an_overview_may_sum_up_a_contradiction(folder, found):
    edit(
        folder,
        "{status: stated, cite: 一(二), lead: 搬箱子要先预约。}",
        "{status: contradictory, cite: 一(二), lead: 前后不一。}",
    )
    assert not any("contradictory" in problem for problem in found())
