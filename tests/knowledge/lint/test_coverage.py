"""Every sentence of the documents is said somewhere, or listed with the reason why not."""

import pytest

from tests.knowledge.conftest import edit
from tests.knowledge.handbook import COVERAGE, TEXT, write_coverage

PLACE = "《集团客户标准服务内容》一(二)"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("said_in: [move_box.documents,", "said_in: [move_box.price,", "5：没有“move_box.price”，应写成 业务编号.方面"),
        ("said_in: [move_box.documents,", "said_in: [weight,", "5：没有“weight”，应写成 业务编号.方面 或主题编号"),
        ("said_in: [move_box.documents,", "said_in: [move_box.channels,", f"5：“move_box.channels”没有引用{PLACE}"),
        ("move_box.conditions]}", "move_box.conditions], proposed: true}", "5：只是自动提出的建议"),
        ("begins: 搬运工凭", "begins: 搬运工凭搬运单把箱子从甲处", "5：“begins”写这一句开头的 1 到 12 个字"),
        ('digest: "a4121a78"', 'digest: "a4121a7"', "5：“digest”应是带引号的 8 位十六进制数"),
        ("section: 一(二)", "section: 九", "5：《集团客户标准服务内容》没有“九”这一节"),
        (", not_covered: 标题的后半", "", "3：“said_in”（在哪里说了）和“not_covered”（为什么不说）要写一个"),
        ("document: 集团客户标准服务内容", "document: 别的手册", "1：没有名为《别的手册》的规则文件"),
        ("not_covered: 标题的后半", "not_coverd: 标题的后半", "3：不认识的键“not_coverd”"),
    ],
)
def test_a_bad_entry_is_found_without_the_document(folder, found, old, new, expected):
    assert old in COVERAGE
    write_coverage(folder, COVERAGE.replace(old, new))
    assert any(problem.startswith(expected) for problem in found()), found()


def test_one_document_has_one_file(folder, found):
    write_coverage(folder).with_name("second.yml").write_text(COVERAGE, encoding="utf-8")
    assert "1：《集团客户标准服务内容》已经写在 handbook.yml 里" in found()


def test_a_sentence_without_an_entry_is_found(compare):
    assert f"{PLACE}的“另外要预约……”还没有写在哪里说了，或者为什么不说" in compare(TEXT + "另外要预约。\n")


def test_a_document_without_a_coverage_file_is_found(folder, compare):
    (folder / "coverage" / "handbook.yml").unlink()
    assert f"{PLACE}的“搬运工凭搬运单把……”还没有写在哪里说了，或者为什么不说" in compare()


def test_a_sentence_that_changed_is_noticed(compare):
    reasons = compare(TEXT.replace("20公斤", "25公斤"))
    assert any("一(二)的“搬运工凭搬运单把……”这一句的原文变了，看过以后把“digest”改成 " in reason for reason in reasons)


def test_an_entry_without_a_sentence_is_found(compare):
    reasons = compare(TEXT.replace("搬运工凭", "师傅凭"))
    assert f"{PLACE}里没有以“搬运工凭”开头的句子，或者它已经另有一条" in reasons


def test_a_second_entry_for_the_same_sentence_is_found(folder, compare):
    write_coverage(folder, COVERAGE + COVERAGE.splitlines()[-2])
    assert f"{PLACE}里没有以“搬运工凭”开头的句子，或者它已经另有一条" in compare()


def test_a_term_of_the_sentence_that_the_targets_do_not_name_is_found(folder, compare):
    write_coverage(folder, COVERAGE.replace("[move_box.documents, move_box.conditions]", "[move_box.conditions]"))
    assert f"{PLACE}的“搬运工凭搬运单把……”有“搬运单”，move_box.conditions里没有" in compare()


def test_a_figure_of_the_sentence_that_the_targets_do_not_name_is_found(folder, compare):
    write_coverage(folder, COVERAGE.replace("[move_box.documents, move_box.conditions]", "[move_box.documents]"))
    assert f"{PLACE}的“搬运工凭搬运单把……”有“20公斤”，move_box.documents里没有" in compare()


def test_a_term_may_be_excused_with_a_reason(folder, compare):
    excused = "[move_box.conditions], except: {搬运单: 写在材料里}"
    write_coverage(folder, COVERAGE.replace("[move_box.documents, move_box.conditions]", excused))
    assert not any("搬运工凭" in reason for reason in compare())


def test_an_excuse_that_is_not_needed_is_found(folder, compare):
    write_coverage(folder, COVERAGE.replace("move_box.conditions]", "move_box.conditions], except: {搬运单: 写了}"))
    assert any("不用写“except”的“搬运单”" in reason for reason in compare())


def test_identical_sentences_of_a_section_need_one_entry(compare):
    assert not any("还没有写" in reason for reason in compare(TEXT + TEXT.splitlines()[-1] + "\n"))


def test_a_gap_counts_with_its_wording(folder, compare):
    edit(folder, "words: []", "words: [公众业务规则]", "documents.yml")
    assert not any("个人按照公众" in reason for reason in compare())
