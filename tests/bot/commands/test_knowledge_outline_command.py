"""`python -m bot knowledge outline`."""

import json
import subprocess
import sys

import pytest

from bot.__main__ import main

MANUAL = "停车管理办法\n一、停车\n（一）收费：不收费。\n三、洗车\n可以预约。\n"


@pytest.fixture
def manual(tmp_path):
    path = tmp_path / "manual.txt"
    path.write_text(MANUAL, encoding="utf-8")
    return path


def test_the_outline_is_printed(capsys, manual):
    assert main(["knowledge", "outline", str(manual)]) == 0
    captured = capsys.readouterr()
    assert "《停车管理办法》（第 1 行起；规则库里没有这份文件）" in captured.out
    assert "编号从一跳到三，缺二" in captured.out
    assert captured.err == ""


def test_json_holds_the_same(capsys, manual):
    assert main(["knowledge", "outline", "--json", str(manual)]) == 0
    report = json.loads(capsys.readouterr().out)
    assert [section["id"] for section in report["documents"][0]["sections"]] == ["一", "一(一)", "三"]
    assert len(report["absent_documents"]) == 6


@pytest.mark.parametrize(("name", "content"), [("a.txt", b""), ("a.doc", b"x"), ("a.pdf", b"x"), ("a.docx", b"x")])
def test_a_file_that_cannot_be_read_is_bad_input(capsys, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert main(["knowledge", "outline", str(tmp_path / name)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"{tmp_path / name}：")
    assert len(captured.err.splitlines()) == 1


def test_the_text_can_be_saved_to_compare_it_sentence_by_sentence(capsys, manual, tmp_path):
    saved = tmp_path / "saved.txt"
    assert main(["knowledge", "outline", str(manual), "--text", str(saved)]) == 0
    assert saved.read_text(encoding="utf-8").splitlines()[:2] == ["停车管理办法", "一、停车"]


def test_the_file_itself_is_never_written_over(capsys, manual):
    assert main(["knowledge", "outline", str(manual), "--text", str(manual)]) == 2
    assert "就是要读的文件" in capsys.readouterr().err
    assert manual.read_text(encoding="utf-8") == MANUAL


def test_text_that_cannot_be_saved_is_bad_usage(capsys, manual, tmp_path):
    assert main(["knowledge", "outline", str(manual), "--text", str(tmp_path)]) == 2
    assert "写不了" in capsys.readouterr().err


def test_a_long_document_shows_how_far_it_is(capsys, tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("停车管理办法\n" + "可以。\n" * 100_000, encoding="utf-8")
    assert main(["knowledge", "outline", str(path)]) == 0
    assert "正在读文件" in capsys.readouterr().err


def test_a_text_file_needs_neither_rasa_nor_the_readers_of_other_formats(manual):
    code = (
        "import sys; from bot.__main__ import main; main(sys.argv[1:]);"
        "sys.exit(any(name in sys.modules for name in ('rasa', 'docx', 'pypdf', 'tqdm')))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, "knowledge", "outline", str(manual)], capture_output=True, check=False
    )
    assert run.returncode == 0
