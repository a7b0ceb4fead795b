"""The eligibility rules are checked with the rest."""

import shutil

from knowledge.lint import lint
from knowledge.loader import load_rules
from tests.knowledge.conftest import KNOWLEDGE, edit


def test_faults_of_the_eligibility_rules_are_reported_too(folder, found):
    (folder / "eligibility").mkdir()
    (folder / "eligibility" / "move_bag.yml").write_text("id: move_bag\n", encoding="utf-8")
    assert any("move_bag" in problem for problem in found())


def test_an_eligibility_rule_may_not_cite_a_section_that_does_not_exist(tmp_path):
    real = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, real, ignore=shutil.ignore_patterns("__pycache__"))
    edit(real, "五(二)", "五(九)", "eligibility/cancel_service.yml")
    assert any("没有“五(九)”这一节" in problem.reason for problem in lint(load_rules(real)))


def test_an_eligibility_rule_must_agree_with_the_section_it_cites(folder, compare):
    (folder / "eligibility").mkdir()
    (folder / "eligibility" / "move_box.yml").write_text(
        """\
operation: move_box
conditions:
  - id: paid
    cite: {document: 集团客户标准服务内容, section: 一(一)}
    require: {equals: {arrears: "0.00"}}
    say:
      requirement: 到仓库以前不收费，账户里没有搬运单
      unmet: 目前账户里欠 {arrears} 元，到仓库以前要交清。
      unknown: 暂时查不到。
    remedy:
      by: customer
      sets: {arrears: "0.00"}
      text: 到仓库交清。
notices: []
""",
        encoding="utf-8",
    )
    assert "所引用的《集团客户标准服务内容》一(一)里没有“搬运单”" in compare()
