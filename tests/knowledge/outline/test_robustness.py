"""Whatever is in a file: an outline, or one sentence; never a traceback."""

import io
import zipfile

import docx
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.loader import load_rules
from knowledge.outline.build import outline
from knowledge.outline.report import data, text
from knowledge.yaml_source import KnowledgeError
from tests.knowledge.conftest import KNOWLEDGE
from tests.knowledge.outline.reading import silent

_EVERYWHERE = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
_PIECES = ["一、", "二十", "(三)", "（四）", "第五条", "第一篇:", "附件2 ", "12", "3、", "1.1 ", "④", "。", "收费:", "\n", "\n\n", "  ",
           "目录……3", "手册", "不收费", "年 月 日", "\ufeff", "⼀"]  # fmt: skip


@pytest.fixture(scope="module")
def base():
    return load_rules(KNOWLEDGE)


def judged(content, ending, folder, base):
    """Reads a file with this content; nothing but a refusal in one line may come of it."""
    path = folder / f"file{ending}"
    path.write_bytes(content)
    try:
        made = outline(path, base, silent)
    except KnowledgeError as refused:
        sentence = str(refused)
        made = None
    if made is None:
        assert len(sentence.splitlines()) == 1
        return None
    assert text(made)
    return data(made)


def word_file():
    document = docx.Document()
    document.add_heading("搬运手册", 0)
    document.add_paragraph("一、搬箱", style="List Number")
    document.add_table(1, 2).cell(0, 0).text = "小箱"
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_file():
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


@_EVERYWHERE
@given(content=st.binary(max_size=400), start=st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04"]))
@pytest.mark.parametrize("ending", [".txt", ".docx", ".pdf", ".xyz"])
def test_arbitrary_bytes_are_refused_or_read(content, start, ending, tmp_path, base):
    judged(start + content, ending, tmp_path, base)


@_EVERYWHERE
@given(data=st.data())
@pytest.mark.parametrize(("ending", "whole"), [(".docx", word_file()), (".pdf", pdf_file())])
def test_damaged_files_are_refused_or_read(ending, whole, data, tmp_path, base):
    damaged = bytearray(whole[: data.draw(st.integers(len(whole) // 2, len(whole)))])
    for _ in range(data.draw(st.integers(0, 5))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    judged(bytes(damaged), ending, tmp_path, base)


@_EVERYWHERE
@given(xml=st.text('<>/w:ptr abc"=&;一、', max_size=80))
@pytest.mark.parametrize("part", ["word/document.xml", "word/numbering.xml", "word/styles.xml"])
def test_word_files_with_strange_parts_are_refused_or_read(part, xml, tmp_path, base):
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word_file())) as whole, zipfile.ZipFile(content, "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, xml.encode() if name == part else whole.read(name))
    judged(content.getvalue(), ".docx", tmp_path, base)


@_EVERYWHERE
@given(pieces=st.lists(st.sampled_from(_PIECES), max_size=60), codec=st.sampled_from(["utf-8", "gb18030"]))
def test_any_text_has_an_outline_in_the_order_of_its_lines(pieces, codec, tmp_path, base):
    found = judged("".join(pieces).encode(codec, "ignore"), ".txt", tmp_path, base)
    for document in found["documents"] if found else []:
        lines = [row["line"] for row in document["sections"]]
        assert lines == sorted(lines)
