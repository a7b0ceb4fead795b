"""Files that are there whole or not at all."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import UsageError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A new file beside `path` that takes its place once everything has been written, and is removed otherwise.

    Raises `UsageError` where it cannot be written.
    """
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            raise UsageError(f"--out 的 {path} 写不了：它不是普通文件。")
        part.touch(exist_ok=False)
    except OSError as error:
        raise UsageError(f"--out 的 {path} 写不了：{_reason(error)}。") from error
    try:
        yield part
        part.replace(target)
    except OSError as error:
        raise UsageError(f"--out 的 {path} 没有写成：{_reason(error)}。") from error
    finally:
        part.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    words = {
        FileNotFoundError: "没有这个目录",
        NotADirectoryError: "上一级不是目录",
        PermissionError: "没有写的权限",
    }
    return words.get(type(error), error.strerror or "原因不明")
