import zipfile

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from knowledge.yaml_source import KnowledgeError
from tests.knowledge.outline.reading import read, texts


class Manual:
    """A Word document of fictitious rules with automatic numbers."""

    def __init__(self, *levels):
        """Each level is a pair of number format and pattern."""
        self.document = docx.Document()
        numbering = self.document.part.numbering_part.element
        inner = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
            for depth, (form, text) in enumerate(levels)
        )
        numbering.insert(0, self._xml("abstractNum", inner, 'w:abstractNumId="77"'))
        self.add_list(77)

    def add_list(self, number, start=None):
        """Another list that counts with the same rules; `start`: from this number."""
        override = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>' if start else ""
        inner = f'<w:abstractNumId w:val="77"/>{override}'
        self.document.part.numbering_part.element.append(self._xml("num", inner, f'w:numId="{number}"'))

    def item(self, text, depth=0, number=77):
        paragraph = self.document.add_paragraph(text)
        inner = f'<w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/>'
        paragraph._p.get_or_add_pPr().append(self._xml("numPr", inner))
        return paragraph

    def body(self, inner):
        """Raw content of a paragraph."""
        self.document.element.body.insert(-1, self._xml("p", inner))

    def _xml(self, tag, inner, attributes=""):
        return parse_xml(f"<w:{tag} {nsdecls('w')} {attributes}>{inner}</w:{tag}>")

    def saved(self, folder):
        path = folder / "manual.docx"
        self.document.save(str(path))
        return path


CHINESE = (("chineseCounting", "%1、"), ("chineseCountingThousand", "（%2）"), ("decimal", "%3."))


def kinds(reading):
    return [finding.kind for finding in reading.findings]


def test_numbers_that_word_writes_itself_are_written_out(tmp_path):
    manual = Manual(*CHINESE)
    for text, depth in [("搬箱", 0), ("渠道", 1), ("柜台", 2), ("电话", 2), ("收费", 1), ("寄存", 0), ("渠道", 1)]:
        manual.item(text, depth)
    reading = read(manual.saved(tmp_path))
    assert texts(reading) == ["一、搬箱", "(一)渠道", "1.柜台", "2.电话", "(二)收费", "二、寄存", "(一)渠道"]
    assert reading.findings[0].values == {"count": 7}


def test_a_list_may_start_again(tmp_path):
    manual = Manual(*CHINESE)
    manual.add_list(78, start=1)
    manual.add_list(79)
    manual.item("搬箱")
    manual.item("寄存")
    manual.item("装车", number=78)
    manual.item("卸车", number=79)
    assert texts(read(manual.saved(tmp_path))) == ["一、搬箱", "二、寄存", "一、装车", "二、卸车"]


@pytest.mark.parametrize(
    ("form", "labels"),
    [
        ("decimal", ["1", "2"]),
        ("decimalZero", ["01", "02"]),
        ("decimalEnclosedCircle", ["①", "②"]),
        ("upperRoman", ["I", "II"]),
        ("lowerLetter", ["a", "b"]),
        ("ideographTraditional", ["甲", "乙"]),
    ],
)
def test_every_common_form_of_number_is_known(tmp_path, form, labels):
    manual = Manual((form, "%1 "))
    manual.item("搬箱")
    manual.item("寄存")
    assert texts(read(manual.saved(tmp_path))) == [f"{labels[0]} 搬箱", f"{labels[1]} 寄存"]


def test_a_form_of_number_that_is_not_known_is_said_to_be_missing(tmp_path):
    manual = Manual(("hebrew1", "%1."))
    manual.item("搬箱")
    reading = read(manual.saved(tmp_path))
    assert texts(reading) == ["搬箱"]
    assert kinds(reading) == ["number_unknown"]


def test_bullets_are_no_numbers(tmp_path):
    manual = Manual(("bullet", "●"))
    manual.item("搬箱")
    reading = read(manual.saved(tmp_path))
    assert texts(reading) == ["搬箱"]
    assert kinds(reading) == []


def test_a_style_can_number_its_paragraphs(tmp_path):
    manual = Manual(*CHINESE)
    style = manual.document.styles["Heading 1"].element
    style.get_or_add_pPr().append(manual._xml("numPr", '<w:numId w:val="77"/>'))
    manual.document.add_heading("搬箱", 1)
    manual.document.add_heading("寄存", 1)
    reading = read(manual.saved(tmp_path))
    assert texts(reading) == ["一、搬箱", "二、寄存"]
    assert [line.level for line in reading.lines] == [1, 1]


def test_title_and_headings_keep_their_level(tmp_path):
    manual = Manual()
    manual.document.add_heading("搬运手册", 0)
    manual.document.add_heading("搬箱", 1)
    manual.document.add_heading("收费", 2)
    manual.document.add_paragraph("不收费。")
    assert [line.level for line in read(manual.saved(tmp_path)).lines] == [0, 1, 2, None]


def test_a_row_of_a_table_is_one_line(tmp_path):
    manual = Manual()
    table = manual.document.add_table(2, 2)
    for cell, text in zip(
        (c for row in table.rows for c in row.cells), ["箱型", "重量", "小箱", "10公斤"], strict=True
    ):
        cell.text = text
    reading = read(manual.saved(tmp_path))
    assert texts(reading) == ["箱型 | 重量", "小箱 | 10公斤"]
    assert [line.place.line for line in reading.lines] == [1, 3]


def test_paragraphs_in_a_cell_stay_apart(tmp_path):
    manual = Manual()
    first, second = manual.document.add_table(1, 2).rows[0].cells
    first.text = "一、搬箱"
    second.text = "到柜台办理。"
    second.add_paragraph("二、寄存")
    assert texts(read(manual.saved(tmp_path))) == ["一、搬箱", "到柜台办理。", "二、寄存"]


def test_line_breaks_inside_a_paragraph_are_line_ends(tmp_path):
    manual = Manual(*CHINESE)
    manual.item("搬箱\n到柜台办理。")
    assert texts(read(manual.saved(tmp_path))) == ["一、搬箱", "到柜台办理。"]


def test_tracked_changes_are_read_as_accepted_and_reported(tmp_path):
    manual = Manual()
    manual.body(
        "<w:r><w:t>到</w:t></w:r>"
        '<w:del w:id="1" w:author="a"><w:r><w:delText>柜台</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>仓库</w:t></w:r></w:ins>'
        "<w:r><w:t>办理。</w:t></w:r>"
    )
    reading = read(manual.saved(tmp_path))
    assert texts(reading) == ["到仓库办理。"]
    assert kinds(reading) == ["tracked_changes"]


def test_moved_text_is_read_once_where_it_went(tmp_path):
    manual = Manual()
    manual.body('<w:moveFrom w:id="1" w:author="a"><w:r><w:t>不收费。</w:t></w:r></w:moveFrom>')
    manual.body('<w:moveTo w:id="2" w:author="a"><w:r><w:t>不收费。</w:t></w:r></w:moveTo>')
    assert texts(read(manual.saved(tmp_path))) == ["不收费。"]


def test_text_boxes_are_said_to_be_unread(tmp_path):
    manual = Manual()
    inside = "<w:txbxContent><w:p><w:r><w:t>注意</w:t></w:r></w:p></w:txbxContent>"
    manual.body(f"<w:r><w:t>不收费。</w:t></w:r><w:r><w:pict>{inside}</w:pict></w:r>")
    reading = read(manual.saved(tmp_path))
    assert texts(reading) == ["不收费。"]
    assert kinds(reading) == ["text_boxes"]


def test_text_in_a_content_control_is_read(tmp_path):
    manual = Manual()
    inner = "<w:sdtContent><w:p><w:r><w:t>到柜台办理。</w:t></w:r></w:p></w:sdtContent>"
    manual.document.element.body.insert(0, manual._xml("sdt", inner))
    assert texts(read(manual.saved(tmp_path))) == ["到柜台办理。"]


def test_a_table_of_contents_is_not_read_as_text(tmp_path):
    manual = Manual()
    manual.document.styles.add_style("toc 1", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    manual.document.add_paragraph("一、搬箱", style="toc 1")
    manual.document.add_paragraph("一、搬箱")
    reading = read(manual.saved(tmp_path))
    assert texts(reading) == ["一、搬箱"]
    assert kinds(reading) == ["contents_skipped"]


def test_a_document_without_text_is_refused(tmp_path):
    with pytest.raises(KnowledgeError, match="没有文字"):
        read(Manual().saved(tmp_path))


def test_another_archive_is_no_word_document(tmp_path):
    path = tmp_path / "other.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", "搬箱")
    with pytest.raises(KnowledgeError, match="不是 Word 文档"):
        read(path)
