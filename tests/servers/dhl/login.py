"""Who may ask DHL: by a token, or by key, user and password."""

from __future__ import annotations

import base64
import itertools
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from ..base import Call, Sent
from .wire import sent, state


class Logins:
    """One app and one user of the business customer portal."""

    api_key = "the-app-key"
    api_secret = "the-app-secret"
    user = "shop-user"
    password = "pa<ss & word€"
    life = timedelta(minutes=30)

    def __init__(self) -> None:
        self._ends: dict[str, datetime] = {}
        self._names = (f"dhl-token-{count:04d}" for count in itertools.count(1))

    def expire(self) -> None:
        """End all tokens at once."""
        self._ends.clear()

    def answer(self, call: Call, now: datetime) -> tuple[Sent, str]:
        """Give a token; return the answer and what was wrong with the request's form."""
        form = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
        names = {"grant_type", "username", "password", "client_id", "client_secret"}
        if set(form) != names or form["grant_type"] != "password":
            return sent(400, {"error": "invalid_request"}), f"token asked with {sorted(form)}"
        given = (form["client_id"], form["client_secret"], form["username"], form["password"])
        if given != (self.api_key, self.api_secret, self.user, self.password):
            return sent(401, {"error": "invalid_client"}), ""
        token = next(self._names)
        self._ends[token] = now + self.life
        seconds = int(self.life.total_seconds())
        return sent(200, {"access_token": token, "token_type": "Bearer", "expires_in": seconds}), ""

    def admits(self, call: Call, now: datetime) -> bool:
        """Whether a request comes from a user."""
        scheme, _blank, proof = call.small_headers.get("authorization", "").partition(" ")
        if scheme == "Bearer":
            return self._ends.get(proof, now) > now
        key = call.small_headers.get("dhl-api-key")
        return (
            scheme == "Basic" and key == self.api_key and proof == _basic(self.user, self.password)
        )

    def admits_app(self, call: Call) -> bool:
        """Whether a request comes from the app."""
        proof = call.small_headers.get("authorization", "")
        return proof == f"Basic {_basic(self.api_key, self.api_secret)}"


def refused() -> Sent:
    """What a stranger hears."""
    return sent(401, state(401, "Unauthorized for given resource."))


def _basic(user: str, password: str) -> str:
    return base64.b64encode(f"{user}:{password}".encode()).decode()
