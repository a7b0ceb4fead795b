"""Reading JSON Lines for commands: every complaint names the file, the line and the field."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import UsageError


def read_objects(path: Path | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """(where, object) of each line of a file, or of standard input.

    Raises `UsageError` for a file that cannot be read and for a line that is no JSON object.
    """
    name = str(path) if path else "标准输入"
    try:
        raw = path.read_bytes() if path else sys.stdin.buffer.read()
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{name}：文件读不出来（{error.strerror}）。") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}：不是 UTF-8 编码。") from error
    # Only line feeds end a line: a text may contain other separators that `splitlines` would cut at.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            where = f"{name} 第 {number} 行"
            try:
                value = json.loads(line)
            except ValueError as error:
                raise UsageError(f"{where}：不是合法的 JSON。") from error
            if not isinstance(value, dict):
                raise UsageError(f"{where}：应是一个 JSON 对象。")
            yield where, value


def text_of(where: str, value: dict[str, Any]) -> str:
    """The field `text` of an object.

    Raises `UsageError` where it is missing or no text.
    """
    text = value.get("text")
    if not isinstance(text, str):
        raise UsageError(f"{where}：字段 text 缺少，或者不是文字。")
    return text
