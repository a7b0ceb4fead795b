"""The loader refuses a bad rule base: every problem at once, each with file, line and reason."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.loader import load_rules
from knowledge.yaml_source import KnowledgeError
from tests.knowledge.conftest import edit

FILE = "operations/move_box.yml"


def problems(folder: Path) -> list[str]:
    """What the loader says, without the folder."""
    with pytest.raises(KnowledgeError) as caught:
        load_rules(folder)
    return [str(problem).removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_a_good_rule_base_loads(folder):
    operation = load_rules(folder).operations["move_box"]
    assert operation.answered
    assert operation.aliases == ("搬箱", "挪箱子")
    lead = operation.aspects["documents"].on(date(2026, 1, 1), "organization").lead
    assert lead.text == "要带搬运单。"
    assert lead.line == 14


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("name: 搬箱子\n", "name: 搬箱子\nnames: 搬\n", f"{FILE}:3：不认识的键“names”"),
        ("name: 搬箱子\n", "name: 搬箱子\nname: 搬\n", f"{FILE}:3：YAML 格式不对：键“name”重复出现"),
        ("name: 搬箱子\n", "", f"{FILE}:1：缺少“name”"),
        ("name: 搬箱子\n", "name: 12\n", f"{FILE}:2：“name”应当是文字"),
        ("id: move_box", "id: 搬箱子", f"{FILE}:1：编号“搬箱子”只能用小写字母、数字和下划线"),
        ("id: move_box", "id: move_bag", f"{FILE}:1：编号“move_bag”与文件名“move_box”不一致"),
        ("section: 一", "section: 九", f"{FILE}:4：《集团客户标准服务内容》没有“九”这一节"),
        ("aliases: [搬箱, 挪箱子]", "aliases: 搬箱", f"{FILE}:5：“aliases”应当是列表"),
        ("      status: stated\n", "      status: sure\n", f"{FILE}:12：“status”的值“sure”不对"),
        ("      status: stated\n", "", f"{FILE}:12：缺少“status”"),
        ("      cite: 一(二)\n", "      cite: 一(九)\n", f"{FILE}:13：《集团客户标准服务内容》没有“一(九)”这一节"),
        ("      cite: 一(二)\n", "      cite: 《别的》一\n", f"{FILE}:13：没有名为《别的》的规则文件"),
        (
            "      cite: 一(二)\n",
            "      cite: 一(三)\n",
            f"{FILE}:13：《集团客户标准服务内容》一(三) 的原文缺失，不能引用",
        ),
        ("      cite: 一(二)\n", "      cite: 一 二\n", f"{FILE}:13：“cite”的“一 二”不对"),
        ("      cite: 一(二)\n", "", f"{FILE}:12：缺少“cite”"),
        ("      lead: 要带搬运单。\n", "", f"{FILE}:12：“documents”的“organization”要写“lead”"),
        ("audience: staff", "audience: boss", f"{FILE}:25：“audience”的值“boss”不对"),
        ("  channels:\n    any:", "  channels:\n    all:", f"{FILE}:26：“channels”下面写“any”"),
        ("  time_limit:\n    any: {status: lost, cite: 一}\n", "", f"{FILE}:7：缺少“time_limit”"),
        (
            "lead: 到仓库办理。}\n",
            "lead: 到仓库办理。}\n    common: [两边都一样。]\n",
            f"{FILE}:28：写了“any”就不用再写“common”",
        ),
        ("to: 2026-06-30", "to: 2026-07-01", f"{FILE}:31：“fee”的“any”的有效期与第 30 行的重叠"),
        ("to: 2026-06-30", "to: 六月", f"{FILE}:30：“to”的值“六月”不是日期"),
        ("to: 2026-06-30", "from: 2026-06-30, to: 2026-01-01", f"{FILE}:30：“valid”的起始日期晚于结束日期"),
    ],
)
def test_a_bad_operation_is_refused_with_its_line_and_reason(folder, old, new, expected):
    edit(folder, old, new)
    assert any(problem.startswith(expected) for problem in problems(folder)), problems(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("documents.yml", "state: 缺失", "state: 丢了", "documents.yml:8：“state”的值“丢了”不对"),
        ("documents.yml", "state: 缺失", "state: 缺失, begins: 三", "documents.yml:8：缺失的节没有文字"),
        ("documents.yml", "id: 一(二)", "id: 一(一)", "documents.yml:7：“一(一)”这一节重复出现"),
        ("documents.yml", ", begins: (二)原则", "", "documents.yml:7：“完整”的节要写“begins”"),
        (
            "documents.yml",
            "terms:",
            "  - {title: 集团客户标准服务内容, begins: 又来, sections: []}\nterms:",
            "documents.yml:9：《集团客户标准服务内容》重复出现",
        ),
        ("documents.yml", "words: []", "word: []", "documents.yml:12：不认识的键“word”"),
        ("wording.yml", "  overview: 基本说明", "  overview: 基本说明{who}", "里的 {who} 没有可换的内容"),
        ("wording.yml", "  staff_only:", "  staffonly:", "不认识的键“staffonly”"),
    ],
)
def test_a_bad_shared_file_is_refused(folder, file, old, new, expected):
    edit(folder, old, new, file)
    assert any(expected in problem for problem in problems(folder)), problems(folder)


def test_problems_of_all_files_are_reported_at_once(folder):
    edit(folder, "name: 搬箱子\n", "")
    edit(folder, "section: 一\n", "section: 九\n")
    (folder / "topics" / "weight.yml").write_text("id: weight\n", encoding="utf-8")
    (folder / "documents.yml").write_text("{", encoding="utf-8")
    found = problems(folder)
    assert {problem.split(":")[0] for problem in found} == {FILE, "topics/weight.yml", "documents.yml"}


def test_an_empty_folder_is_refused_in_one_sentence(tmp_path):
    found = problems(tmp_path)
    assert found == ["pack.yml：没有这个文件", "documents.yml：没有这个文件"]


def test_a_rule_base_without_operations_is_refused(folder):
    (folder / FILE).unlink()
    assert any("找不到 operations/*.yml" in problem for problem in problems(folder))


def test_a_changed_file_changes_the_version(folder):
    before = load_rules(folder).version
    edit(folder, "目前不收费", "现在不收费")
    assert load_rules(folder).version != before


def test_a_topic_may_not_take_the_name_of_an_operation(folder):
    (folder / "topics" / "move_box.yml").write_text(
        "id: move_box\nname: 重量\ndocument: 集团客户标准服务内容\nsection: 一\naliases: [多重]\n", encoding="utf-8"
    )
    assert problems(folder) == ["topics/move_box.yml:1：编号“move_box”已经用于一项业务"]
