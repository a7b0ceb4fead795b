"""The coverage report: figures at the head, then sentence by sentence."""

import pytest

from knowledge.sentences.report import Total, report, totals
from tests.knowledge.handbook import COVERAGE, TEXT, write_coverage


@pytest.fixture
def rendered(folder, judged):
    def rendered(form, coverage=COVERAGE, text=TEXT) -> str:
        write_coverage(folder, coverage)
        rules, ones, _ = judged(text)
        return report(rules, ones, form)

    return rendered


def test_headings_are_explained_and_sentences_said(folder, judged):
    write_coverage(folder)
    assert totals(judged()[1]) == Total(sentences=7, covered=3, explained=4, open=0)


def test_a_sentence_nobody_settled_is_open(folder, judged):
    write_coverage(folder, COVERAGE.replace("not_covered: 标题的后半", "not_covered: 标题的后半, proposed: true"))
    assert totals(judged(TEXT + "另外要预约。\n")[1]) == Total(sentences=8, covered=3, explained=3, open=2)


@pytest.mark.parametrize(("done", "percent"), [(0, "0.0"), (2, "66.6"), (3, "100.0")])
def test_the_share_is_never_rounded_up(done, percent):
    assert Total(3, done, 0, 3 - done).percent == percent


def test_a_document_without_sentences_has_a_share_of_nothing():
    assert Total(0, 0, 0, 0).percent == "0.0"


def test_the_head_gives_the_figures_of_each_document(rendered):
    text = rendered("md")
    assert "| 集团客户标准服务内容 | 7 | 3 | 4 | 0 | 100.0% |" in text
    assert "| 合计 | 7 | 3 | 4 | 0 | 100.0% |" in text
    assert "不要放进项目" in text


@pytest.mark.parametrize(
    "line",
    [
        "| 一 | 一、搬箱 | 已说明 | 标题，本身没有规定内容 |",
        "| 一 | 子 | 已说明 | 标题的后半 |",
        "| 一(一) | (一)渠道:仓库,目前不收费。 | 已覆盖 | 搬箱子·办理渠道、搬箱子·收费标准 |",
    ],
)
def test_each_sentence_says_where_it_is_said_or_why_not(rendered, line):
    assert line in rendered("md").splitlines()


def test_an_open_sentence_says_what_is_missing(rendered):
    lines = rendered("md", text=TEXT + "另外要|预约。\n").splitlines()
    assert "| 一(二) | 另外要\\|预约。 | 未覆盖 | 还没有写在哪里说了，或者为什么不说 |" in lines


def test_an_excused_term_is_shown_with_its_reason(rendered):
    excused = "[move_box.conditions], except: {搬运单: 写在材料里}"
    coverage = COVERAGE.replace(
        "[move_box.documents, move_box.conditions]}\n  - {section: 一(二), begins: 个人",
        f"{excused}}}\n  - {{section: 一(二), begins: 个人",
    )
    assert "搬箱子·办理条件（没有写“搬运单”：写在材料里） |" in rendered("md", coverage)
    assert "没有写“搬运单”：写在材料里</span>" in rendered("html", coverage)


def test_the_page_shows_the_same_and_escapes_the_document(rendered):
    page = rendered("html", text=TEXT + "另外要<b>预约。\n")
    assert '<td class="state">未覆盖</td>' in page
    assert "另外要&lt;b&gt;预约。" in page
    assert "搬箱子·办理渠道、搬箱子·收费标准" in page
    assert '<td class="number">87.5%</td>' in page
