"""PayPal's token endpoint."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from ..base import Call, Sent
from .wire import Json, sent

SCOPES = (
    "https://uri.paypal.com/services/reporting/search/read",
    "https://uri.paypal.com/services/reporting/balances/read",
    "https://uri.paypal.com/services/payments/payment/authcapture",
)


class Tokens:
    """The app's credentials and the tokens given out."""

    def __init__(self) -> None:
        self.client_id = "AeMusterClientId-1"
        self.secret = "EGeheimesMuster-1"
        self.scopes: tuple[str, ...] = SCOPES
        self.life = timedelta(hours=9)
        self.issued = 0
        self._live: dict[str, tuple[datetime, tuple[str, ...]]] = {}

    def allowed(self, token: str, now: datetime) -> tuple[str, ...] | None:
        """What a token allows; ``None`` where it is not valid."""
        ends, scopes = self._live.get(token, (now, ()))
        return scopes if ends > now else None

    def expire(self) -> None:
        """Let all tokens end early."""
        self._live.clear()

    def answer(self, call: Call, now: datetime) -> tuple[Sent, str]:
        """Give a token; the second value says what is wrong with the request."""
        form = dict(parse_qsl(call.body.decode(), keep_blank_values=True))
        kind = call.small_headers.get("content-type")
        if call.method != "POST" or kind != "application/x-www-form-urlencoded":
            return self._refused(), f"token: {call.method} with {kind}"
        if form != {"grant_type": "client_credentials"}:
            return self._refused(), f"token: form {sorted(form)}"
        login = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        if call.small_headers.get("authorization") != f"Basic {login}":
            return self._refused(), ""
        return sent(200, self._issue(now)), ""

    def _issue(self, now: datetime) -> Json:
        self.issued += 1
        token = f"A21AAmusterToken{self.issued:04d}"
        self._live[token] = (now + self.life, self.scopes)
        return {
            "scope": " ".join(self.scopes),
            "access_token": token,
            "token_type": "Bearer",
            "app_id": "APP-80W284485P519543T",
            "expires_in": int(self.life.total_seconds()),
            "nonce": "2026-11-23T12:00:00Z",
        }

    def _refused(self) -> Sent:
        text = "Client Authentication failed"
        return sent(401, {"error": "invalid_client", "error_description": text})
