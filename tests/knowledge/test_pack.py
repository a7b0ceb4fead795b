"""What belongs to one rule base: the file is read strictly, and everything it names must be there."""

import pytest

from knowledge.loader import load_rules
from knowledge.yaml_source import KnowledgeError
from tests.knowledge.conftest import edit


def problems(folder):
    with pytest.raises(KnowledgeError) as caught:
        load_rules(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_the_pack_says_whose_rules_these_are(folder):
    pack = load_rules(folder).pack
    assert (pack.title, pack.operator.name, pack.operator.hotlines) == ("搬运助手", "大力搬运行", ("95001",))
    assert [(one.label, one.operation, one.aspect) for one in pack.suggestions] == [
        ("搬箱子要带什么", "move_box", "documents")
    ]
    assert not pack.states_amounts


def test_the_default_document_is_the_packs_business(folder):
    edit(folder, "集团客户标准服务内容", "搬运总则", "documents.yml")
    edit(folder, "集团客户标准服务内容", "搬运总则", "pack.yml")
    assert load_rules(folder).operations["move_box"].citation.document == "搬运总则"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title: 搬运助手\n", "", "pack.yml:1：缺少“title”"),
        ("title: 搬运助手", "titel: 搬运助手", "pack.yml:1：不认识的键“titel”"),
        ("called: [大力]", "called: 大力", "pack.yml:2：“called”应当是列表"),
        ("states_amounts: false", "states_amounts: 没有", "pack.yml:4：“states_amounts”只能写 true 或 false"),
        ("introduced: [搬箱子]", "introduced: [搬家]", "pack.yml:5：“introduced”里的“搬家”不是任何业务的名称或说法"),
        ("operation: move_box", "operation: move_bag", "pack.yml:7：规则库里没有编号为“move_bag”的业务"),
        ("aspect: documents", "aspect: papers", "pack.yml:7：“aspect”的值“papers”不对"),
        (
            "common_operations: [move_box]",
            "common_operations: [move_bag]",
            "pack.yml:8：规则库里没有编号为“move_bag”的业务",
        ),
        (
            "half_said: [{said: [搬, 搬走], operations: [move_box]}]",
            "half_said: 搬",
            "pack.yml:18：“half_said”应当是列表",
        ),
        ("operations: [move_box]}]", "operations: [move_bag]}]", "pack.yml:18：规则库里没有编号为“move_bag”的业务"),
        ("said: [搬, 搬走]", "says: [搬, 搬走]", "pack.yml:18：不认识的键“says”"),
        ("  ask: 到仓库咨询\n", "", "pack.yml:11：缺少“ask”"),
        ("examples: {question: 搬箱子要带什么, ", "examples: {", "pack.yml:9：缺少“question”"),
    ],
)
def test_a_bad_pack_is_refused_with_its_line_and_reason(folder, old, new, expected):
    edit(folder, old, new, "pack.yml")
    assert any(problem.startswith(expected) for problem in problems(folder)), problems(folder)


def test_an_unknown_default_document_is_one_problem_and_not_one_for_each_section(folder):
    edit(folder, "default_document: 集团客户标准服务内容\n", "", "pack.yml")
    assert problems(folder) == ["pack.yml:1：缺少“default_document”"]


@pytest.mark.parametrize("pattern", ["搬箱", "…箱", "搬…"])
def test_a_pattern_has_text_on_both_sides_of_its_gap(folder, pattern):
    edit(folder, "aliases: [搬箱, 挪箱子]\n", f"aliases: [搬箱, 挪箱子]\npatterns: [把…搬, {pattern}]\n")
    assert problems(folder) == [
        f"operations/move_box.yml:6：“patterns”里的“{pattern}”应在两段文字之间有省略号，例如 把…号…注销"
    ]


def test_a_rule_base_may_do_without_sentences_of_its_own(folder):
    (folder / "wording.yml").unlink()
    wording = load_rules(folder).wording
    assert wording.ask["lost"] == "请向仓库管理员核实。"
    assert wording.ask["refers_to_public_rules"] == "具体要求请咨询仓库。"


def test_a_rule_base_says_only_what_it_wants_to_say_otherwise(folder):
    inherited = load_rules(folder).wording
    (folder / "wording.yml").write_text("ask:\n  lost: 去问{office}。\n", encoding="utf-8")
    wording = load_rules(folder).wording
    assert wording.ask == {**inherited.ask, "lost": "去问仓库。"}
    assert wording.gaps == inherited.gaps


def test_sentences_of_its_own_change_the_version_of_the_rules(folder):
    (folder / "wording.yml").unlink()
    before = load_rules(folder).version
    (folder / "wording.yml").write_text("ask:\n  lost: 去问{office}。\n", encoding="utf-8")
    assert load_rules(folder).version != before
