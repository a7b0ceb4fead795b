"""argparse with Chinese complaints: one line that says what is wrong and where."""

import argparse
import re
from typing import Final, NoReturn

# argparse's own sentences, and ours. What none of them matches is shown as it is.
_SENTENCES: Final = (
    (r"the following arguments are required: (?P<name>.+)", "缺少参数 {name}"),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
        "参数 {name} 的值 {value} 不对，可以是 {choices}",
    ),
    (r"argument (?P<name>.+?): invalid \S+ value: (?P<value>.+)", "参数 {name} 的值 {value} 不对"),
    (r"argument (?P<name>.+?): expected .+", "参数 {name} 后面要跟一个值"),
    (r"argument (?P<name>.+?): not allowed with argument (?P<other>.+)", "参数 {name} 和 {other} 不能同时用"),
    (r"argument (?P<name>.+?): (?P<value>.+)", "参数 {name}：{value}"),
    (r"one of the arguments (?P<name>.+) is required", "参数 {name} 要选一个"),
    (r"unrecognized arguments: (?P<name>.+)", "不认识的参数 {name}"),
    (r"ambiguous option: (?P<name>\S+) could match (?P<choices>.+)", "参数 {name} 不明确，可能是 {choices}"),
)


def in_chinese(message: str) -> str:
    """One of argparse's complaints in Chinese."""
    for pattern, sentence in _SENTENCES:
        if match := re.fullmatch(pattern, message):
            return sentence.format(**match.groupdict())
    return message


class ChineseParser(argparse.ArgumentParser):
    """An argument parser whose complaints are one Chinese line."""

    def error(self, message: str) -> NoReturn:
        """Exits with 2 after one line on stderr."""
        self.exit(2, f"命令用法不对：{in_chinese(message)}。请用 {self.prog} --help 查看用法。\n")
