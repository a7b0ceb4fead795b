"""`knowledge new-operation`: begins the rule file of a new operation, and its test cases."""

import argparse
from collections.abc import Mapping
from pathlib import Path

from actions.settings import settings, today
from bot.errors import UsageError
from knowledge.loader import load_rules
from knowledge.scaffold import files, is_identifier, refusal

_NEXT = """\
接下来：
1. 照规则原文写完标着“待补”的地方，再运行 python -m bot knowledge lint，还差哪里会逐条列出。
2. 把人们平常的叫法写进 aliases。
3. 在用例文件里写几条用例：什么问题应当怎样答复。
4. 训练句写在 {utterances}：用真实用户会说的话，每个方面一组
   （intent 写 ask_documents、ask_fee 等，metadata 写 operation: {identifier}），不要套模板。
5. 运行 python -m bot train 重新训练。"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the options."""
    parser.description = "新建一项业务：写好骨架和用例文件，待写的地方都标出来"
    parser.add_argument("name", metavar="NAME", help="业务的中文名（配合 --id），或者编号（配合 --name）")
    parser.add_argument("--id", metavar="ID", help="编号：小写英文字母、数字和下划线，例如 replace_sim")
    parser.add_argument("--name", dest="chinese", metavar="名称", help="NAME 写了编号时，业务的中文名")
    parser.add_argument("--section", required=True, metavar="节", help="它在规则文件里的节号，例如 十二")


def run(args: argparse.Namespace) -> int:
    """Writes the files and says what is to be done next."""
    identifier, name = _names(args.name, args.id, args.chinese)
    rules = load_rules(settings().rules)
    if reason := refusal(rules, identifier, name, args.section):
        raise UsageError(reason)
    new = files(rules, identifier, name, args.section, today())
    _write(new)
    print(f"已新建“{name}”：", *(f"  {path}" for path in new), sep="\n")
    utterances = settings().pack / "data" / "nlu" / "operations" / f"{identifier}.yml"
    print(_NEXT.format(utterances=utterances, identifier=identifier))
    return 0


def _names(given: str, identifier: str | None, name: str | None) -> tuple[str, str]:
    """(id, Chinese name), of which one was given as NAME and the other as an option."""
    if identifier and name:
        raise UsageError("NAME 已经是名称或编号之一，--id 和 --name 只能再写一个。")
    if name:
        return given, name
    if identifier:
        return identifier, given
    missing = "--name 写上中文名" if is_identifier(given) else "--id 写上编号，例如 --id replace_sim"
    raise UsageError(f"请再用 {missing}。")


def _write(new: Mapping[Path, str]) -> None:
    """Writes all of the files or, where one cannot be written or is there already, none of them."""
    written: list[Path] = []
    try:
        for path, text in new.items():
            with path.open("x", encoding="utf-8") as file:
                written.append(path)
                file.write(text)
    except BaseException as error:
        for half in written:
            half.unlink()
        if isinstance(error, OSError):
            reason = "已经有这个文件" if isinstance(error, FileExistsError) else error.strerror
            raise UsageError(f"写不进 {path}：{reason}。") from error
        raise
