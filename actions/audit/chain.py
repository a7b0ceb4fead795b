"""The arithmetic of the trail: what seals a record, the head of the chain, and a telephone number.

Everything is keyed (HMAC-SHA256, each purpose with a key of its own derived from the one secret): whoever can write to
the database but has no key can neither make a record nor recompute the chain after a change.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Final

# What the first record follows.
GENESIS: Final = "0" * 64

Content = Mapping[str, str | int | None]
"""The columns of a record that say what happened; its place in the chain is not among them."""


class Chain:
    """Seals of one trail.

    Args:
        key: the secret.
    """

    def __init__(self, key: bytes) -> None:
        self._record, self._head, self._number = (
            hmac.digest(key, purpose, "sha256") for purpose in (b"audit record", b"audit head", b"audit number")
        )

    def record(self, content: Content, previous: str) -> str:
        """The hash of a record, 64 hexadecimal digits: it covers the content and the hash of the record before it.

        The sequence number is left out: the place of a record is what `previous` says, so that a record that somebody
        has renumbered still tells where it came from. A column without a value counts for nothing, so that a later
        version of the tables may have more columns.
        """
        stated = {name: value for name, value in sorted(content.items()) if value is not None}
        text = json.dumps([previous, stated], ensure_ascii=False, separators=(",", ":"), default=repr)
        return _hex(self._record, text)

    def head(self, sequence: int, last: str) -> str:
        """The seal of the head of the chain: that it had so many records, and the hash of the last one."""
        return "" if sequence == 0 else _hex(self._head, f"{sequence}:{last}")

    def number(self, number: str) -> str:
        """What stands for a telephone number, the same for the same number: who may ask for it can find it again."""
        return _hex(self._number, number)


def _hex(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), "sha256").hexdigest()
