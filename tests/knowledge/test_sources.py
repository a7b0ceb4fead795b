"""The documents themselves, cut into sections."""

import pytest

from knowledge.loader import load_rules
from knowledge.model import Citation
from knowledge.sources import FRONT, holds, read_sources
from knowledge.yaml_source import KnowledgeError
from tests.knowledge.conftest import DOCUMENTS, edit
from tests.knowledge.handbook import TEXT, TITLE, read

SECOND = """\
  - title: 搬运协议
    begins: 协议
    sections:
      - {id: 第一条, state: 完整, begins: 第一条}
terms:
"""


def at(section: str) -> Citation:
    return Citation(TITLE, section)


def test_a_section_holds_what_stands_below_it(folder):
    sources, _ = read(folder)
    assert "20公斤" in sources.text(at("一"))
    assert "20公斤" not in sources.text(at("一(一)"))


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("五", "五", True),
        ("五", "五(一)", True),
        ("第六条", "第六条第2项", True),
        ("五(一)", "五", False),
        ("十", "十一(二)", False),
    ],
)
def test_what_stands_below_a_section(outer, inner, expected):
    assert holds(at(outer), at(inner)) is expected


def test_sections_of_another_document_do_not_stand_below():
    assert not holds(at("五"), Citation("别的手册", "五(一)"))


def test_the_title_stands_in_front_of_the_first_section(folder):
    sources, _ = read(folder, "某某公司\n" + TEXT)
    assert sources.passages[at(FRONT)] == "某某公司\n搬运手册"
    assert at(FRONT) not in sources.sections


def test_a_page_break_within_the_first_words_of_a_section_is_mended(folder):
    sources, missing = read(folder, TEXT.replace("(二)原则", "(二)\n原则"))
    assert missing == []
    assert sources.passages[at("一(二)")].startswith("(二)原则\n")


def test_a_section_that_the_document_lacks_is_found(folder):
    assert f"规则原文里找不到《{TITLE}》一(二)的开头" in read(folder, TEXT.replace("(二)原则", "(二)规则"))[1]


def test_a_document_that_is_missing_is_said_to_be_missing_once(folder):
    assert read(folder, "别的手册\n(一)渠道\n")[1] == [f"规则原文里找不到《{TITLE}》"]


def test_a_document_that_is_only_mentioned_is_not_there(folder):
    assert read(folder, "详见搬运手册\n")[1] == [f"规则原文里找不到《{TITLE}》"]


def test_a_document_whose_sections_are_all_missing_is_no_crash(folder):
    assert f"规则原文里找不到《{TITLE}》一的开头" in read(folder, "搬运手册")[1]


@pytest.mark.parametrize(
    "files",
    [
        {"1.txt": TEXT, "2.txt": "协议\n第一条 期限\n"},
        {"1.txt": "协议\n第一条 期限\n", "2.txt": TEXT},
        {"1.txt": "协议\n第一条 期限\n" + TEXT},
    ],
)
def test_documents_may_stand_in_one_file_or_in_several_and_in_any_order(folder, tmp_path, files):
    edit(folder, "terms:\n", SECOND, "documents.yml")
    place = tmp_path / "sources"
    place.mkdir()
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8")
    sources, missing = read_sources(place, load_rules(folder).documents, folder)
    assert missing == []
    assert sources.text(Citation("搬运协议", "第一条")) == "第一条期限"
    assert "20公斤" in sources.text(at("一(二)"))
    assert "期限" not in sources.text(at("一(二)"))


def test_a_mark_at_the_start_of_a_file_does_not_hide_the_document(folder):
    path = folder / "handbook.txt"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert read_sources(path, load_rules(folder).documents, folder)[1] == []


def test_a_folder_without_documents_is_refused(folder, tmp_path):
    with pytest.raises(KnowledgeError, match="没有规则原文"):
        read_sources(tmp_path / "operations", load_rules(folder).documents, folder)


def test_documents_that_are_not_utf_8_are_refused(folder):
    (folder / "handbook.txt").write_bytes("搬运手册".encode("gb18030"))
    with pytest.raises(KnowledgeError, match="应是 UTF-8"):
        read_sources(folder / "handbook.txt", load_rules(folder).documents, folder)


def test_whether_a_document_is_internal_is_true_or_false(folder):
    (folder / "documents.yml").write_text(
        DOCUMENTS.replace("    sections:", "    internal: 是\n    sections:"), encoding="utf-8"
    )
    with pytest.raises(KnowledgeError, match="“internal”只能写 true 或 false"):
        load_rules(folder)
