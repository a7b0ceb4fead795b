"""The checks that loading does not make."""

import shutil

import pytest

from knowledge.lint import lint, lint_sources
from knowledge.loader import load_rules
from knowledge.model import Citation
from knowledge.sources import read_sources
from knowledge.yaml_source import KnowledgeError
from tests.knowledge.conftest import KNOWLEDGE, edit

SOURCE = """\
搬运手册
一、搬箱
子
(一)渠道:仓库,目前不收费。
(二)原则
搬运工凭搬运单把箱子从甲处小心地搬到乙处再搬回甲处,每个箱子不超过20公斤。
"""


def found(folder) -> list[str]:
    return [f"{problem.line}：{problem.reason}" for problem in lint(load_rules(folder))]


@pytest.fixture
def compare(folder, tmp_path):
    """What the comparison with the fictitious document finds."""

    def compare(source: str = SOURCE) -> list[str]:
        path = tmp_path / "sources"
        path.mkdir()
        (path / "handbook.txt").write_text(source, encoding="utf-8")
        rules = load_rules(folder)
        sources, missing = read_sources(path, rules.documents, folder / "documents.yml")
        return [problem.reason for problem in (*missing, *lint_sources(rules, sources))]

    return compare


def test_the_real_rule_base_is_clean(rules):
    assert lint(rules) == []


def test_the_small_rule_base_is_clean_but_for_its_overview(folder):
    assert found(folder) == ["8：有的方面残缺，“overview”的状态应是“partial”"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("aliases: [搬箱, 挪箱子]", "aliases: [搬箱, 搬箱]", "5：说法“搬箱”在本文件里已经有了"),
        ("aliases: [搬箱, 挪箱子]", "aliases: [搬箱, 搬(箱)]", "5：说法“搬(箱)”应是 2 到 16 个字"),
        ("lead: 要带搬运单。", "lead: 要带,搬运单。", "14：中文里用了半角标点“,”"),
        ("lead: 要带搬运单。", "lead: 要带{papers}。", "14：留下了没有填写的内容“{”"),
        ("lead: 要带搬运单。", "lead: 要带待补。", "14：留下了没有填写的内容“待补”"),
        ("lead: 要带搬运单。", "lead: 要带10元。", "14：规则文件没有写任何金额，这里却有“10元”"),
        ("lead: 要带搬运单。", "lead: 要带五十元。", "14：规则文件没有写任何金额，这里却有“五十元”"),
        ("lead: 要带搬运单。", "lead: 要带搬运单", "14：第一句应当以句号结尾"),
        ("lead: 要带搬运单。", f"lead: 要带{'很' * 70}多。", "14：第一句超过 70 个字"),
        ("items: [搬运单]", f"items: [{'很' * 121}]", "15：这一条超过 120 个字"),
        ("lead: 到仓库办理。", "lead: 凭单位搬运函到仓库办理。", "27：“单位搬运函”只属于单位"),
        ("- 箱子不超过20公斤。", "- 凭单位搬运函。", "23：“单位搬运函”只属于单位"),
        ("any: {status: lost, cite: 一}", "any: {status: lost, cite: 一, items: [一天]}", "33：写了内容就不是“lost”"),
    ],
)
def test_a_fault_is_found_with_its_line(folder, old, new, expected):
    edit(folder, old, new)
    assert any(problem.startswith(expected) for problem in found(folder)), found(folder)


def test_an_overview_must_be_split_where_an_aspect_is(folder):
    edit(
        folder,
        "    organization: {status: stated, cite: 一(二), lead: 搬箱子要先预约。}\n"
        "    individual: {status: refers_to_public_rules, cite: 一(二)}\n",
        "    any: {status: partial, cite: 一(二), lead: 搬箱子要先预约。}\n",
    )
    assert "7：有的方面区分单位和个人，“overview”也要分开写" in found(folder)


def test_a_wording_that_two_entries_claim_is_found(folder):
    (folder / "topics" / "weight.yml").write_text(
        "id: weight\nname: 重量\ndocument: 集团客户标准服务内容\nsection: 一\naliases: [搬箱]\n", encoding="utf-8"
    )
    assert "5：说法“搬箱”在move_box里已经有了" in found(folder)


def test_faults_of_the_eligibility_rules_are_reported_too(folder):
    (folder / "eligibility").mkdir()
    (folder / "eligibility" / "move_bag.yml").write_text("id: move_bag\n", encoding="utf-8")
    assert any("move_bag" in problem for problem in found(folder))


def test_an_eligibility_rule_may_not_cite_a_section_that_does_not_exist(tmp_path):
    real = tmp_path / "knowledge"
    shutil.copytree(KNOWLEDGE, real, ignore=shutil.ignore_patterns("__pycache__"))
    edit(real, "五(二)", "五(九)", "eligibility/cancel_service.yml")
    assert any("没有“五(九)”这一节" in problem for problem in found(real))


def test_a_section_holds_what_stands_below_it(folder, tmp_path):
    (tmp_path / "handbook.txt").write_text(SOURCE, encoding="utf-8")
    documents = load_rules(folder).documents
    sources, _ = read_sources(tmp_path / "handbook.txt", documents, folder)
    assert "20公斤" in sources.text(Citation("集团客户标准服务内容", "一"))
    assert "20公斤" not in sources.text(Citation("集团客户标准服务内容", "一(一)"))


def test_a_rule_base_that_says_what_the_document_says_agrees_with_it(folder, compare):
    edit(folder, "lead: 搬箱子要先预约。", "lead: 搬箱子有规定。")
    assert compare() == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("lead: 箱子不超过20公斤。", "lead: 箱子不超过30公斤。", "里没有“30”"),
        ("lead: 到仓库办理。", "lead: 凭搬运单办理。", "一(一)里没有“搬运单”"),
        ("lead: 要带搬运单。", "lead: 要带《搬运证》。", "里没有“《搬运证》”"),
        (
            "lead: 要带搬运单。",
            "lead: 搬运单把箱子从甲处，小心地搬到乙处再搬回甲处。",
            "照抄了规则原文：……搬运单把箱子从甲处小心地搬到乙处再搬回",
        ),
    ],
)
def test_what_the_cited_section_does_not_say_is_found(folder, compare, old, new, expected):
    edit(folder, old, new)
    assert any(expected in problem for problem in compare())


def test_a_section_that_the_document_lacks_is_found(compare):
    assert "规则原文里找不到《集团客户标准服务内容》一(二)的开头" in compare(SOURCE.replace("(二)原则", "(二)规则"))


def test_a_document_that_is_missing_is_said_to_be_missing_once(compare):
    reasons = compare("别的手册\n(一)渠道\n")
    assert [reason for reason in reasons if "找不到" in reason] == ["规则原文里找不到《集团客户标准服务内容》"]


def test_a_document_whose_sections_are_all_missing_is_no_crash(compare):
    assert "规则原文里找不到《集团客户标准服务内容》一的开头" in compare("搬运手册")


def test_a_folder_without_documents_is_refused(folder, tmp_path):
    rules = load_rules(folder)
    with pytest.raises(KnowledgeError, match="没有规则原文"):
        read_sources(tmp_path / "operations", rules.documents, folder)
