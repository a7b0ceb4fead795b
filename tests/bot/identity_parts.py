"""What tests put identity parts together from: weak hashes, a clock, holders in a dictionary, keys made for the test."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from argon2 import PasswordHasher

from actions.settings import IdentitySettings, settings
from bot.gateway.limits import Limiter
from bot.identity.keys import Keys
from bot.identity.parts import IdentityParts, build_identity
from bot.identity.passwords import Passwords
from bot.identity.sessions import SessionStore
from tests.bot.gateway.fakes import ALLOWED, ARREARS, DEMO_ACCOUNTS

KEYS = Keys(b"a secret for tests, of some length")
PASSWORDS = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
HOLDERS = {ALLOWED: "G1001", ARREARS: "G1001"}


def identity_parts(
    sessions: SessionStore,
    folder: Path,
    clock: Callable[[], float],
    *,
    demo: bool = True,
    holders: Mapping[str, str] = HOLDERS,
    allowed_origin: Callable[[str], bool] = lambda _: False,
    count: Callable[[str, str], None] = lambda _event, _outcome: None,
    limiter: Limiter | None = None,
    **identity: object,
) -> IdentityParts:
    """All of it, OIDC included (nobody answers there unless the test says where)."""
    defaults = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": "bot", "oidc_redirect": "http://127.0.0.1/back"}
    ours = settings()
    chosen: IdentitySettings = replace(ours.identity, **{**defaults, **identity})
    return build_identity(
        replace(ours, var=folder, identity=chosen),
        sessions,
        demo_accounts=DEMO_ACCOUNTS if demo else None,
        holders=holders.get,
        allowed_origin=allowed_origin,
        clock=clock,
        keys=KEYS,
        passwords=PASSWORDS,
        count=count,
        limiter=limiter,
    )
