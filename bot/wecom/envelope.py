"""What WeCom delivers to the callback of a self-built app, opened: nothing counts that is not signed, recent and for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.wechat.crypto import MessageCipher
from bot.wechat.errors import CallbackRefused
from bot.wechat.signed import require_signed
from bot.wechat.xml import read_message


@dataclass(frozen=True, slots=True)
class AppEnvelope:
    """Opens the deliveries of one app.

    Args:
        cipher: the app's cipher; its receiver is the corporation's id.
        token: the app's callback token.
        agent: the app's id.
    """

    cipher: MessageCipher
    token: str = field(repr=False)
    agent: int

    def echo(self, query: Mapping[str, str], now: float) -> bytes:
        """What the platform wants to have back when it checks the address. Raises `CallbackRefused`."""
        return opened(self.cipher, self.token, query, query.get("echostr", ""), now)

    def message(self, query: Mapping[str, str], body: bytes, now: float) -> dict[str, str]:
        """The elements of a message from a member of the corporation to this app. Raises `CallbackRefused`.

        Whether the message came before is not known here.

        Args:
            query: of the request: `msg_signature`, `timestamp`, `nonce`.
            body: of the request, as it came.
            now: seconds since the epoch.
        """
        encrypted = read_message(body).get("Encrypt", "")
        message = read_message(opened(self.cipher, self.token, query, encrypted, now))
        if message.get("ToUserName") != self.cipher.receiver:
            raise CallbackRefused("for another corporation")
        if message.get("AgentID") != str(self.agent):
            raise CallbackRefused("for another app")
        if not message.get("FromUserName"):
            raise CallbackRefused("from nobody")
        return message


def opened(cipher: MessageCipher, token: str, query: Mapping[str, str], encrypted: str, now: float) -> bytes:
    """What was encrypted, where it is signed with the token and sent just now. Raises `CallbackRefused`."""
    require_signed(query, "msg_signature", token, encrypted, now=now)
    return cipher.decrypt(encrypted)
