"""What goes back to the platforms from a callback."""

import logging
import secrets

from bot.gateway.errors import GatewayError
from bot.wechat.crypto import MessageCipher, signature
from bot.wechat.errors import CallbackRefused
from bot.wechat.xml import write_message

logger = logging.getLogger("bot.wechat")


def text_reply(to: str, sender: str, now: float, text: str) -> str:
    """A text message as the reply to a delivery, in clear; `now`: seconds since the epoch."""
    return write_message(
        {"ToUserName": to, "FromUserName": sender, "CreateTime": int(now), "MsgType": "text", "Content": text}
    )


def sealed_reply(cipher: MessageCipher, token: str, now: float, reply: str) -> str:
    """A reply encrypted and signed, as the platforms take it in XML."""
    encrypted = cipher.encrypt(reply.encode())
    stamp, nonce = str(int(now)), secrets.token_hex(8)
    return write_message(
        {
            "Encrypt": encrypted,
            "MsgSignature": signature(token, stamp, nonce, encrypted),
            "TimeStamp": int(stamp),
            "Nonce": nonce,
        }
    )


def refusal(error: CallbackRefused) -> GatewayError:
    """What the sender of a request that does not count is answered: a status, and no word about why."""
    logger.warning("a callback was refused: %s", error)
    return GatewayError(403, "callback_refused", "不接受这个请求。")
