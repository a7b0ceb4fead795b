import pypdf
import pytest
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from knowledge.outline.model import Line, Place
from knowledge.outline.readers.page_edges import is_page_number, without_edges
from knowledge.yaml_source import KnowledgeError
from tests.knowledge.outline.reading import read, texts


def writer_of(*pages):
    """A PDF whose pages show one Latin line each; None is a page without text, as a scanner makes it."""
    writer = pypdf.PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
    for text in pages:
        page = writer.add_blank_page(595, 842)
        if text is None:
            continue
        stream = DecodedStreamObject()
        stream.set_data(b"BT /F1 12 Tf 72 700 Td (" + text.encode() + b") Tj ET")
        page[NameObject("/Contents")] = writer._add_object(stream)
        named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): named})}
        )
    return writer


def saved(writer, folder):
    path = folder / "rules.pdf"
    writer.write(str(path))
    return path


def test_each_line_knows_its_page(tmp_path):
    reading = read(saved(writer_of("1. Moving boxes", "2. Storing boxes"), tmp_path))
    assert texts(reading) == ["1. Moving boxes", "2. Storing boxes"]
    assert [line.place for line in reading.lines] == [Place(1, 1), Place(2, 1)]
    assert reading.pages == 2


def test_a_scan_has_no_text(tmp_path):
    with pytest.raises(KnowledgeError, match="扫描件"):
        read(saved(writer_of(None, None), tmp_path))


def test_single_pages_without_text_are_named(tmp_path):
    reading = read(saved(writer_of("1. Moving boxes", None, "2. Storing", None), tmp_path))
    assert reading.findings[0].kind == "page_without_text"
    assert reading.findings[0].values["pages"] == "2、4"


def test_a_password_is_asked_for(tmp_path):
    writer = writer_of("1. Moving boxes")
    writer.encrypt("secret", algorithm="AES-256")
    with pytest.raises(KnowledgeError, match="加了密码"):
        read(saved(writer, tmp_path))


def test_a_file_that_is_only_protected_against_changes_is_read(tmp_path):
    writer = writer_of("1. Moving boxes")
    writer.encrypt("", owner_password="secret", algorithm="AES-256")
    assert texts(read(saved(writer, tmp_path))) == ["1. Moving boxes"]


def page(number, *rows):
    return [Line(row, Place(number, line)) for line, row in enumerate(rows, 1)]


def kept(pages):
    return [[line.text for line in page] for page in without_edges(pages)[0]]


def test_headers_footers_and_page_numbers_are_taken_out_and_reported():
    pages = [page(n, f"星河仓库 {n}", f"{n}.搬箱子", "到柜台办理。", f"- {n} -") for n in (1, 2, 3)]
    assert kept(pages) == [[f"{n}.搬箱子", "到柜台办理。"] for n in (1, 2, 3)]
    findings = without_edges(pages)[1]
    assert [(finding.kind, finding.values["count"]) for finding in findings] == [
        ("repeated_line", 3),
        ("page_numbers_removed", 3),
    ]


def test_a_sentence_that_ends_several_pages_stays():
    pages = [page(n, f"{'一二三'[n - 1]}、搬箱", "不收费。") for n in (1, 2, 3)]
    assert kept(pages) == [["一、搬箱", "不收费。"], ["二、搬箱", "不收费。"], ["三、搬箱", "不收费。"]]


def test_a_figure_at_the_edge_that_counts_no_pages_stays():
    pages = [page(1, "箱数", "1"), page(2, "重量", "2"), page(3, "件数", "80")]
    assert kept(pages) == [["箱数"], ["重量"], ["件数", "80"]]


@pytest.mark.parametrize("text", ["3", "- 3 -", "第3页", "第 3 页 共 10 页", "3/10", "— 12 —"])
def test_page_numbers_are_recognised(text):
    assert is_page_number(text)


@pytest.mark.parametrize("text", ["3.", "第3条", "10010", "3月", "", "搬箱"])
def test_other_short_lines_are_no_page_numbers(text):
    assert not is_page_number(text)
