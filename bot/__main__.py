"""Command line of the assistant: `python -m bot COMMAND`.

Exit codes: 0 success, 1 failed check, 2 bad usage or input. Results go to stdout, everything else to stderr.
"""

import argparse
import importlib
import os
import sys

from bot.usage import ChineseParser

# name -> (module under bot.commands, one Chinese line of help). Modules are imported only when they are asked for,
# so that commands that need no understanding start without Rasa.
COMMANDS: dict[str, tuple[str, str]] = {
    "serve": ("serve", "启动助手（网关、Rasa、动作服务），按 Ctrl-C 停止"),
    "train": ("train", "检查规则库、生成词典并训练模型（没有变化时不重训）"),
    "chat": ("chat", "在终端里对话"),
    "parse": ("parse", "只做理解：读 JSONL，写 JSONL"),
    "dialogue": ("dialogue", "不开端口，完整地走一遍对话：读 JSONL，写 JSONL"),
    "answer": ("answer", "直接查规则库（不经过理解）"),
    "check": ("check", "判断一个号码现在能不能办某项业务"),
    "check-batch": ("check_batch", "判断一个客户的全部号码，或者账户里的全部号码"),
    "accounts": ("accounts", "导入账户数据和服务密码"),
    "staff": ("staff", "员工工作台的账号"),
    "wechat": ("wechat", "公众号的菜单"),
    "audit": ("audit", "核对或查看审计记录（谁看过哪个号码）"),
    "search-index": ("search_index", "重建对话检索的索引"),
    "knowledge": ("knowledge", "检查或查看规则库"),
    "evaluate": ("evaluate", "用标注好的问题评测理解的准确度"),
}


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    arguments = sys.argv[1:] if argv is None else argv
    parser = ChineseParser(prog="python -m bot", description="电信业务规则助手")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=ChineseParser)
    asked = next((word for word in arguments if word in COMMANDS), None)
    for name, (module_name, help_text) in COMMANDS.items():
        command = commands.add_parser(name, help=help_text, description=help_text)
        if name == asked:
            importlib.import_module(f"bot.commands.{module_name}").add_arguments(command)
    try:
        args = parser.parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or 0)
    return run(args)


def run(args: argparse.Namespace) -> int:
    """Runs the chosen command; expected errors become one Chinese line, never a traceback."""
    from actions.accounts.errors import AccountsError
    from actions.audit.errors import AuditError
    from actions.settings import SettingsError
    from bot.errors import UsageError
    from knowledge.yaml_source import KnowledgeError

    module = importlib.import_module(f"bot.commands.{COMMANDS[args.command][0]}")
    try:
        return int(module.run(args))
    except (UsageError, SettingsError, KnowledgeError, AccountsError, AuditError) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0


if __name__ == "__main__":
    sys.exit(main())
