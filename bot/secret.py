"""The secret that the gateway and the Rasa channel share."""

from actions.secret import kept_secret
from actions.settings import settings


def channel_secret() -> bytes:
    """The configured secret, else one that is made once and kept in a file that only this user can read.

    Raises `SettingsError` for a secret that is too short to protect anything.
    """
    return kept_secret(settings().channel_secret, "BOT_CHANNEL_SECRET", settings().var / "channel.secret", "通道密钥")
