"""The app for staff with its gateway in front of an assistant that obeys, and WeCom's side of it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from actions.settings import WecomSettings
from bot.conversations.service import Conversations
from bot.gateway.app import Parts, create_app
from bot.identity.sessions import SessionStore
from bot.wecom.parts import StaffApp
from bot.wecom.staff import StaffFile
from tests.bot.conversations.parts import make_room
from tests.bot.gateway.fakes import FakeAssistant
from tests.bot.wechat.account import KEYS
from tests.wechat.platform import serving
from tests.wecom.platform import SelfBuiltApp
from tests.wecom.robot import GroupRobot

ZHANG, LI, NOBODY = "zhang", "li", "visitor"
STAFF = "Zhang: {name: 张三, role: clerk}\nli: {name: 李四, role: supervisor}\n"


@dataclass
class World:
    """WeCom, the gateway, and what it answers with."""

    platform: SelfBuiltApp
    room: Conversations
    assistant: FakeAssistant
    file: Path
    robot: GroupRobot = field(default_factory=lambda: GroupRobot("", answer_seconds=60.0))
    disabled: set[str] = field(default_factory=set)

    def shown(self, userid: str) -> list[str]:
        return [one.text for one in self.platform.shown.get(userid, [])]

    async def until_shown(self, userid: str, count: int) -> list[str]:
        async with asyncio.timeout(20):
            while len(self.shown(userid)) < count:
                await asyncio.sleep(0.05)
        return self.shown(userid)


def settings_for(app: SelfBuiltApp, robot: GroupRobot, servers: str, staff: Path) -> WecomSettings:
    """The settings of a gateway that this app and this robot deliver to."""
    return WecomSettings(
        corp_id=app.corp_id,
        agent_id=app.agent_id,
        secret=app.secret,
        token=app.token,
        aes_key=app.key,
        api=servers,
        staff=staff,
        robot_token=robot.token,
        robot_aes_key=robot.key,
    )


@asynccontextmanager
async def world(
    url: str,
    sessions: str,
    folder: Path,
    *,
    assistant: FakeAssistant | None = None,
    passive_seconds: float = 30.0,
    clock: Callable[[], float] | None = None,
) -> AsyncIterator[World]:
    """A gateway on this database, running; it and WeCom have more patience than in life, for busy machines."""
    platform = SelfBuiltApp("", {ZHANG, LI, NOBODY}, answer_seconds=60.0)
    assistant = assistant or FakeAssistant()
    room = make_room(url, assistant, attempt=30.0)
    place = World(platform, room, assistant, folder / "staff.yml")
    place.file.write_text(STAFF, encoding="utf-8")
    more: dict[str, Any] = {"clock": clock} if clock else {}
    async with serving(platform.app()) as servers:
        settings = settings_for(platform, place.robot, servers, place.file)

        def ours(conversations: Conversations) -> list[StaffApp]:
            staff = StaffFile(settings.staff, place.disabled.__contains__)
            bounds: dict[str, Any] = {"idle_seconds": 1800, "public_url": None, "passive_seconds": passive_seconds}
            return [StaffApp(settings, conversations, KEYS, staff, **bounds, **more)]

        parts = Parts(
            assistant=assistant,
            sessions=SessionStore(sessions, idle_seconds=1800, demo=True),
            reply_timeout_seconds=2.0,
            conversations=room,
            messengers=ours,
        )
        async with serving(create_app(parts)) as gateway:
            platform.callback = f"{gateway}/wecom/callback"
            place.robot.callback = f"{gateway}/wecom/robot"
            yield place
