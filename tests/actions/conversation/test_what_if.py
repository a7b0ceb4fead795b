"""What a message supposes of an account, read from its words and the vocabulary of the rule base."""

from datetime import date

import pytest

from actions.conversation.what_if import WhatIf, read_what_if
from actions.settings import ROOT
from knowledge.loader import load_rules
from knowledge.suppositions import Suppositions

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def words() -> Suppositions:
    return load_rules(ROOT / "knowledge").suppositions


def said(what_if: WhatIf) -> list[str]:
    return [one.said for one in what_if.suppose]


@pytest.mark.parametrize(
    ("text", "supposed"),
    [
        ("我今天交清欠费就能办吗?", "欠费已经交清"),
        ("交完钱是不是就行了", "欠费已经交清"),
        ("那我要是先把欠的三十多块补上呢", "欠费已经交清"),
        ("把欠费32.50元交了呢", "欠费已经交清"),
        ("先复机再补卡呢", "已经复机"),
        ("停机保号以后还能换号吗", "停机保号已经办好"),
        ("取消挂失以后呢", "已经解挂"),
        ("要是我把积分用掉呢", "积分已经用完"),
        ("如果没有补贴协议的话", "没有补贴协议"),
    ],
)
def test_what_is_said_to_be_done_first_is_supposed(words: Suppositions, text: str, supposed: str) -> None:
    assert said(read_what_if(text, words, TODAY)) == [supposed]


@pytest.mark.parametrize(
    "text",
    [
        "不交清行吗",
        "没交清呢",
        "把欠费交了一半呢",
        "要是先交了20块欠费呢",
        "停机保号行吗",
        "我昨天已经交清了欠费,能办吗",
        "假如我是会员呢",
    ],
)
def test_what_is_denied_asked_for_or_told_as_done_is_not_supposed(words: Suppositions, text: str) -> None:
    assert said(read_what_if(text, words, TODAY)) == []


def test_what_is_told_as_done_is_noted(words: Suppositions) -> None:
    got = read_what_if("我昨天已经交清欠费了,现在能办了吗", words, TODAY)
    assert got.done
    assert not got
    assert not read_what_if("交清欠费能办吗", words, TODAY).done


def test_the_operation_asked_about_is_not_supposed_to_be_done(words: Suppositions) -> None:
    assert said(read_what_if("先复机行吗", words, TODAY, "resume_service")) == []


@pytest.mark.parametrize(
    ("text", "facts", "after"),
    [
        ("补贴协议到期那天", ["subsidy_agreement_end"], False),
        ("套餐到期以后能销户吗", ["plan_agreement_end"], True),
        ("过了套餐协议期呢", ["plan_agreement_end"], True),
        ("合约期满呢", ["subsidy_agreement_end", "plan_agreement_end", "special_number_agreement_end"], True),
        ("到期第二天呢", ["subsidy_agreement_end", "plan_agreement_end", "special_number_agreement_end"], True),
    ],
)
def test_the_end_of_an_agreement_is_its_last_day_or_the_day_after(
    words: Suppositions, text: str, facts: list[str], after: bool
) -> None:
    (end,) = read_what_if(text, words, TODAY).ends
    assert (list(end.facts), end.after) == (facts, after)


@pytest.mark.parametrize(
    ("text", "whole"),
    [("下个月呢?", True), ("那等到3月1号可以吗", True), ("明天天气好吗", False), ("明天带什么去", False)],
)
def test_it_is_known_whether_a_message_says_anything_else(words: Suppositions, text: str, whole: bool) -> None:
    assert read_what_if(text, words, TODAY).says_nothing_else == whole


def test_two_suppositions_that_contradict_each_other_are_no_facts(words: Suppositions) -> None:
    got = read_what_if("先停机保号,然后如果复机呢", words, TODAY)
    assert len(got.suppose) == 2
    assert got.assumed is None


def test_a_rule_base_without_the_vocabulary_still_reads_days() -> None:
    got = read_what_if("下个月交清欠费能办吗", Suppositions(), TODAY)
    assert [day.day for day in got.days] == [date(2026, 12, 1)]
    assert not got.suppose
