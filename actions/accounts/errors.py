"""What can be wrong with account data and where it is kept; every message is Chinese and fit for the user."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from knowledge.yaml_source import Problem


class AccountsError(Exception):
    """The accounts cannot be read or written; the message is one Chinese sentence."""


class AccountsMissing(AccountsError):  # noqa: N818 - a state of the installation rather than a fault
    """There is no accounts database yet; the message says how to make one."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """One thing wrong with an import file; `field` is None where it is the line as a whole, `line` 0 the whole file."""

    line: int
    field: str | None
    reason: str

    def __str__(self) -> str:
        where = f"第 {self.line} 行：" if self.line else ""
        return f"{where}字段 {self.field} {self.reason}" if self.field else f"{where}{self.reason}"


class ImportProblems(AccountsError):  # noqa: N818 - it carries problems
    """An import file cannot be loaded; `problems` lists everything that is wrong with it."""

    def __init__(self, path: Path, problems: list[LineProblem]) -> None:
        self.path = path
        self.problems = problems
        lines = [f"{path} 有 {len(problems)} 处错误，没有导入任何数据：", *map(str, problems)]
        super().__init__("\n".join(lines))


class SourceUnavailable(AccountsError):  # noqa: N818 - a state of the source rather than a fault of ours
    """A source of account facts gives no usable answer now; the message says why and shows nothing secret."""


class SourceFileProblems(AccountsError):  # noqa: N818 - it carries problems
    """A file that describes account sources is not sound; `problems` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))
