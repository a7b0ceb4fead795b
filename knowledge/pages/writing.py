"""Writes pages into a folder: all of them or none, and never over something that is not an earlier sheet."""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

# Lists the files of the sheet, so that a later one replaces these and nothing that people have put beside them.
MARKER: Final = ".rule-sheet.json"


class NotASheet(Exception):  # noqa: N818 - says what the folder is
    """The folder holds something that would be lost; the message is a Chinese sentence."""


def write_pages(pages: Mapping[str, str], folder: Path) -> None:
    """Writes the pages (relative path -> content) into `folder`, in place of an earlier sheet.

    Raises `NotASheet` where the folder holds anything else, and `OSError` where it cannot be written. In both cases
    the folder is as it was.
    """
    _check(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = folder.with_name(f".{folder.name}.new-{os.getpid()}")
    old = folder.with_name(f".{folder.name}.old-{os.getpid()}")
    try:
        for name, content in pages.items():
            path = new / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        (new / MARKER).write_text(json.dumps(sorted(pages)), encoding="utf-8")
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except OSError:
            if old.exists():
                old.rename(folder)
            raise
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _check(folder: Path) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise NotASheet(f"“{folder}”是一个文件，不是文件夹。")
    if not any(folder.iterdir()):
        return
    if not (folder / MARKER).is_file():
        raise NotASheet(f"文件夹“{folder}”里有别的内容，请换一个空文件夹，或者以前生成的规则页面所在的文件夹。")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    foreign = sorted(found - {MARKER, *_listed(folder / MARKER)})
    if foreign:
        raise NotASheet(f"文件夹“{folder}”里除了以前生成的页面还有“{foreign[0]}”，请先把它移走。")


def _listed(marker: Path) -> list[str]:
    try:
        names = json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
