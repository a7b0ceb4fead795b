"""Strict YAML reading: every problem is reported with file, line and reason, and duplicate keys are refused."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a rule file; `line` counts from 1, 0 means the whole file."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{where}：{self.reason}"


class KnowledgeError(Exception):
    """The rule base cannot be used; `problems` says everything that is wrong with it, not only the first thing."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Mapping(dict[str, Any]):
    """A YAML mapping that remembers the line it starts on and the line of each key."""

    line: int = 0
    key_lines: dict[str, int]

    def line_of(self, key: str) -> int:
        """The line of `key`, or of the mapping itself where the key is absent."""
        return self.key_lines.get(key, self.line)


class Text(str):
    """A string read from YAML that remembers the line it starts on."""

    line: int = 0


_BOOLEAN: Final = "tag:yaml.org,2002:bool"


class _Loader(yaml.CSafeLoader):
    """Safe loader that keeps line numbers, refuses duplicate keys, and leaves dates as `datetime.date`."""


def _text(loader: _Loader, node: yaml.ScalarNode) -> Text:
    text = Text(loader.construct_scalar(node))
    text.line = node.start_mark.line + 1
    return text


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Mapping:
    result = Mapping()
    result.line = node.start_mark.line + 1
    result.key_lines = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise yaml.MarkedYAMLError(problem=f"键必须是文字，这里是 {key!r}", problem_mark=key_node.start_mark)
        if key in result:
            raise yaml.MarkedYAMLError(problem=f"键“{key}”重复出现", problem_mark=key_node.start_mark)
        result[key] = loader.construct_object(value_node, deep=True)
        result.key_lines[key] = line
    return result


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_SCALAR_TAG, _text)
# Only true and false are truth values, as in YAML 1.2: `on: 2026-01-31` is a key that people write.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN or first in "tTfF"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Any:
    """The content of one YAML file, mappings as `Mapping`.

    Raises `KnowledgeError` with file and line where the file is missing, is not UTF-8, or is not valid YAML.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader subclass
    except FileNotFoundError as error:
        raise KnowledgeError([Problem(path, 0, "没有这个文件")]) from error
    except OSError as error:
        raise KnowledgeError([Problem(path, 0, f"文件读不出来（{error.strerror}）")]) from error
    except UnicodeDecodeError as error:
        raise KnowledgeError([Problem(path, 0, "文件不是 UTF-8 编码")]) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise KnowledgeError([Problem(path, line, f"YAML 格式不对：{error.problem}")]) from error
    except yaml.YAMLError as error:
        raise KnowledgeError([Problem(path, 0, "文件里有 YAML 不允许的字符")]) from error
