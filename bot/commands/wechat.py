"""`wechat`: the Official Account's menu."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from actions.settings import SettingsError, WechatSettings, settings
from bot.errors import UsageError
from bot.wechat.menu import DEFAULT, Menu, MenuError, read_menu

if TYPE_CHECKING:
    from bot.wechat.api import ApiError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declares what can be done with the menu."""
    things = parser.add_subparsers(dest="thing", metavar="THING", required=True)
    actions = things.add_parser("menu", help="公众号的菜单").add_subparsers(
        dest="action", metavar="ACTION", required=True
    )
    for action, help_text in (("check", "检查菜单文件"), ("show", "写出要交给微信的菜单（JSON）")):
        command = actions.add_parser(action, help=help_text)
        command.add_argument("--file", type=Path, metavar="FILE", help="另一个菜单文件，默认是网关所用的")
    # The gateway answers what is clicked: what the platform shows must be what it reads.
    actions.add_parser("apply", help="用网关所用的菜单替换公众号现在的菜单").set_defaults(file=None)


def run(args: argparse.Namespace) -> int:
    """Runs one action; what is wrong is one Chinese sentence."""
    account = settings().wechat
    try:
        menu = read_menu(args.file or (account and account.menu) or DEFAULT)
    except MenuError as error:
        if args.action != "check":
            raise
        print(error, file=sys.stderr)
        return 1
    entries = sum(len(button.entries) for button in menu.buttons)
    if args.action == "check":
        print(f"菜单没有问题：{len(menu.buttons)} 个按钮，{entries} 项。")
    elif args.action == "show":
        print(json.dumps(menu.to_platform(), ensure_ascii=False, indent=2))
    elif account is None:
        raise SettingsError("还没有设置公众号：请先设置环境变量 WECHAT_APP_ID 等，见 docs/wechat.md。")
    else:
        asyncio.run(_apply(menu, account))
        print(f"公众号的菜单已经换好，共 {entries} 项；手机上最多 24 小时后看到，重新关注可以马上看到。")
    return 0


async def _apply(menu: Menu, account: WechatSettings) -> None:
    import aiohttp

    from bot.databases import require_database
    from bot.messaging.migrations import upgrade
    from bot.storage import open_storage
    from bot.wechat.api import ApiError, PlatformUnavailableError
    from bot.wechat.parts import account_api

    require_database("CONVERSATIONS_URL", settings().conversations_url)
    # The access token is the gateways': asking for another one would end theirs.
    engine = open_storage(settings().conversations_url)
    try:
        upgrade(engine)
        async with aiohttp.ClientSession() as http:
            await account_api(account, http, engine).create_menu(menu.to_platform())
    except ApiError as error:
        raise UsageError(_sentence(error)) from error
    except PlatformUnavailableError as error:
        unsure = "菜单可能换了，也可能没有，请再运行一次" if error.may_have_arrived else "菜单没有换"
        raise UsageError(f"微信的服务器（{account.api}）没有答复，{unsure}。") from error
    finally:
        engine.dispose()


def _sentence(error: "ApiError") -> str:
    from bot.wechat.wording import api_errors

    reason = api_errors().get(str(error.code), "原因请按这个错误码在微信公众平台的文档里查")
    return f"微信没有接受这个菜单（错误码 {error.code}）：{reason}。"
