import pytest

from knowledge.outline.build import outline
from knowledge.yaml_source import KnowledgeError
from tests.knowledge.outline.reading import read, silent, texts

TEXT = "星河仓库搬运手册\r\n\r\n一、搬箱\r\n到柜台办理。\r\n"


@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gb18030", "GB18030"), ("utf-16", "UTF-16")],
)
def test_every_common_encoding_gives_the_same_lines(tmp_path, codec, name):
    path = tmp_path / "rules.txt"
    path.write_bytes(TEXT.encode(codec))
    reading = read(path)
    assert reading.encoding == name
    assert texts(reading) == ["星河仓库搬运手册", "一、搬箱", "到柜台办理。"]
    assert [line.place.line for line in reading.lines] == [1, 3, 4]


def test_punctuation_and_digits_of_full_width_are_read_like_others(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("（一）收费：１０元。\u3000\u200b完", encoding="utf-8")
    assert texts(read(path)) == ["(一)收费:10元。 完"]


def test_radicals_that_fonts_give_for_characters_are_read_as_characters(tmp_path):
    path = tmp_path / "rules.txt"
    path.write_text("⼆⼗⼀、第 3 ⻚", encoding="utf-8")
    assert texts(read(path)) == ["二十一、第 3 页"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("empty.txt", b"", "文件里没有文字"),
        ("blank.txt", b" \n\n", "文件里没有文字"),
        ("numbers.txt", b"1\n2\n", "文件里没有文字"),
        ("noise.txt", bytes(range(256)), "这不是文本文件"),
        ("control.txt", b"\x00\x01\x02\x03abc", "这不是文本文件"),
        ("half.txt", "搬箱".encode("utf-16")[:-1], "这不是文本文件"),
        ("rules.txt", b"%PDF-1.7 ...", "内容是 PDF"),
        ("rules.txt", b"PK\x03\x04....", "如果是 Word 文档"),
        ("rules.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "旧版 Word"),
        ("rules.docx", b"PK\x03\x04 broken", "不是 Word 文档"),
        ("rules.pdf", b"no pdf at all", "已经损坏"),
        ("rules.doc", b"text", "不支持“.doc”"),
        ("rules", b"text", "不支持“”"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path, rules, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(KnowledgeError) as refused:
        outline(path, rules, silent)
    assert sentence in str(refused.value)
    assert str(refused.value).startswith(str(path))
    assert "\n" not in str(refused.value)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(KnowledgeError, match="文件夹"):
        read(tmp_path)
    with pytest.raises(KnowledgeError, match="没有这个文件"):
        read(tmp_path / "none.txt")
