"""Figures in digits and Chinese numerals, and what one text names and another does not."""

import pytest

from knowledge.exact import Exact, figures, missing


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("12小时内", 12, "小时"),
        ("5 个工作日", 5, "工作日"),
        ("一个月", 1, "月"),
        ("两个月", 2, "月"),
        ("壹年", 1, "年"),
        ("陆份", 6, "份"),
        ("三方通话", 3, "方"),
        ("二十四小时", 24, "小时"),
        ("一百零五天", 105, "天"),
        ("拾伍日", 15, "日"),
        ("6GB", 6, "GB"),
        ("100 m出口", 100, "M"),
        ("10010", 10010, ""),
        ("3.5公斤", 3.5, "公斤"),
        ("四个阶段", 4, "阶段"),
    ],
)
def test_a_figure_has_a_value_and_what_it_counts(text, value, unit):
    assert [(figure.value, figure.unit) for figure in figures(text)] == [(value, unit)]


@pytest.mark.parametrize("text", ["第6条", "第三天", "某一天", "统一年份", "每一份", "两份制度", "一般障碍"])
def test_what_is_no_figure_of_a_rule(text):
    assert figures(text) == []


@pytest.mark.parametrize(
    ("said", "there", "lacking"),
    [
        ("不超过2个月", "不超过两个月", []),
        ("预存6个月到12个月", "预存6-12个月", []),
        ("24天", "24小时", ["24天"]),
        ("2小时", "12小时", ["2小时"]),
        ("6元", "10086", ["6元"]),
        ("凭介绍信", "凭介 绍信", []),
        ("凭介绍信", "凭委托书", ["介绍信"]),
        ("按《电信条例》", "按《中华人民共和国电信条例》", []),
        ("按《合同法》", "按《电信条例》", ["《合同法》"]),
        ("换sim卡", "换SIM卡", []),
        ("IVPN", "VPDN", ["IVPN"]),
    ],
)
def test_what_one_text_names_and_another_does_not(said, there, lacking):
    assert missing(said, Exact.of(there), ["介绍信"]) == lacking
