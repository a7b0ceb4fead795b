"""Documents are cut into sentences: page numbers taken out, headings recognised."""

import pytest

from knowledge.model import Citation
from knowledge.sentences.split import Sentence
from tests.knowledge.handbook import TEXT, TITLE, cut


def said(folder, text: str) -> list[str]:
    """The sentences that are no headings of a section that goes on with `text`."""
    whole = TEXT.split("个人:")[0] + text
    return [one.text for one in cut(folder, whole) if one.place.section == "一(二)" and not one.heading]


def headings(folder, text: str) -> list[str]:
    whole = TEXT.split("个人:")[0] + text
    return [one.text for one in cut(folder, whole) if one.place.section == "一(二)" and one.heading]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("要预约。不预约不行!真的?是;好；行", ["要预约。", "不预约不行!", "真的?", "是;", "好；", "行"]),
        ("渠道是仓库\n要预约\n", ["渠道是仓库", "要预约"]),
        ("他说“要预约。”(真的。)不预约不行。", ["他说“要预约。”", "(真的。)", "不预约不行。"]),
        ("。\n、\n要预约。", ["要预约。"]),
        ("3.5公斤以下的,也要预约。", ["3.5公斤以下的,也要预约。"]),
    ],
)
def test_a_sentence_ends_with_its_mark_or_with_the_line(folder, text, expected):
    assert said(folder, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("314箱子要预约。", ["箱子要预约。"]),
        ("箱子要预约。\n12\n要登记。", ["箱子要预约。", "要登记。"]),
        ("箱子要先 4\n预约,再登记。", ["箱子要先预约,再登记。"]),
        ("箱子要先 4", ["箱子要先"]),
        ("30天以内要预约。", ["30天以内要预约。"]),
        ("122个人要预约。", ["个人要预约。"]),
        ("10010、仓库。", ["10010、仓库。"]),
    ],
)
def test_a_page_number_is_no_part_of_a_sentence(folder, text, expected):
    assert said(folder, text) == expected


@pytest.mark.parametrize(
    "line", ["第三条 争议的解决", "第三条", "三、销箱", "三、换(补)箱", "(三)收费标准", "（三）收费标准", "第二篇:协议"]
)
def test_a_numbered_title_is_a_heading(folder, line):
    assert headings(folder, line + "\n") == ["(二)原则", line]


@pytest.mark.parametrize(
    "line",
    [
        "(三)收费标准 目前不收费",
        "(三)收费标准:目前不收费",
        "(三)收费标准。",
        "(三)首月收费(主要是大箱)",
        "第三条 使用条件(写明各项,如重量)",
        "(1)箱子",
        "1、箱子",
        "仓库、网站",
    ],
)
def test_what_says_something_is_no_heading(folder, line):
    assert said(folder, line + "\n") == [line]


def test_the_rest_of_a_title_may_stand_on_the_next_line(folder):
    assert headings(folder, "第四条\n验收标准和方式\n按标准验收。") == ["(二)原则", "第四条", "验收标准和方式"]
    assert said(folder, "第四条\n按标准验收。") == ["按标准验收。"]


def test_what_stands_in_front_of_a_document_is_a_heading(folder):
    front = [one for one in cut(folder, "某某公司 2020年版\n" + TEXT) if one.place.section == "篇首"]
    assert [(one.text, one.heading) for one in front] == [("某某公司 2020年版", True), ("搬运手册", True)]


@pytest.mark.parametrize(
    "text", ["2、箱子要预约。", "(一)箱子要预约。", "12.箱子要预约。", "三、箱子要预约。", "第二条 箱子要预约。"]
)
def test_the_number_of_a_paragraph_says_nothing(text):
    assert Sentence(Citation(TITLE, "一"), text, False).body == "箱子要预约。"


def test_the_digest_follows_the_letters_and_not_the_layout():
    def digest(text: str) -> str:
        return Sentence(Citation(TITLE, "一"), text, False).digest

    assert digest("箱子不超过20公斤。") == "101bd87f"
    assert digest("箱子 不超过20公斤") == "101bd87f"
    assert digest("箱子不超过25公斤。") != "101bd87f"
