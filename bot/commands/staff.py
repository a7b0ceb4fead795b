"""`staff`: the local accounts of the staff console."""

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from actions.settings import STAFF_ROLES, settings
from bot.errors import UsageError

if TYPE_CHECKING:
    from bot.identity.staff.accounts import StaffAccounts

_ROLES = {"clerk": "坐席", "supervisor": "主管", "rule_owner": "规则负责人"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="新建账号：读入密码（终端里输入，或者标准输入的第一行），显示动态码的二维码")
    add.add_argument("name", metavar="NAME", help="用户名")
    add.add_argument(
        "--role", required=True, choices=STAFF_ROLES, help="岗位：clerk 坐席、supervisor 主管、rule_owner 规则负责人"
    )
    actions.add_parser("list", help="列出账号")
    disable = actions.add_parser("disable", help="停用账号，并让它在所有地方退出登录")
    disable.add_argument("name", metavar="NAME", help="用户名")
    reset = actions.add_parser("reset", help="换密码和动态码，重新启用，并在所有地方退出登录")
    reset.add_argument("name", metavar="NAME", help="用户名")


def run(args: argparse.Namespace) -> int:
    """Runs one action; what is wrong is one Chinese line."""
    accounts = _accounts()
    if args.action == "list":
        for account in accounts.list():
            notes = "".join(note for note, on in (("，已停用", account.disabled), ("，演示账号", account.demo)) if on)
            print(f"{account.name}  {_ROLES[account.role]}（{account.role}）{notes}")
    elif args.action == "disable":
        accounts.disable(args.name)
        print(f"账号“{args.name}”已停用。", file=sys.stderr)
    elif args.action == "add":
        _show(args.name, accounts.add(args.name, args.role, _password()))
    else:
        _show(args.name, accounts.reset(args.name, _password()))
    return 0


def _accounts() -> "StaffAccounts":
    import time

    from bot.databases import require_database
    from bot.identity.database import open_database
    from bot.identity.passwords import Passwords
    from bot.identity.staff.accounts import StaffAccounts

    require_database("SESSIONS_URL", settings().sessions_url)
    engine = open_database(settings().sessions_url)
    return StaffAccounts(engine, Passwords(), time.time, demo=settings().demo)


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("密码：")
    if getpass.getpass("再输入一次：") != password:
        raise UsageError("两次输入的密码不一样。")
    return password


def _show(name: str, secret: str) -> None:
    import segno

    from bot.identity.staff.accounts import totp_address

    segno.make(totp_address(name, secret)).terminal(out=sys.stdout, compact=True)
    print(f"请用手机上的动态码应用扫描上面的二维码，或者手工输入密钥：{secret}")
    print("它只显示这一次。")
