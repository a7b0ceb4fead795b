"""Nothing is left open: answers, and rules for every day."""

import pytest

from tests.knowledge.conftest import edit

TOPIC = "id: weight\nname: 重量\ndocument: 集团客户标准服务内容\nsection: 一\naliases: [多重]\n"
SINCE_JULY = "      - {status: stated, cite: 一(一), lead: 要收搬运费。, valid: {from: 2026-07-01}}\n"


def test_an_entry_without_answers_must_say_why(folder, found):
    path = folder / "topics" / "weight.yml"
    path.write_text(TOPIC, encoding="utf-8")
    fault = "1：还没有写答复；暂时写不了的，用“unanswered: 原因”说明"
    assert fault in found()
    path.write_text(TOPIC + "unanswered: 原文还没有到\n", encoding="utf-8")
    assert fault not in found()


def test_an_entry_with_answers_is_not_unanswered(folder, found):
    edit(folder, "official_name: 搬箱子", "official_name: 搬箱子\nunanswered: 还没有写")
    assert "1：已经写了答复，不能再写“unanswered”" in found()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "{from: 2026-07-01}",
            "{from: 2026-07-03}",
            "31：“fee”的“any”从 2026-07-01 到 2026-07-02 没有规定",
        ),
        (SINCE_JULY, "", "30：“fee”的“any”从 2026-07-01 起没有规定；已经废止的，请再写一段说明废止"),
        ("{to: 2026-06-30}", "{from: 2026-01-01, to: 2026-06-30}", "30：“fee”的“any”在 2026-01-01 以前没有规定"),
    ],
)
def test_days_without_a_rule_are_found(folder, found, old, new, expected):
    edit(folder, old, new)
    assert any(problem.startswith(expected) for problem in found()), found()


def test_periods_may_be_written_in_any_order(folder, found):
    edit(folder, SINCE_JULY, "")
    edit(
        folder,
        "    any:\n      - {status: stated, cite: 一(一), lead: 目前",
        f"    any:\n{SINCE_JULY}      - {{status: stated, cite: 一(一), lead: 目前",
    )
    assert not any("没有规定" in problem for problem in found())


def test_the_periods_of_a_topic_are_looked_at_too(folder, found):
    answer = "answer: [{status: stated, cite: 一(二), lead: 不超过20公斤。, valid: {to: 2026-06-30}}]\n"
    (folder / "topics" / "weight.yml").write_text(TOPIC + answer, encoding="utf-8")
    assert "6：“answer”从 2026-07-01 起没有规定；已经废止的，请再写一段说明废止" in found()
