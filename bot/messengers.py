"""The messaging platforms that the settings name."""

from functools import partial

from actions.settings import Settings
from bot.conversations.service import Conversations
from bot.gateway.app import Messenger
from bot.identity.database import open_database
from bot.identity.keys import identity_keys
from bot.identity.staff.accounts import is_disabled
from bot.identity.verification import Verification
from bot.wechat.parts import OfficialAccount
from bot.wecom.parts import StaffApp
from bot.wecom.staff import StaffFile


def build_messengers(settings: Settings, verification: Verification, conversations: Conversations) -> list[Messenger]:
    """Those that are set up; none on a machine where nothing is configured."""
    found: list[Messenger] = []
    if settings.wechat is not None:
        found.append(
            OfficialAccount(
                settings.wechat,
                conversations,
                identity_keys(),
                idle_seconds=settings.session_idle_seconds,
                public_url=settings.door.public_url,
                verification=verification,
            )
        )
    if settings.wecom is not None:
        accounts = open_database(settings.sessions_url)
        staff = StaffFile(settings.wecom.staff, partial(is_disabled, accounts))
        staff.check()
        found.append(
            StaffApp(
                settings.wecom,
                conversations,
                identity_keys(),
                staff,
                idle_seconds=settings.session_idle_seconds,
                public_url=settings.door.public_url,
            )
        )
    return found
