"""The whole system as a user starts it, with an Official Account of the simulated platform."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests import system
from tests.wechat.platform import OfficialAccount, serving
from tests.wecom.platform import SelfBuiltApp


@asynccontextmanager
async def whole_system(
    platform: OfficialAccount, var: Path, staff_app: SelfBuiltApp | None = None, staff: str = ""
) -> AsyncIterator[system.RunningSystem]:
    """Starts it with its files in this folder, and has the platform deliver to it.

    Args:
        platform: the Official Account.
        var: the folder.
        staff_app: an app of WeCom for staff as well.
        staff: what stands in its file of staff.
    """
    async with AsyncExitStack() as stack:
        servers = await stack.enter_async_context(serving(platform.app()))
        environment = {
            "WECHAT_APP_ID": platform.app_id,
            "WECHAT_APP_SECRET": platform.secret,
            "WECHAT_TOKEN": platform.token,
            "WECHAT_AES_KEY": platform.key,
            "WECHAT_MODE": platform.mode,
            "WECHAT_API_BASE": servers,
            "BOT_RASA_WORKERS": "1",
        }
        if staff_app is not None:
            (var / "staff.yml").write_text(staff, encoding="utf-8")
            environment |= {
                "WECOM_CORP_ID": staff_app.corp_id,
                "WECOM_AGENT_ID": str(staff_app.agent_id),
                "WECOM_SECRET": staff_app.secret,
                "WECOM_TOKEN": staff_app.token,
                "WECOM_AES_KEY": staff_app.key,
                "WECOM_API_BASE": await stack.enter_async_context(serving(staff_app.app())),
                "WECOM_STAFF_FILE": str(var / "staff.yml"),
            }
        starting = system.serving(var, **environment)
        running = await asyncio.to_thread(starting.__enter__)
        try:
            platform.callback = f"{running.url}/wechat/callback"
            if staff_app is not None:
                staff_app.callback = f"{running.url}/wecom/callback"
            yield running
        finally:
            await asyncio.to_thread(starting.__exit__, None, None, None)
