"""A small OpenID provider: discovery, authorization, token and keys as the standard has them, with real signatures."""

import base64
import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@dataclass
class OidcProvider:
    """Signs everybody in who comes, as `claims` says; `spoil` may change an ID token's claims, `sign` how it is signed."""

    clock: Callable[[], float] = time.time
    client: str = "bot"
    secret: str = "a client secret"
    redirect: str = ""
    issuer: str = ""
    claims: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u1", "preferred_username": "zhang", "roles": ["客服"]}
    )
    spoil: dict[str, Any] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=new_key)
    sign: Callable[[dict[str, Any]], str] | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self.discovery)
        app.router.add_get("/authorize", self.authorize)
        app.router.add_post("/token", self.token)
        app.router.add_get("/keys", self.keys)
        return app

    async def discovery(self, _request: web.Request) -> web.Response:
        ends = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return web.json_response(
            {"issuer": self.issuer, **{name: f"{self.issuer}/{path}" for name, path in ends.items()}}
        )

    async def authorize(self, request: web.Request) -> web.Response:
        asked = dict(request.query)
        good = (
            asked.get("response_type") == "code"
            and asked.get("client_id") == self.client
            and asked.get("redirect_uri") == self.redirect
            and "openid" in asked.get("scope", "").split()
            and asked.get("code_challenge_method") == "S256"
        )
        if not good:
            return web.Response(status=400)
        code = uuid4().hex
        self.codes[code] = asked
        answer = urlencode({"code": code, "state": asked["state"], "iss": self.issuer})
        return web.Response(status=302, headers={"Location": f"{self.redirect}?{answer}"})

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        asked = self.codes.pop(str(form.get("code")), None)
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        good = (
            asked is not None
            and asked["code_challenge"] == challenge
            and form.get("redirect_uri") == self.redirect
            and (form.get("client_id"), form.get("client_secret")) == (self.client, self.secret)
        )
        if not good or asked is None:
            return web.json_response({"error": "invalid_grant"}, status=400)
        now = int(self.clock())
        claims = {
            "iss": self.issuer,
            "aud": self.client,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
            **self.spoil,
        }
        signed = self.sign(claims) if self.sign else jwt.encode(claims, self.key, "RS256", headers={"kid": "one"})
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": signed})

    async def keys(self, _request: web.Request) -> web.Response:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return web.json_response({"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]})
