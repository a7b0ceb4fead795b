"""Pages are written whole or not at all, and never over anything else."""

from pathlib import Path

import pytest

from knowledge.pages.writing import NotASheet, write_pages

PAGES = {"index.html": "总表", "topics/a.html": "甲"}


def written(folder: Path) -> dict[str, str]:
    files = list(folder.rglob("*.html"))
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in files}


def test_pages_are_written_into_a_new_or_empty_folder(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "deep" / "new", tmp_path / "empty"):
        write_pages(PAGES, folder)
        assert written(folder) == PAGES


def test_a_second_time_the_earlier_pages_are_replaced(tmp_path):
    write_pages(PAGES | {"topics/old.html": "旧"}, tmp_path / "out")
    write_pages(PAGES, tmp_path / "out")

    assert written(tmp_path / "out") == PAGES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("信", encoding="utf-8")

    with pytest.raises(NotASheet, match="里有别的内容"):
        write_pages(PAGES, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_that_somebody_put_beside_the_pages_is_not_lost(tmp_path):
    write_pages(PAGES, tmp_path / "out")
    (tmp_path / "out" / "topics" / "remarks.txt").write_text("批注", encoding="utf-8")

    with pytest.raises(NotASheet, match=r"topics/remarks\.txt"):
        write_pages(PAGES, tmp_path / "out")
    assert (tmp_path / "out" / "topics" / "remarks.txt").exists()


def test_a_file_is_not_taken_for_a_folder(tmp_path):
    path = tmp_path / "out"
    path.write_text("文件", encoding="utf-8")

    with pytest.raises(NotASheet, match="是一个文件"):
        write_pages(PAGES, path)


def test_when_writing_fails_the_earlier_pages_are_still_there_and_nothing_else(tmp_path, monkeypatch):
    write_pages(PAGES, tmp_path / "out")
    write = Path.write_text

    def full_disk(path: Path, *args: object, **options: object) -> int:
        if path.name == "a.html":
            raise OSError("disk full")
        return write(path, *args, **options)

    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(OSError, match="disk full"):
        write_pages({"index.html": "新", "topics/a.html": "新"}, tmp_path / "out")
    assert written(tmp_path / "out") == PAGES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_when_the_swap_fails_the_earlier_pages_come_back(tmp_path, monkeypatch):
    write_pages(PAGES, tmp_path / "out")
    rename = Path.rename

    def unlucky(path: Path, target: Path) -> Path:
        if ".new-" in path.name:
            raise OSError("no")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", unlucky)
    with pytest.raises(OSError, match="no"):
        write_pages({"index.html": "新"}, tmp_path / "out")
    assert written(tmp_path / "out") == PAGES
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_damaged_list_of_pages_protects_everything(tmp_path):
    write_pages(PAGES, tmp_path)
    for damaged in ("{", '"text"'):
        (tmp_path / ".rule-sheet.json").write_text(damaged, encoding="utf-8")
        with pytest.raises(NotASheet, match=r"index\.html"):
            write_pages(PAGES, tmp_path)
