"""How statements are written."""

import pytest

from tests.knowledge.conftest import edit


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("lead: 要带搬运单。", "lead: 要带,搬运单。", "14：中文里用了半角标点“,”"),
        ("lead: 要带搬运单。", "lead: 箱子共1,000个。", "14：中文里用了半角标点“,”"),
        ("lead: 要带搬运单。", "lead: 要带ABC(DEF)单。", "14：中文里用了半角标点“(”"),
        ("lead: 要带搬运单。", "lead: 要带搬运单，。", "14：标点重复了“，。”"),
        ("lead: 要带搬运单。", "lead: 要带 搬运单。", "14：“要带 搬运”当中有多余的空格"),
        ("lead: 要带搬运单。", "lead: '要带搬运单。 '", "14：前后有多余的空格"),
        ("lead: 要带搬运单。", "lead: 要带（搬运单。", "14：“（”和“）”不成对"),
        ("lead: 要带搬运单。", "lead: 要带{papers}。", "14：留下了没有填写的内容“{”"),
        ("lead: 要带搬运单。", "lead: 要带待补。", "14：留下了没有填写的内容“待补”"),
        ("lead: 要带搬运单。", "lead: 要带搬运单", "14：第一句应当以句号结尾"),
        ("lead: 要带搬运单。", f"lead: 要带{'很' * 70}多。", "14：第一句超过 70 个字"),
        ("items: [搬运单]", f"items: [{'很' * 121}]", "15：这一条超过 120 个字"),
        ("lead: 要带搬运单。", "lead: 通常要带搬运单。", "14：不能写“通常”：这是凭常识推测，规则没有这样写"),
        ("items: [搬运单]", "items: [据了解要带搬运单]", "15：不能写“据了解”"),
        ("lead: 要带搬运单。", "lead: {text: 要带单。, valid: {from: 2026-07-01}}", "14：第一句不能单独写“valid”"),
    ],
)
def test_a_fault_is_found_with_its_line(folder, found, old, new, expected):
    edit(folder, old, new)
    assert any(problem.startswith(expected) for problem in found()), found()


@pytest.mark.parametrize("lead", ["要带SIM/USIM卡。", "上午8:30到仓库。", "重3.5公斤的箱子也可以。"])
def test_what_is_written_right_is_no_fault(folder, found, lead):
    edit(folder, "lead: 到仓库办理。", f"lead: {lead}")
    assert [problem for problem in found() if problem.startswith("27")] == []
