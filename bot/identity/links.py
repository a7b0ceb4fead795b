"""One-time links to the verification page, and what a verification hands back to the chat that made the link.

A link signs nobody in: whoever opens it proves a number to the page, and the proof counts only in the conversation that
made the link, brought there by the page that opened it or typed by the person. A link somebody else sent is of no use
to the sender.
"""

import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, delete, exists, select, update

from actions.identity import Identity, from_metadata
from actions.privacy.sealing import seal, unseal
from bot.identity.keys import Keys, new_token, token_hash
from bot.identity.models import verification_grant, verification_link

LINK_SECONDS: Final = 300
GRANT_SECONDS: Final = 120
_MAX_TRIES: Final = 5
_REMEMBERED_SECONDS: Final = 900
_NOT_IN_A_CODE: Final = re.compile(r"[\s\-]+")


@dataclass(frozen=True, slots=True)
class Link:
    """A link that can still be used; `key` is what stands for it, `origin` that of the page with the chat, if it is in one."""

    key: str
    conversation: str
    origin: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What the chat shows to be signed in: `grant` sent by the page, or `code` (eight digits) typed by the person."""

    grant: str
    code: str


class Links:
    """All links and grants.

    Args:
        engine: the identity database.
        keys: what codes are hashed with.
        clock: seconds since the epoch.
    """

    def __init__(self, engine: Engine, keys: Keys, clock: Callable[[], float]) -> None:
        self._engine = engine
        self._keys = keys
        self._clock = clock

    def open(self, conversation: str, origin: str) -> str:
        """The token of a new link for this conversation."""
        token = new_token()
        with self._engine.begin() as database:
            database.execute(
                verification_link.insert().values(
                    token_hash=token_hash(token),
                    conversation=conversation,
                    origin=origin,
                    expires_at=int(self._clock()) + LINK_SECONDS,
                    tries=0,
                )
            )
        return token

    def find(self, token: str) -> Link | None:
        """The link, if it can still be used. Looking uses nothing up: programs that preview links look as well."""
        row = verification_link.c
        with self._engine.begin() as database:
            found = database.execute(
                select(row.token_hash, row.conversation, row.origin).where(
                    row.token_hash == token_hash(token),
                    row.used_at.is_(None),
                    row.expires_at > int(self._clock()),
                    row.tries < _MAX_TRIES,
                )
            ).one_or_none()
        return None if found is None else Link(found.token_hash, found.conversation, found.origin)

    def begin_try(self, link: Link) -> bool:
        """Counts a try before it is judged; False when there have been too many."""
        row = verification_link.c
        with self._engine.begin() as database:
            counted = database.execute(
                update(verification_link)
                .where(row.token_hash == link.key, row.used_at.is_(None), row.tries < _MAX_TRIES)
                .values(tries=row.tries + 1)
            )
            return counted.rowcount == 1

    def finish(self, link: Link, identity: Identity) -> Grant | None:
        """Uses the link up; None where it has been used meanwhile."""
        grant, code = new_token(), f"{secrets.randbelow(100_000_000):08d}"
        now, links, grants = int(self._clock()), verification_link.c, verification_grant.c
        with self._engine.begin() as database:
            used = database.execute(
                update(verification_link)
                .where(links.token_hash == link.key, links.used_at.is_(None), links.expires_at > now)
                .values(used_at=now)
            )
            if used.rowcount != 1:
                return None
            # One at a time: guesses are counted for the conversation.
            database.execute(delete(verification_grant).where(grants.conversation == link.conversation))
            database.execute(
                verification_grant.insert().values(
                    grant_hash=token_hash(grant),
                    conversation=link.conversation,
                    code_hash=self._code(link.conversation, code),
                    identity=seal(identity.to_metadata(), _context(link.conversation)),
                    expires_at=now + GRANT_SECONDS,
                    tries=0,
                )
            )
        return Grant(grant, code)

    def redeem(self, conversation: str, text: str) -> Identity | None:
        """The identity that a grant or a typed code stands for in this conversation; it is used up, or None."""
        text = _NOT_IN_A_CODE.sub("", unicodedata.normalize("NFKC", text)) if len(text) <= 20 else text
        row = verification_grant.c
        with self._engine.begin() as database:
            counted = database.execute(
                update(verification_grant)
                .where(row.conversation == conversation, row.expires_at > int(self._clock()), row.tries < _MAX_TRIES)
                .values(tries=row.tries + 1)
            ).rowcount
            if not counted:
                return None
            found = database.execute(select(verification_grant).where(row.conversation == conversation)).one()
            right = hmac.compare_digest(found.grant_hash, token_hash(text)) | hmac.compare_digest(
                found.code_hash, self._code(conversation, text)
            )
            if not right:
                return None
            taken = database.execute(delete(verification_grant).where(row.grant_hash == found.grant_hash))
            if taken.rowcount != 1:
                return None
        try:
            return from_metadata(unseal(found.identity, _context(conversation)))
        except ValueError:
            return None

    def asked_for(self, conversation: str) -> bool:
        """Whether a conversation has had a link lately: what looks like a code in it is one, if a late one."""
        row = verification_link.c
        lately = (row.conversation == conversation) & (row.expires_at > int(self._clock()) - _REMEMBERED_SECONDS)
        with self._engine.connect() as database:
            return bool(database.execute(select(exists().where(lately))).scalar())

    def purge(self) -> None:
        """Removes what has expired."""
        now = int(self._clock())
        with self._engine.begin() as database:
            for table, kept in ((verification_link, _REMEMBERED_SECONDS), (verification_grant, 0)):
                database.execute(delete(table).where(table.c.expires_at < now - kept))

    def _code(self, conversation: str, code: str) -> str:
        return self._keys.digest("confirmation code", conversation, code)


def _context(conversation: str) -> str:
    return f"grant {conversation}"
