"""`chat`: a conversation in the terminal."""

import argparse
import asyncio
import sys
import uuid
from typing import TYPE_CHECKING, Any

from actions.identity import Identity
from bot.commands.loading import load_assistant
from bot.errors import UsageError
from bot.rendering.terminal import staff_appendix

if TYPE_CHECKING:
    from bot.embedded import Embedded


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who is talking: nobody known (default), a demo customer, or staff."""
    who = parser.add_mutually_exclusive_group()
    who.add_argument("--number", metavar="N", help="以这个演示号码的客户身份对话（仅演示环境）")
    who.add_argument("--staff", action="store_true", help="以员工身份对话（仅演示环境）")


def run(args: argparse.Namespace) -> int:
    """Talks until the end of input or 「退出」."""
    from actions.rule_base import rules
    from actions.settings import settings

    if (args.number or args.staff) and not settings().demo:
        raise UsageError("不是演示环境，终端里不能选择身份。")
    identity = _identity(args)
    assistant = load_assistant()
    question = rules().pack.examples.question
    print(f"可以开始问了，例如“{question}”。输入“退出”或按 Ctrl-D 结束。", file=sys.stderr)
    asyncio.run(_talk(assistant, identity))
    return 0


def _identity(args: argparse.Namespace) -> Identity | None:
    if args.staff:
        return Identity(role="staff", name="演示员工")
    if args.number:
        return Identity(role="customer", numbers=(args.number,))
    return None


async def _talk(assistant: "Embedded", identity: Identity | None) -> None:
    conversation = uuid.uuid4().hex
    while True:
        try:
            text = (await asyncio.to_thread(input, "您：")).strip()
        except EOFError:
            return
        if text in ("退出", "exit", "quit"):
            return
        if not text:
            continue
        for reply in await assistant.reply(conversation, text, identity):
            print(f"\n{reply['text']}\n")
            if identity and identity.role == "staff" and (appendix := _appendix(reply)):
                print(f"{appendix}\n")


def _appendix(reply: dict[str, Any]) -> str:
    cited = [place for block in reply["blocks"] if block["type"] == "citations" for place in block["items"]]
    return staff_appendix(cited, reply["rules_version"] if cited else None)
