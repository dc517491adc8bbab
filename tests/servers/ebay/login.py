"""eBay's token endpoint, and the keys it signs messages with."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .wire import EbayError, Json, Reply, Request

if TYPE_CHECKING:
    from .shop import Shop

SCOPE = "https://api.ebay.com/oauth/api_scope"
GRANTED = frozenset(
    {SCOPE}
    | {
        f"{SCOPE}/{name}"
        for name in (
            "sell.fulfillment",
            "sell.inventory",
            "sell.account.readonly",
            "commerce.feedback",
            "commerce.identity.readonly",
        )
    }
)
FIELDS = {
    "authorization_code": {"grant_type", "code", "redirect_uri"},
    "refresh_token": {"grant_type", "refresh_token"},
    "client_credentials": {"grant_type", "scope"},
}


class Tokens:
    """Codes, consents and access tokens."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.code = "v^1.1#i^1#code"
        self.refresh_token = "v^1.1#i^1#refresh"
        self.revoked = False
        self.life = timedelta(hours=2)
        self.granted = GRANTED
        self.issued = 0
        self._live: dict[str, tuple[float, frozenset[str]]] = {}

    def scopes(self, token: str) -> frozenset[str]:
        """Return what a token allows."""
        ends, scopes = self._live.get(token, (0.0, frozenset()))
        if ends <= self.shop.now().timestamp():
            raise EbayError(401, 1001, "Invalid access token", "OAuth")
        return scopes

    def expire(self) -> None:
        """Let all access tokens end early."""
        self._live.clear()

    def answer(self, request: Request) -> Reply:
        """Answer a request for a token."""
        login = f"{self.shop.app_id}:{self.shop.cert_id}"
        basic = "Basic " + base64.b64encode(login.encode()).decode()
        form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
        problem = self._problem(request, form)
        if problem:
            self.shop.violations.append(problem)
            return _refused("invalid_request", problem)
        if request.headers.get("authorization") != basic:
            return _refused("invalid_client", "client authentication failed", 401)
        return self._grant(form)

    def _problem(self, request: Request, form: Json) -> str:
        wanted = FIELDS.get(form.get("grant_type", ""))
        if request.headers.get("content-type") != "application/x-www-form-urlencoded":
            return "token: wrong Content-Type"
        if wanted is None or not wanted <= set(form) or not set(form) <= wanted | {"scope"}:
            return f"token: fields {sorted(form)}"
        return ""

    def _grant(self, form: Json) -> Reply:
        kind = form["grant_type"]
        if kind == "client_credentials":
            return Reply(body=self._issue(frozenset({SCOPE}), "Application Access Token"))
        if kind == "authorization_code":
            if form["code"] != self.code or form["redirect_uri"] != self.shop.ru_name:
                return _refused("invalid_grant", "the authorization code is invalid")
            self.code, self.revoked = "", False
            body = self._issue(self.granted, "User Access Token")
            body |= {"refresh_token": self.refresh_token, "refresh_token_expires_in": 47304000}
            return Reply(body=body)
        if self.revoked or form["refresh_token"] != self.refresh_token:
            return _refused("invalid_grant", "the refresh token is invalid or was revoked")
        return Reply(body=self._issue(self.granted, "User Access Token"))

    def _issue(self, scopes: frozenset[str], kind: str) -> Json:
        self.issued += 1
        token = f"v^1.1#access-{self.issued}"
        self._live[token] = ((self.shop.now() + self.life).timestamp(), scopes)
        return {
            "access_token": token,
            "expires_in": int(self.life.total_seconds()),
            "token_type": kind,
        }


def _refused(code: str, text: str, status: int = 400) -> Reply:
    return Reply(status, {"error": code, "error_description": text})


class SigningKeys:
    """The key eBay signs messages with."""

    key_id = "0a1b2c3d-0000-4000-8000-000000000001"

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.others: dict[str, Json] = {}  # further keys by number, as eBay answers

    def answer(self) -> Json:
        """The public half as getPublicKey gives it: without line breaks."""
        pem = self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return {"key": pem.decode().replace("\n", ""), "algorithm": "ECDSA", "digest": "SHA1"}

    def header(self, body: bytes) -> str:
        """The value of X-EBAY-SIGNATURE for a message."""
        signature = self._key.sign(body, ec.ECDSA(hashes.SHA1()))
        parts = {
            "alg": "ecdsa",
            "kid": self.key_id,
            "signature": base64.b64encode(signature).decode(),
            "digest": "SHA1",
        }
        return base64.b64encode(json.dumps(parts).encode()).decode()
