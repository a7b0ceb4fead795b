"""The pages for the people who own the rules."""

import posixpath
import shutil
from datetime import date

import pytest

from knowledge.answers import answer_operation, answer_topic
from knowledge.conditions import load_all
from knowledge.identifiers import OWNERSHIPS, ROLES
from knowledge.loader import load_rules
from knowledge.pages.owners import Made, owners_pages
from knowledge.sources import Sources
from tests.knowledge.conftest import edit
from tests.knowledge.pages.conftest import DAY, MADE
from tests.knowledge.pages.html import read

SCRIPT = "<script>alert(1)</script>"


def all_statements(entry):
    aspects = entry.aspects.values() if hasattr(entry, "aspects") else ()
    rules = entry.rules if hasattr(entry, "rules") else [rule for aspect in aspects for rule in aspect.rules]
    return [s for rule in rules for s in rule.statements] + [s for aspect in aspects for s in aspect.common]


def test_every_operation_and_topic_has_a_page_and_stands_in_the_index(rules, pages):
    wanted = {f"operations/{name}.html" for name in rules.operations} | {f"topics/{name}.html" for name in rules.topics}

    assert set(pages) == wanted | {"index.html", "gaps.html", "documents.html", "changes.html"}
    assert wanted <= set(pages["index.html"].links)


def test_every_statement_of_the_rule_base_stands_on_its_page(rules, pages):
    for kind, entries in (("operations", rules.operations), ("topics", rules.topics)):
        for entry in entries.values():
            text = pages[f"{kind}/{entry.id}.html"].text
            for statement in all_statements(entry):
                assert statement.text in text, (entry.id, statement.text)
            for alias in (*entry.aliases, *entry.patterns):
                assert alias in text, (entry.id, alias)


def test_what_is_shown_is_what_is_answered_to_customers_and_to_staff(rules, pages):
    for entry in rules.operations.values():
        words = pages[f"operations/{entry.id}.html"].words
        for aspect in entry.aspects:
            for role in ROLES:
                for ownership in OWNERSHIPS:
                    part = answer_operation(rules, entry.id, aspect, ownership, role, DAY).parts[0]
                    assert {part.lead, *part.items, *part.notes} <= set(words), (entry.id, aspect, role)
    for topic in rules.topics:
        part = answer_topic(rules, topic, "customer", DAY).parts[0]
        assert {part.lead, *part.items, *part.notes} <= set(pages[f"topics/{topic}.html"].words), topic


def test_every_condition_of_eligibility_stands_on_the_page_of_its_operation(rules, pages):
    for operation, eligibility in load_all(rules.folder).items():
        text = pages[f"operations/{operation}.html"].text
        for condition in eligibility.conditions:
            assert condition.requirement in text, (operation, condition.id)
            assert "怎样核对" in text
            assert condition.citation.section in text
            assert condition.silent in text, (operation, condition.id)
        if eligibility.scope:
            assert eligibility.scope.citation.section in text
        for notice in eligibility.notices:
            # Its first words, up to what is filled in.
            assert notice.text.split("{")[0].strip() in text, (operation, notice.id)
        if eligibility.never_applies:
            assert eligibility.never_applies in text


def test_a_condition_is_worded_from_what_is_checked(pages):
    text = pages["operations/change_number.html"].text

    assert "“欠费（元）”为“0.00”" in text
    assert "“移机不改号”不为“移机不改号的新号”" in text
    assert "没有补贴协议，或者“补贴协议到期日”已经过去（当天仍然有效）" in text
    assert "{" not in text


def test_a_notice_is_shown_with_when_it_is_told_and_with_its_term(pages):
    text = pages["operations/international_roaming.html"].text

    assert "每次都提示" in text
    assert "期限的最后一天" in text
    assert "{" not in text


def test_a_condition_for_a_time_only_shows_its_period(tmp_path, rules):
    rules_copy = tmp_path / "knowledge"
    shutil.copytree(rules.folder, rules_copy)
    edit(
        rules_copy, "    require: {not_equals: {relocated: new}}",
        "    valid: {from: 2027-01-01}\n    require: {not_equals: {relocated: new}}", "eligibility/change_number.yml",
    )  # fmt: skip
    made = owners_pages(load_rules(rules_copy), MADE)
    assert "从2027年1月1日起" in read(made["operations/change_number.html"]).text


def test_no_internal_link_is_broken_and_none_leads_outside(pages):
    for name, page in pages.items():
        for link in page.links:
            assert ":" not in link, (name, link)
            path, _, anchor = link.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name
            assert target in pages, (name, link)
            assert not anchor or anchor in pages[target].anchors, (name, link)


def test_the_pages_load_nothing_but_their_style_sheet(sheet, pages):
    for name, page in pages.items():
        assert [posixpath.normpath(posixpath.join(posixpath.dirname(name), load)) for load in page.loads] == [
            "sheet.css"
        ]
        assert "script" not in page.tags
        assert "style" not in page.tags
    for name in ("sheet.css", "base.css"):
        assert "http" not in sheet[name]
        assert "url(" not in sheet[name].replace('url("base.css")', "")


def test_version_and_date_stand_on_every_page(rules, pages):
    for name, page in pages.items():
        assert rules.version in page.text, name
        assert "2026年3月1日" in page.text, name


def test_a_pretended_day_is_told_beside_the_date_of_making(rules):
    page = read(owners_pages(rules, Made(date(2026, 3, 1), date(2027, 5, 9)))["index.html"])

    assert "状态按 2027年5月9日这一天" in page.text


def gaps_by_page(html):
    """The words below each operation or topic of the table of gaps, by the page it links to."""
    blocks = [read(part.split("</tbody>")[0]) for part in html.split("<tbody>")[1:]]
    return {block.links[0]: set(block.words) for block in blocks}


def test_every_gap_stands_in_the_table_of_gaps(rules, sheet):
    found = gaps_by_page(sheet["gaps.html"])
    for entry in rules.operations.values():
        for name, aspect in entry.aspects.items():
            for rule in aspect.rules:
                if rule.status != "stated":
                    words = found[f"operations/{entry.id}.html"]
                    assert any(rules.wording.aspects[name] in word.split("、") for word in words), (entry.id, name)
                    assert rules.wording.statuses[rule.status] in words, (entry.id, name)
                    assert {statement.text for statement in rule.statements} <= words, (entry.id, name)
    for topic in rules.topics.values():
        gap = any(rule.status != "stated" for rule in topic.rules)
        assert (f"topics/{topic.id}.html" in found) == gap, topic.id


def test_the_table_of_gaps_counts_them(rules, pages):
    words = pages["gaps.html"].words
    aspects = [aspect for entry in rules.operations.values() for aspect in entry.aspects.values()]
    given = [rule for aspect in aspects for rule in aspect.rules]
    given += [rule for topic in rules.topics.values() for rule in topic.rules]
    for status, name in rules.wording.statuses.items():
        count = sum(rule.status == status for rule in given)
        if status != "stated" and count:
            assert words[words.index(name) + 1] == str(count), status


def test_statuses_are_said_in_words_beside_their_colour(rules, pages):
    index = pages["index.html"]
    for status in rules.wording.statuses.values():
        assert status in index.words
    assert {"单位名称开户", "个人名称开户"} <= set(index.words)


def test_what_is_for_staff_only_is_marked(pages):
    words = pages["operations/cancel_service.html"].words

    for number, word in enumerate(words):
        if "挽留" in word:
            assert words[number + 1] == "仅供工作人员"
        if word == "这一项另有内部工作要求，只供工作人员查阅。":
            assert words[number + 1] == "只对客户说"


def test_every_section_of_the_documents_is_listed_with_its_state_and_who_cites_it(rules, pages):
    words = pages["documents.html"].words
    for document in rules.documents.by_title.values():
        after = words[words.index(f"《{document.title}》") :]
        for section in document.sections.values():
            assert after[after.index(section.id) + 1] == section.state
    start = words.index("《集团客户标准服务内容》")
    cited = words[words.index("五(一)", start) : words.index("五(三)", start)]
    assert "销户" in cited
    assert any("办理渠道" in word for word in cited)


def test_markup_in_a_rule_stays_text(folder):
    edit(folder, "到仓库办理。", f"到仓库办理{SCRIPT}。")
    edit(folder, "aliases: [搬箱,", f"aliases: [搬箱子, 搬箱{SCRIPT},")
    edit(folder, "\nname: 搬箱子", f"\nname: 搬箱子{SCRIPT}")
    for name, content in owners_pages(load_rules(folder), MADE).items():
        if name.endswith(".html"):
            assert "<script" not in content, name
    page = read(owners_pages(load_rules(folder), MADE)["operations/move_box.html"])
    assert f"到仓库办理{SCRIPT}。" in page.words


def test_a_dated_rule_stands_on_the_page_of_changes_with_both_periods(folder):
    pages = owners_pages(load_rules(folder), MADE)
    changes, own = read(pages["changes.html"]), read(pages["operations/move_box.html"])

    for page in (changes, own):
        assert "到2026年6月30日为止" in page.words
        assert "目前不收费。" in page.words
        assert "从2026年7月1日起（不是现在）" in page.words
        assert "要收搬运费。" in page.words
        assert "自2026年7月1日起，收费标准改为：要收搬运费。" in page.words


def test_the_statuses_of_the_index_are_those_of_the_day(folder):
    edit(
        folder,
        "{status: stated, cite: 一(一), lead: 要收搬运费。",
        "{status: contradictory, cite: 一(一), lead: 要收费。",
    )
    rules = load_rules(folder)

    before = read(owners_pages(rules, MADE)["index.html"]).words
    later = read(owners_pages(rules, Made(DAY, date(2026, 7, 1)))["index.html"]).words
    assert later.count("规则前后不一") == before.count("规则前后不一") + 1


def test_without_dated_rules_the_page_of_changes_says_so(folder):
    edit(folder, ", valid: {to: 2026-06-30}", "")
    edit(folder, "      - {status: stated, cite: 一(一), lead: 要收搬运费。, valid: {from: 2026-07-01}}\n", "")

    assert "现在没有写了有效期的规定" in read(owners_pages(load_rules(folder), MADE)["changes.html"]).text


def test_an_operation_without_answers_is_a_gap_with_its_reason(folder):
    path = folder / "operations" / "move_box.yml"
    head = path.read_text(encoding="utf-8").split("answers:")[0]
    path.write_text(head + "unanswered: 搬运手册还没有收到。\n", encoding="utf-8")
    pages = owners_pages(load_rules(folder), MADE)

    assert "搬运手册还没有收到。" in read(pages["operations/move_box.html"]).text
    assert "答复未整理" in read(pages["gaps.html"]).words
    assert "答复未整理" in read(pages["index.html"]).words


def test_an_operation_without_conditions_says_that_none_are_written(folder):
    page = read(owners_pages(load_rules(folder), MADE)["operations/move_box.html"])

    assert "“搬箱子”的办理条件还没有整理成可以对照账户核对的规则，暂时不能判断某个号码能不能办。" in page.words


@pytest.fixture
def passages(rules):
    return {
        citation: f"原件{citation.section}的文字"
        for citation in (entry.citation for entry in rules.operations.values())
    }


def test_original_passages_stand_folded_beside_the_citations_only_where_there_is_a_copy(rules, pages, passages):
    sources = Sources("", passages, passages)
    shown = read(owners_pages(rules, MADE, sources)["operations/cancel_service.html"])

    assert "details" in shown.tags
    assert "原件五的文字" in shown.words
    assert all("details" not in page.tags for page in pages.values())


def test_the_sheet_follows_the_rule_files(folder):
    before = owners_pages(load_rules(folder), MADE)
    edit(folder, "到仓库办理。", "到北门仓库办理。")
    after = owners_pages(load_rules(folder), MADE)

    assert "到北门仓库办理。" in read(after["operations/move_box.html"]).words
    assert before["operations/move_box.html"] != after["operations/move_box.html"]
