"""What became of a text that was sent, as the outbox knows it."""

from collections.abc import Awaitable, Collection

from bot.messaging.outbox import Hold, Later, Refused, Unconfirmed
from bot.wechat.api import ApiError, PlatformUnavailableError


async def outcome(call: Awaitable[None], *, passing: Collection[int], holding: Collection[int] = ()) -> None:
    """Waits for a call to the platform, and raises one of the outcomes of `Sender` where it did not succeed.

    Args:
        call: the call.
        passing: codes after which the same text may be sent later.
        holding: codes after which nothing can be sent until the person writes again.
    """
    try:
        await call
    except ApiError as error:
        kind = Hold if error.code in holding else Later if error.code in passing else Refused
        raise kind(str(error.code)) from error
    except PlatformUnavailableError as error:
        raise (Unconfirmed if error.may_have_arrived else Later)("no answer") from error
