"""Reads typed values out of one YAML file and notes every problem with its line, so that all are reported at once."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Final

from knowledge.model import Period
from knowledge.yaml_source import KnowledgeError, Mapping, Problem, Text, read_yaml

CASES_SUFFIX: Final = ".cases.yml"


class FileReader:
    """One file being read; problems are collected in a list shared by all files."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        self.path = path
        self._problems = problems

    def note(self, line: int, reason: str) -> None:
        """Records a problem at `line` (0: the whole file)."""
        self._problems.append(Problem(self.path, line, reason))

    def root(self) -> Mapping | None:
        """The file's content, which must be a mapping; None (and a problem) where it is not."""
        try:
            content = read_yaml(self.path)
        except KnowledgeError as error:
            self._problems.extend(error.problems)
            return None
        return self.mapping(content, 0, "整个文件")

    def mapping(self, value: Any, line: int, what: str) -> Mapping | None:
        """`value` as a mapping."""
        if isinstance(value, Mapping):
            return value
        self.note(line, f"{what}应当是“键: 值”的形式")
        return None

    def check_keys(self, mapping: Mapping, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Every required key is there and no other key than those named."""
        required = tuple(required)
        for key in required:
            if key not in mapping:
                self.note(mapping.line, f"缺少“{key}”")
        for key in mapping:
            if key not in required and key not in tuple(optional):
                self.note(mapping.line_of(key), f"不认识的键“{key}”")

    def text(self, mapping: Mapping, key: str) -> str:
        """The text under `key`; "" (with a problem where the key is there) if it is not a text."""
        value = mapping.get(key, "")
        if key in mapping and not (isinstance(value, str) and value.strip()):
            self.note(mapping.line_of(key), f"“{key}”应当是文字")
            return ""
        return value if isinstance(value, str) else ""

    def texts(self, mapping: Mapping, key: str) -> tuple[str, ...]:
        """A list of texts under `key`; empty where the key is absent."""
        values = mapping.get(key, [])
        if not isinstance(values, list):
            self.note(mapping.line_of(key), f"“{key}”应当是列表")
            return ()
        for value in values:
            if not (isinstance(value, str) and value.strip()):
                self.note(mapping.line_of(key), f"“{key}”里的“{value}”应当是文字")
        return tuple(value for value in values if isinstance(value, str) and value.strip())

    def choice(self, mapping: Mapping, key: str, allowed: Iterable[str], default: str) -> str:
        """One of the allowed words under `key`, else a problem and `default`."""
        value = mapping.get(key, default)
        allowed = tuple(allowed)
        if value in allowed:
            return str(value)
        self.note(mapping.line_of(key), f"“{key}”的值“{value}”不对，只能是：{'、'.join(allowed)}")
        return default

    def day(self, mapping: Mapping, key: str) -> date | None:
        """A date under `key`, None where the key is absent."""
        value = mapping.get(key)
        if value is None or type(value) is date:
            return value
        self.note(mapping.line_of(key), f"“{key}”的值“{value}”不是日期，应写成 2026-01-31 这样")
        return None


def read_period(reader: FileReader, mapping: Mapping) -> Period:
    """The days under the key `valid`; all days where it is absent (or, with a problem, not to be read)."""
    if "valid" not in mapping:
        return Period()
    line = mapping.line_of("valid")
    value = reader.mapping(mapping["valid"], line, "“valid”")
    if value is None:
        return Period()
    reader.check_keys(value, (), ("from", "to"))
    period = Period(reader.day(value, "from"), reader.day(value, "to"))
    if period.start and period.end and period.start > period.end:
        reader.note(line, "“valid”的起始日期晚于结束日期")
    return period


def rule_files(folder: Path) -> list[Path]:
    """The rule files in `folder`, sorted; `NAME.cases.yml` beside them are test cases and no rules."""
    return sorted(path for path in folder.glob("*.yml") if not path.name.endswith(CASES_SUFFIX))


def line_of(value: Any, default: int) -> int:
    """The line a value read from YAML starts on, where it is known."""
    return value.line if isinstance(value, Text | Mapping) else default
