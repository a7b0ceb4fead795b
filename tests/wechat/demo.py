"""`make wechat-demo`: chat with the assistant as a follower of an Official Account, in the terminal.

Everything is as in operation (the gateway, Rasa, the actions, encrypted deliveries) except for the platform, which is the
simulator of the tests.
"""

import asyncio
import contextlib
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bot.wechat.menu import read_menu
from tests.wechat.platform import OfficialAccount, Shown
from tests.wechat.whole_system import whole_system

_OPENID: Final = "o-demo-follower"
# What may follow on a reply comes within about that time.
_LATER_SECONDS: Final = 1.5
_PATIENCE_SECONDS: Final = 30.0
_HELP: Final = """直接打字就是发消息。还可以用：
  /菜单        看公众号的菜单
  /菜单 序号   点菜单里的一项
  /图片        发一张图片
  /语音 文字   说一句话（平台识别出的文字；不写就是没有识别出来）
  /退出        结束
答复前面写着它是怎么来的：【被动回复】是随这次推送带回的，【随后消息】是之后用客服消息发来的。"""


class Terminal:
    """One follower at a terminal."""

    def __init__(self, platform: OfficialAccount) -> None:
        self._platform = platform
        self._printed = 0
        self._entries = [entry for button in read_menu().buttons for entry in button.entries]

    async def chat(self) -> None:
        """Until `/退出` or the end of the input."""
        await self._platform.subscribe(_OPENID)
        watching = asyncio.create_task(self._watch())
        try:
            while (line := await asyncio.to_thread(_read)) is not None and line != "/退出":
                if line:
                    await self._does(line)
            await asyncio.sleep(_LATER_SECONDS if line is None else 0)
            self._print_new()
        finally:
            watching.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watching

    async def _does(self, line: str) -> None:
        before = self._printed
        command, _, rest = line.partition(" ")
        rest = rest.strip()
        if command == "/菜单" and rest.isdecimal() and 0 < int(rest) <= len(self._entries):
            await self._platform.click(_OPENID, self._entries[int(rest) - 1].key)
        elif command == "/菜单":
            print("\n".join(f"  {number}. {entry.name}" for number, entry in enumerate(self._entries, 1)), flush=True)
            return
        elif command == "/图片":
            await self._platform.send(_OPENID, {"MsgType": "image", "PicUrl": "http://example.com/x", "MediaId": "m"})
        elif command == "/语音":
            await self._platform.speak(_OPENID, rest or None)
        elif command == "/帮助":
            print(_HELP, flush=True)
            return
        else:
            await self._platform.say(_OPENID, line)
        self._print_new()
        if not sys.stdin.isatty():
            # Lines from a file come as somebody types them who waits for the answer.
            await self._waited(before)

    async def _waited(self, before: int) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while self._printed == before:
                    await asyncio.sleep(0.1)
        await asyncio.sleep(_LATER_SECONDS)

    async def _watch(self) -> None:
        while True:
            self._print_new()
            await asyncio.sleep(0.1)

    def _print_new(self) -> None:
        shown = self._platform.user(_OPENID).shown
        for one in shown[self._printed :]:
            print(_told(one), flush=True)
        self._printed = len(shown)


def _told(one: Shown) -> str:
    return f"{'【被动回复】' if one.passive else '【随后消息】'}{one.text}\n"


def _read() -> str | None:
    line = sys.stdin.readline()
    if not line:
        return None
    if not sys.stdin.isatty():
        print(f"> {line.rstrip()}", flush=True)
    return line.strip()


async def _progress() -> None:
    began = time.monotonic()
    while True:
        text = f"正在启动整个系统（首次要训练模型，需要几分钟），已用 {time.monotonic() - began:.0f} 秒…"
        print(f"\r{text}" if sys.stderr.isatty() else text, end="" if sys.stderr.isatty() else "\n", file=sys.stderr)
        await asyncio.sleep(1 if sys.stderr.isatty() else 10)


async def _main() -> int:
    platform = OfficialAccount(callback="")
    with tempfile.TemporaryDirectory(prefix="wechat-demo-") as folder:
        waiting = asyncio.create_task(_progress())
        try:
            async with whole_system(platform, Path(folder)):
                waiting.cancel()
                print("\n已就绪，现在您是这个公众号的一位新粉丝。\n" + _HELP + "\n", flush=True)
                await Terminal(platform).chat()
                print("正在停止…", flush=True)
        except AssertionError as error:
            print(f"\n系统没有启动成功：\n{error}", file=sys.stderr)
            return 1
        finally:
            waiting.cancel()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(asyncio.run(_main()))
    except KeyboardInterrupt:
        print("\n已结束。")
