"""Sign-in of staff through the organization's own provider (OpenID Connect: code, PKCE, state, nonce)."""

import asyncio
import base64
import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlencode

import aiohttp
import jwt
from aiohttp import web
from sqlalchemy import Engine, delete, select

from actions.privacy.sealing import seal, unseal
from actions.settings import IdentitySettings
from bot.gateway.staff_access import StaffMember, StaffRole
from bot.identity.keys import new_token, token_hash
from bot.identity.models import oidc_request
from bot.identity.page import refusal_page
from bot.identity.staff.routes import StaffRoutes, set_cookie
from bot.identity.wording import say

logger = logging.getLogger("bot.identity")

_BROWSER_COOKIE: Final = "__Host-oidc"
_REQUEST_SECONDS: Final = 600
_DEADLINE: Final = aiohttp.ClientTimeout(total=10)
_KEYS_SECONDS: Final = 3_600
_LEEWAY_SECONDS: Final = 30
# By the kind of key: a provider's public key is never taken for a shared secret.
_ALGORITHMS: Final = {"RSA": "RS256", "EC": "ES256"}
_CONSOLE: Final = "/console/"


class OidcRefusedError(Exception):
    """The sign-in did not succeed; `sentence` names what people are told."""

    def __init__(self, reason: str, sentence: str = "oidc_refused") -> None:
        super().__init__(reason)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class _Provider:
    authorization: str
    token: str
    keys: str


class Oidc:
    """The client of one provider.

    Args:
        settings: the provider, our name and secret there, and which claim gives which role.
        engine: the identity database; sign-ins under way are kept there, so that any gateway may finish them.
        clock: seconds since the epoch.
    """

    def __init__(self, settings: IdentitySettings, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._engine = engine
        self._clock = clock
        self._provider: _Provider | None = None
        self._keys: dict[str, jwt.PyJWK] = {}
        self._keys_read_at = 0.0

    async def start(self) -> tuple[str, str]:
        """Where to send the browser, and the token that binds the sign-in to it. Raises `OidcRefusedError`."""
        provider = await self._discovered()
        state, browser, nonce, verifier = (new_token() for _ in range(4))
        with self._engine.begin() as database:
            database.execute(
                oidc_request.insert().values(
                    state_hash=token_hash(state),
                    browser_hash=token_hash(browser),
                    secrets=seal([nonce, verifier], f"oidc {token_hash(state)}"),
                    expires_at=int(self._clock()) + _REQUEST_SECONDS,
                )
            )
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": self._settings.oidc_redirect or "",
            "scope": "openid profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        sign = "&" if "?" in provider.authorization else "?"
        return f"{provider.authorization}{sign}{urlencode(query)}", browser

    async def finish(self, query: Mapping[str, str], browser: str | None) -> StaffMember:
        """Who came back from the provider. Raises `OidcRefusedError`."""
        nonce, verifier = await asyncio.to_thread(self._take, query.get("state", ""), browser or "")
        # A provider that names itself in the answer must be ours (RFC 9207: answers of another provider mixed in).
        if query.get("iss", self._settings.oidc_issuer) != self._settings.oidc_issuer:
            raise OidcRefusedError("answer of another issuer")
        code = query.get("code")
        if not code:
            raise OidcRefusedError("no code")
        claims = await self._claims(await self._exchange(code, verifier), nonce)
        return self._member(claims)

    def purge(self) -> None:
        """Forgets sign-ins that never came back."""
        with self._engine.begin() as database:
            database.execute(delete(oidc_request).where(oidc_request.c.expires_at < int(self._clock())))

    def _take(self, state: str, browser: str) -> tuple[str, str]:
        """The nonce and the PKCE verifier of a sign-in that this browser began; each can be taken once."""
        key, row = token_hash(state), oidc_request.c
        with self._engine.begin() as database:
            found = database.execute(select(oidc_request).where(row.state_hash == key)).one_or_none()
            if found is None or not hmac.compare_digest(found.browser_hash, token_hash(browser)):
                raise OidcRefusedError("unknown state")
            taken = database.execute(delete(oidc_request).where(row.state_hash == key)).rowcount
        if not taken or found.expires_at < self._clock():
            raise OidcRefusedError("state used or expired")
        nonce, verifier = unseal(found.secrets, f"oidc {key}")
        return str(nonce), str(verifier)

    async def _discovered(self) -> _Provider:
        if self._provider is None:
            document = await self._get(f"{self._settings.oidc_issuer}/.well-known/openid-configuration")
            if str(document.get("issuer", "")).rstrip("/") != self._settings.oidc_issuer:
                raise OidcRefusedError("the discovered issuer is another one", "oidc_down")
            try:
                self._provider = _Provider(
                    *(str(document[name]) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"))
                )
            except KeyError as error:
                raise OidcRefusedError("discovery is incomplete", "oidc_down") from error
        return self._provider

    async def _exchange(self, code: str, verifier: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._settings.oidc_redirect or "",
            "client_id": self._settings.oidc_client_id,
            "code_verifier": verifier,
        }
        if self._settings.oidc_client_secret:
            form["client_secret"] = self._settings.oidc_client_secret
        provider = await self._discovered()
        try:
            async with (
                aiohttp.ClientSession(timeout=_DEADLINE) as http,
                http.post(provider.token, data=form, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise OidcRefusedError(f"the code was not taken: {response.status}")
                token = (await response.json()).get("id_token")
        except (aiohttp.ClientError, TimeoutError, ValueError, AttributeError) as error:
            raise OidcRefusedError("the token endpoint does not answer", "oidc_down") from error
        if not isinstance(token, str):
            raise OidcRefusedError("no ID token")
        return token

    async def _claims(self, token: str, nonce: str) -> dict[str, Any]:
        try:
            header = jwt.get_unverified_header(token)
            key = await self._key(header.get("kid"))
            algorithm = _ALGORITHMS.get(key.key_type or "")
            if algorithm is None:
                raise OidcRefusedError("a key of a wrong kind")
            claims = jwt.decode(
                token,
                key.key,
                algorithms=[algorithm],
                audience=self._settings.oidc_client_id,
                options={"require": ["exp", "iat", "aud", "iss", "sub"], "verify_exp": False, "verify_iat": False},
            )
        except (jwt.PyJWTError, ValueError) as error:
            raise OidcRefusedError(f"the ID token is not valid: {type(error).__name__}") from error
        self._check(claims, nonce)
        return claims

    def _check(self, claims: Mapping[str, Any], nonce: str) -> None:
        now = self._clock()
        if str(claims["iss"]).rstrip("/") != self._settings.oidc_issuer:
            raise OidcRefusedError("issued by another")
        if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
            raise OidcRefusedError("another nonce")
        if claims["exp"] + _LEEWAY_SECONDS < now or claims["iat"] - _LEEWAY_SECONDS > now:
            raise OidcRefusedError("out of time")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp", None if several else self._settings.oidc_client_id)
        if party != self._settings.oidc_client_id:
            raise OidcRefusedError("for another party")

    async def _key(self, identifier: object) -> jwt.PyJWK:
        now = self._clock()
        known = identifier in self._keys or (identifier is None and len(self._keys) == 1)
        if (not known and now > self._keys_read_at + 10) or now > self._keys_read_at + _KEYS_SECONDS:
            document = await self._get((await self._discovered()).keys)
            found = jwt.PyJWKSet.from_dict(document).keys
            self._keys = {str(key.key_id): key for key in found if key.public_key_use in (None, "sig")}
            self._keys_read_at = now
        if identifier is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        try:
            return self._keys[str(identifier)]
        except KeyError as error:
            raise OidcRefusedError("an unknown key") from error

    async def _get(self, url: str) -> dict[str, Any]:
        try:
            async with (
                aiohttp.ClientSession(timeout=_DEADLINE) as http,
                http.get(url, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise OidcRefusedError(f"the provider answered {response.status}", "oidc_down")
                document = await response.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise OidcRefusedError("the provider does not answer", "oidc_down") from error
        if not isinstance(document, dict):
            raise OidcRefusedError("the provider answers nonsense", "oidc_down")
        return document

    def _member(self, claims: Mapping[str, Any]) -> StaffMember:
        value: Any = claims
        for part in self._settings.oidc_role_claim.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        several = value if isinstance(value, list) else [value]
        held = {one for one in several if isinstance(one, str)}
        role = next((role for name, role in self._settings.oidc_roles if name in held), None)
        if role is None:
            raise OidcRefusedError("no role", "oidc_no_role")
        name = claims.get(self._settings.oidc_name_claim)
        shown = str(name if isinstance(name, str) and name else claims["sub"])[:64]
        # No local account has an "@" and the provider's name: the audit trail never takes one for the other.
        return StaffMember(f"{shown}@sso", cast(StaffRole, role))


@dataclass(frozen=True, slots=True)
class OidcRoutes:
    """The two routes: to the provider, and back from it."""

    oidc: Oidc
    staff: StaffRoutes

    def add_routes(self, app: web.Application) -> None:
        """Adds the routes to an application."""
        app.router.add_get("/staff/oidc/start", self.start)
        app.router.add_get("/staff/oidc/callback", self.callback)

    async def start(self, _request: web.Request) -> web.Response:
        """Sends the browser to the provider."""
        try:
            address, browser = await self.oidc.start()
        except OidcRefusedError as error:
            return self._refused(error)
        response = web.Response(status=302, headers={"Location": address})
        # Lax: it must come along when the provider sends the browser back.
        response.set_cookie(
            _BROWSER_COOKIE, browser, max_age=_REQUEST_SECONDS, path="/", secure=True, httponly=True, samesite="Lax"
        )
        return response

    async def callback(self, request: web.Request) -> web.Response:
        """Opens a session for whom the provider vouches."""
        try:
            member = await self.oidc.finish(request.query, request.cookies.get(_BROWSER_COOKIE))
        except OidcRefusedError as error:
            return self._refused(error)
        self.staff.count("staff_sign_in", "oidc")
        token = await self.staff.open(request, member, "oidc")
        response = web.Response(status=303, headers={"Location": _CONSOLE})
        set_cookie(response, token)
        response.del_cookie(_BROWSER_COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    def _refused(self, error: OidcRefusedError) -> web.Response:
        self.staff.count("staff_sign_in", "oidc_refused")
        logger.warning("a sign-in by OIDC failed", extra={"fields": {"reason": str(error)}})
        status = 503 if error.sentence == "oidc_down" else 403
        return web.Response(
            text=refusal_page(say("oidc_title"), say(error.sentence)), content_type="text/html", status=status
        )
