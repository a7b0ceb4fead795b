"""The three callbacks that faults are tried on: the Official Account, the app for staff, and the robot in a group."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from aiohttp import web

from bot.conversations.service import Conversations
from bot.gateway.app import Messenger
from bot.identity.keys import Keys
from bot.wechat.parts import OfficialAccount as OurAccount
from bot.wecom.parts import StaffApp
from bot.wecom.staff import StaffFile
from tests.bot.wechat import account
from tests.bot.wecom import staff_app
from tests.wechat.platform import Delivering, OfficialAccount
from tests.wecom.platform import SelfBuiltApp
from tests.wecom.robot import GroupRobot

Channel = Literal["wechat", "wecom", "robot"]
CHANNELS: Final[tuple[Channel, ...]] = ("wechat", "wecom", "robot")
CALLBACKS: Final = {"wechat": "/wechat/callback", "wecom": "/wecom/callback", "robot": "/wecom/robot"}
# Where nobody listens.
NOWHERE: Final = "http://127.0.0.1:1"
_KEYS: Final = Keys(b"k" * 32)


def staff_file(folder: Path) -> Path:
    """The file of staff of a run."""
    return folder / "staff.yml"


def write_staff(file: Path, members: Sequence[str]) -> None:
    """Writes the file of staff."""
    lines = (f"{userid}: {{name: 坐席{place}, role: clerk}}\n" for place, userid in enumerate(members))
    file.write_text("".join(lines), encoding="utf-8")


def messengers(platform: Delivering, servers: str, staff: Path) -> Callable[[Conversations], list[Messenger]]:
    """What a gateway needs that this platform delivers to.

    Args:
        platform: the simulator, whose secrets are the gateway's.
        servers: the address of the platform's servers.
        staff: the file of staff, where it is WeCom.
    """
    if isinstance(platform, OfficialAccount):
        settings = account.settings_for(platform, servers)
        return lambda room: [OurAccount(settings, room, _KEYS, idle_seconds=1800.0, public_url="https://bot.example")]
    app = platform if isinstance(platform, SelfBuiltApp) else SelfBuiltApp("", set())
    robot = platform if isinstance(platform, GroupRobot) else GroupRobot("")
    wecom = staff_app.settings_for(app, robot, servers, staff)
    members = StaffFile(staff, lambda _name: False)
    return lambda room: [StaffApp(wecom, room, _KEYS, members, idle_seconds=1800.0, public_url=None)]


def servers_of(platform: Delivering) -> web.Application:
    """The platform's servers; a robot calls none."""
    return platform.app() if isinstance(platform, OfficialAccount | SelfBuiltApp) else web.Application()
