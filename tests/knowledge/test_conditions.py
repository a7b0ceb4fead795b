"""What is refused when eligibility rules are loaded, and that everything is reported at once."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge.conditions import NoEligibilityRules, UnknownOperation, covered_operations, load_all, load_operation
from knowledge.yaml_source import KnowledgeError

RULES = Path(__file__).resolve().parents[2] / "knowledge"
GOOD = """\
operation: change_number
conditions:
  - id: arrears_settled
    cite: {document: 集团客户标准服务内容, section: 三(二)}
    require: {equals: {arrears: "0.00"}}
    say:
      requirement: 没有欠费
      unmet: 欠费 {arrears} 元。
      unknown: 查不到欠费。
    remedy: {by: customer, sets: {arrears: "0.00"}, text: "交清 {arrears} 元。"}
  - id: no_subsidy_agreement
    cite: {document: 集团客户标准服务内容, section: 三(二)}
    require: {none_or_passed: subsidy_agreement_end}
    say:
      requirement: 没有补贴协议
      unmet: 协议到 {subsidy_agreement_end}。
      unknown: 查不到协议。
    remedy: {by: time, text: "从 {clears_on} 起。"}
notices:
  - id: points
    cite: {document: 集团客户标准服务内容, section: 三(二)}
    when: {more_than: {points: 0}}
    text: 还有 {points} 积分。
  - id: returned
    cite: {document: 集团客户标准服务内容, section: 八(二)}
    text: 两个月内退还。
    deadline: {after: roaming_closed_on, months: 2, text: "{roaming_closed_on} 关闭，到 {deadline} 退还。"}
applies_to:
  cite: {document: 集团客户标准服务内容, section: 三}
  require: {equals: {payment: postpaid}}
  requirement: 后付费的号码
  otherwise: 付费方式是{payment}。
  unknown: 查不到{missing}。
"""


@pytest.fixture
def folder(tmp_path):
    """A rule base with one operation and one eligibility file."""
    for name in ("operations", "eligibility"):
        (tmp_path / name).mkdir()
    shutil.copy(RULES / "facts.yml", tmp_path)
    shutil.copy(RULES / "documents.yml", tmp_path)
    (tmp_path / "operations" / "change_number.yml").write_text("name: 改号\n")
    (tmp_path / "operations" / "relocate.yml").write_text("name: 移机\n")
    (tmp_path / "eligibility" / "change_number.yml").write_text(GOOD)
    return tmp_path


def problems_of(folder: Path, text: str) -> list[tuple[int, str]]:
    (folder / "eligibility" / "change_number.yml").write_text(text)
    with pytest.raises(KnowledgeError) as caught:
        load_operation(folder, "change_number")
    assert {problem.path.name for problem in caught.value.problems} == {"change_number.yml"}
    return [(problem.line, problem.reason) for problem in caught.value.problems]


def test_a_good_file_is_read(folder):
    rules = load_operation(folder, "change_number")
    assert rules.name == "改号"
    assert [condition.id for condition in rules.conditions] == ["arrears_settled", "no_subsidy_agreement"]
    assert [line for _, line in rules.citations()] == [29, 3, 11, 20, 24]
    assert {citation.section for citation, _ in rules.citations()} == {"三", "三(二)", "八(二)"}


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("operation: change_number", "operation: relocate", 1, "文件名"),
        ("operation: change_number", "operation: change_number\ncolour: red", 2, "colour"),
        ("operation: change_number", "operation: change_number\nnever_applies: 不看账户。", 2, "never_applies"),
        ("  - id: no_subsidy_agreement", "  - id: arrears_settled", 11, "重复"),
        ("  - id: returned", "  - id: points", 24, "重复"),
        ("还有 {points} 积分。", "还有 {points} 积分。\n    audience: nobody", 24, "audience"),
        ("  - id: no_subsidy_agreement", "  - id: No Subsidy", 11, "编号"),
        ("    require: {equals", "    colour: red\n    require: {equals", 5, "colour"),
        ("cite: {document: 集团客户标准服务内容, section: 三(二)}\n    require: {equals", "require: {equals", 3, "cite"),
        ("section: 三(二)}\n    require: {equals", "page: 3}\n    require: {equals", 4, "cite"),
        ('{equals: {arrears: "0.00"}}', "{equals: {salary: 5}}", 5, "salary"),
        ('{equals: {arrears: "0.00"}}', "{equals: {arrears: 0}}", 5, "arrears"),
        ('{equals: {arrears: "0.00"}}', "{equals: {arrears: none}}", 5, "none"),
        ('{equals: {arrears: "0.00"}}', "{equals: {status: asleep}}", 5, "asleep"),
        ('{equals: {arrears: "0.00"}}', "{in: {status: active}}", 5, "列表"),
        ('{equals: {arrears: "0.00"}}', "{in: {status: [active, active]}}", 5, "不重复"),
        ('{equals: {arrears: "0.00"}}', '{equals: {arrears: "0.00", points: 1}}', 5, "一个事实"),
        ('{equals: {arrears: "0.00"}}', '{same: {arrears: "0.00"}}', 5, "same"),
        ('{equals: {arrears: "0.00"}}', "arrears == 0", 5, "判断词"),
        ('{equals: {arrears: "0.00"}}', "{all: []}", 5, "两个"),
        ('{equals: {arrears: "0.00"}}', "{none_or_passed: arrears}", 5, "不是日期"),
        ('{equals: {arrears: "0.00"}}', "{none_or_passed: holiday}", 5, "holiday"),
        ('{equals: {arrears: "0.00"}}', "{more_than: {status: active}}", 5, "不是数"),
        ('{equals: {arrears: "0.00"}}', "{ends_within: {subsidy_agreement_end: 9}}", 5, "ends_within"),
        ('{equals: {arrears: "0.00"}}', "{not: {lost: true}}", 5, "lost"),
        ("require: {equals", "require:\n    # {equals", 5, "require"),
        ("      unmet: 欠费 {arrears} 元。\n", "", 7, "unmet"),
        ("      unmet: 欠费 {arrears} 元。", "      unmet:", 8, "unmet"),
        ("      unmet: 欠费 {arrears} 元。", "      unmet: 欠费 {points} 元。", 8, "{points}"),
        ("      unmet: 欠费 {arrears} 元。", "      unmet: 欠费 {arrears 元。", 8, "花括号"),
        ("      requirement: 没有欠费", "      requirement: 欠费 {arrears} 元", 7, "{arrears}"),
        ('text: "交清 {arrears} 元。"', 'text: "从 {clears_on} 起。"', 10, "{clears_on}"),
        ('sets: {arrears: "0.00"}', 'sets: {arrears: "0.01"}', 10, "仍然不成立"),
        ('sets: {arrears: "0.00"}', "sets: {points: 0}", 10, "无关"),
        ("by: customer, ", "by: magic, ", 10, "by"),
        ('by: customer, sets: {arrears: "0.00"}', "by: time", 10, "时间过去以后"),
        ("by: time, ", "by: none, ", 18, "应是 time"),
        ("    remedy: {by: time, text: \"从 {clears_on} 起。\"}\n", "", 11, "remedy"),
        ("when: {more_than: {points: 0}}", "when: {more_than: {points: many}}", 22, "points"),
        ("    text: 还有 {points} 积分。", "    text: 还有 {arrears} 元。", 23, "{arrears}"),
        ("    when: {more_than: {points: 0}}", "    when:", 22, "判断词"),
        ("section: 三(二)}\n    require: {equals", "section: 三(九)}\n    require: {equals", 4, "没有“三(九)”这一节"),
        ("section: 三(二)}\n    require: {none", "section: 三(三)}\n    require: {none", 12, "不能引用"),
        ("document: 集团客户标准服务内容, section: 八", "document: 常识, section: 八", 25, "《常识》"),
        ("section: 三}\n", "section: 三十三}\n", 29, "三十三"),
        ("  cite: {document: 集团客户标准服务内容, section: 三}\n", "", 29, "cite"),
        ("otherwise: 付费方式是{payment}。", "otherwise: 状态是{status}。", 32, "{status}"),
        ("otherwise: 付费方式是{payment}。", "otherwise: 查不到{missing}。", 32, "{missing}"),
        ("unknown: 查不到{missing}。", "unknown: 还有{in_force}。", 33, "{in_force}"),
        ("unmet: 协议到 {subsidy_agreement_end}。", "unmet: 查不到{missing}。", 16, "{missing}"),
        ("unmet: 欠费 {arrears} 元。", "unmet: 协议{in_force}没有到期。", 8, "{in_force}"),
        ("      unknown: 查不到协议。", "      unknown: 查不到协议。\n      silent: 没有写。", 18, "silent"),
        ("after: roaming_closed_on, ", "after: arrears, ", 27, "arrears"),
        ("after: roaming_closed_on, ", "after: holiday, ", 27, "holiday"),
        ("after: roaming_closed_on, ", "", 27, "after"),
        ("months: 2, ", "months: two, ", 27, "months"),
        ("months: 2, ", "months: 0, ", 27, "months"),
        ("months: 2, ", "months: 2, days: 3, ", 27, "days"),
        ("deadline: {after", "deadline: 2 # {after", 27, "一组键值"),
        ('text: "{roaming_closed_on} 关闭', 'text: "{points} 关闭', 27, "{points}"),
        ("    text: 两个月内退还。", '    text: "{deadline} 退还。"', 26, "{deadline}"),
        ("    require: {none", "    valid: 2027\n    require: {none", 13, "valid"),
        ("    require: {none", "    valid: {from: soon}\n    require: {none", 13, "不是日期"),
        ("    require: {none", "    valid: {since: 2027-01-01}\n    require: {none", 13, "since"),
        ("    require: {none", "    valid: {from: 2027-01-02, to: 2027-01-01}\n    require: {none", 13, "晚于"),
    ],
)  # fmt: skip
def test_a_file_with_a_fault_is_refused_with_line_and_reason(folder, old, new, line, reason):
    assert GOOD.count(old) >= 1
    found = problems_of(folder, GOOD.replace(old, new, 1))
    assert any(at == line and reason in why for at, why in found), found


def followed_by(period: str, next_period: str) -> str:
    """The good file in which the condition of arrears has a successor."""
    first = GOOD[GOOD.index("  - id: arrears_settled") : GOOD.index("  - id: no_subsidy")]
    dated = first.replace("    require:", f"    valid: {period}\n    require:")
    successor = first.replace("    require:", f"    valid: {next_period}\n    require:").replace("没有欠费", "没有欠款")
    return GOOD.replace(first, dated + successor)


def test_a_condition_may_be_written_for_a_time_and_followed_by_another(folder):
    text = followed_by("{to: 2026-12-31}", "{from: 2027-01-01}")
    (folder / "eligibility" / "change_number.yml").write_text(text)
    rules = load_operation(folder, "change_number")
    assert [c.requirement for c in rules.conditions_on(date(2026, 12, 31))] == ["没有欠费", "没有补贴协议"]
    assert [c.requirement for c in rules.conditions_on(date(2027, 1, 1))] == ["没有欠款", "没有补贴协议"]


@pytest.mark.parametrize("next_period", ["{from: 2026-12-31}", "{to: 2026-01-01}", "{}"])
def test_two_conditions_of_the_same_name_are_never_in_force_on_the_same_day(folder, next_period):
    found = problems_of(folder, followed_by("{to: 2026-12-31}", next_period))
    assert any(line == 12 and "重叠" in why for line, why in found), found


def test_a_key_that_is_written_twice_is_refused(folder):
    twice = GOOD.replace("      requirement: 没有欠费", "      requirement: 没有欠费\n      requirement: 没有")
    assert any(line == 8 and "requirement" in why for line, why in problems_of(folder, twice))


def test_what_the_rules_are_silent_on_is_said_apart_from_what_is_not_known(folder):
    silent = GOOD.replace('{equals: {arrears: "0.00"}}', "{silent_unless: {equals: {ownership: organization}}}")
    assert any("缺少 silent" in why for _, why in problems_of(folder, silent))


def test_a_remedy_sets_a_fact_to_a_value_that_it_can_have(folder):
    lost = GOOD.replace('{equals: {arrears: "0.00"}}', "{not_equals: {status: lost}}").replace(" {arrears} 元", "")
    found = problems_of(folder, lost.replace('{arrears: "0.00"}', "{status: found}"))
    assert any(line == 10 and "found" in why for line, why in found), found


IN_USE = """\
operation: change_number
conditions:
  - id: in_use
    cite: {document: 集团客户标准服务内容, section: 三(二)}
    require: {not_in: {status: [lost, suspended]}}
    say: {requirement: 正常在用, unmet: 现在没有在用。, unknown: 查不到。}
    remedy:
      by: customer
      sets: {status: active}
      text: 先恢复。
      text_for:
        status: {lost: 先解挂。, suspended: 先复机。}
"""


def test_a_remedy_may_be_told_apart_by_the_value_of_a_fact(folder):
    (folder / "eligibility" / "change_number.yml").write_text(IN_USE)
    remedy = load_operation(folder, "change_number").conditions[0].remedy
    assert [remedy.told({"status": status}) for status in ("lost", "suspended")] == ["先解挂。", "先复机。"]
    assert remedy.told({}) == remedy.told({"status": "barred"}) == "先恢复。"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("{lost: 先解挂。,", "{found: 先解挂。,", "found"),
        ("{lost: 先解挂。,", '{lost: "先解{points}。",', "{points}"),
        ("status: {lost: 先解挂。, suspended: 先复机。}", "status: 先恢复。", "事实: {值"),
        ("status: {lost: 先解挂。, suspended: 先复机。}", "mood: {lost: 先解挂。}", "mood"),
        ("status: {lost: 先解挂。, suspended: 先复机。}", "payment: {prepaid: 先充值。}", "枚举事实"),
    ],
)
def test_a_remedy_told_apart_by_what_cannot_be_is_refused(folder, old, new, reason):
    assert old in IN_USE
    found = problems_of(folder, IN_USE.replace(old, new))
    assert any(line >= 11 and reason in why for line, why in found), found


def test_all_faults_are_reported_at_once(folder):
    broken = (
        GOOD.replace('{equals: {arrears: "0.00"}}', "{equals: {salary: 5}}")
        .replace("subsidy_agreement_end}}", "holiday}}")
        .replace("by: time", "by: magic")
        .replace("还有 {points}", "还有 {arrears}")
    )
    assert [line for line, _ in problems_of(folder, broken)] == [5, 18, 23]


def test_a_condition_that_never_bars_has_no_remedy_and_nothing_to_say_of_unmet(folder):
    silent = GOOD.replace('{equals: {arrears: "0.00"}}', "{silent_unless: {equals: {ownership: organization}}}")
    reasons = [reason for _, reason in problems_of(folder, silent)]
    assert any("unmet" in reason for reason in reasons)
    assert any("remedy" in reason for reason in reasons)


def test_lost_text_and_the_word_lost_belong_together(folder):
    assert any(
        "lost_text" in why for _, why in problems_of(folder, GOOD.replace("id: arrears_settled", "id: lost_text"))
    )


def test_a_remedy_must_help_whatever_else_is_unknown(folder):
    both = '{all: [{equals: {arrears: "0.00"}}, {equals: {special_terms: false}}]}'
    found = problems_of(folder, GOOD.replace('{equals: {arrears: "0.00"}}', both))
    assert any("仍然不成立" in why for _, why in found)


@pytest.mark.parametrize("text", ["", "- a\n", "5\n", "operation: change_number\nconditions: {a: b}\n", "a: [\n"])
def test_a_file_of_another_shape_is_refused(folder, text):
    assert problems_of(folder, text)


def test_the_problems_of_all_files_are_reported_together(folder):
    (folder / "eligibility" / "change_number.yml").write_text("operation: x\n")
    (folder / "eligibility" / "relocate.yml").write_text("operation: y\n")
    (folder / "eligibility" / "fly.yml").write_text("operation: fly\n")
    with pytest.raises(KnowledgeError) as caught:
        load_all(folder)
    assert {problem.path.stem for problem in caught.value.problems} == {"change_number", "relocate", "fly"}


def test_an_operation_without_a_file_is_not_covered(folder):
    with pytest.raises(NoEligibilityRules, match="移机"):
        load_operation(folder, "relocate")
    assert covered_operations(folder) == ["change_number"]


def test_an_operation_of_no_rule_base_is_unknown(folder):
    with pytest.raises(UnknownOperation, match="relocate"):
        load_operation(folder, "fly")


def test_every_citation_of_the_real_rules_names_a_document_and_section():
    rules = load_all(RULES)
    assert sum(1 for operation in rules.values() for _ in operation.citations()) >= 17
