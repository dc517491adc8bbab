"""PayPal's REST APIs on the wire: one method per call, every failure named."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

import requests

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer, HttpClient
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.automation_core.lib.tokens import (
    CachedToken,
    MemoryTokens,
    Token,
    TokenStore,
    read_token,
)

from . import const, explain

_lt = Marker(__name__)

Json = dict[str, Any]

LIFE: Final = 3600.0  # of a token where PayPal does not say
JUDGED: Final = (400, 401, 403, 404, 409, 415, 422)
MAX_BYTES: Final = 40 * 1024 * 1024

# tokens are kept by the process only: nothing secret is written anywhere, and PayPal gives the
# same token again to another process
_stores: dict[str, MemoryTokens] = {}


@dataclass(frozen=True, slots=True)
class Credentials:
    """An app's login."""

    client_id: str
    secret: str = field(repr=False)

    @property
    def login(self) -> str:
        """The header that proves it."""
        text = f"{self.client_id.strip()}:{self.secret.strip()}"
        return "Basic " + base64.b64encode(text.encode()).decode()

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never be shown."""
        return tuple(filter(None, (self.secret.strip(), self.login.removeprefix("Basic "))))


class Login:
    """Asks for tokens with an app's credentials."""

    def __init__(
        self, http: HttpClient, credentials: Credentials, clock: Callable[[], float] = time.time
    ) -> None:
        self._http = http
        self._credentials = credentials
        self._clock = clock

    def token(self) -> Token:
        """Return a new token."""
        return self.ask()[0]

    def ask(self) -> tuple[Token, frozenset[str]]:
        """Return a new token and what it allows."""
        if not self._credentials.client_id.strip() or not self._credentials.secret.strip():
            raise errors.AuthenticationFailed(
                _lt("Client ID or secret is missing."), explain.LOGIN_HINT
            )
        asked = self._clock()
        answer = self._http.request(
            "POST",
            const.TOKEN,
            data=b"grant_type=client_credentials",
            headers={
                "Accept": "application/json",
                "Authorization": self._credentials.login,
                "Content-Type": "application/x-www-form-urlencoded",
            },
            accept_statuses=(400, 401, 403),
        )
        if answer.status >= 400:
            raise explain.login_failed()
        data = _object(answer)
        token = read_token(data, asked, LIFE)
        if token is None:
            raise explain.not_readable()
        return token, frozenset(str(data.get("scope") or "").split())


class PayPalClient:
    """Talks to PayPal for one account."""

    def __init__(self, http: HttpClient, login: Login, store: TokenStore) -> None:
        self._http = http
        self._login = login
        self._store = store
        self._tokens = CachedToken(login.token, store, login._clock)

    def scopes(self) -> frozenset[str]:
        """Log in anew and return what the app may do."""
        token, scopes = self._login.ask()
        self._store.save(token)
        return scopes

    def transactions(self, start: datetime, end: datetime, page: int) -> bytes:
        """Return one page of what moved money between two times, as it came."""
        params = {
            "start_date": stamp(start),
            "end_date": stamp(end),
            "fields": const.FIELDS,
            "balance_affecting_records_only": "Y",
            "page_size": str(const.PAGE_SIZE),
            "page": str(page),
        }
        return self.call("GET", const.TRANSACTIONS, params=params).content

    def balances(self) -> Json:
        """Return the balances of all currencies."""
        return _object(self.call("GET", const.BALANCES))

    def capture(self, number: str) -> bytes:
        """Return one captured payment as it came; it is known at once."""
        return self.call("GET", f"{const.CAPTURE}/{quote(number, safe='')}").content

    def call(self, method: str, path: str, **content: Any) -> Answer:
        """Send one request. A token that ended early, or is older than a right that was granted
        since, is renewed once.
        """
        token = ""
        for _try in range(2):
            token = self._tokens.access_token(refused=token)
            headers = {"Accept": "application/json", "Authorization": f"Bearer {token}"}
            answer = self._http.request(
                method, path, headers=headers, accept_statuses=JUDGED, **content
            )
            if answer.status not in (401, 403):
                break
        if answer.status >= 400:
            raise explain.failure(answer)
        return answer


def connect(
    credentials: Credentials,
    url: str = const.LIVE,
    *,
    store: TokenStore | None = None,
    session: requests.Session | None = None,
    timeout: tuple[float, float] = (5.0, 60.0),
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.time,
) -> PayPalClient:
    """Return a client with everything it needs."""
    http = HttpClient(
        url,
        timeout=timeout,
        max_bytes=MAX_BYTES,
        secrets=credentials.secrets,
        session=session,
        sleep=sleep,
        clock=clock,
    )
    if store is None:
        store = _stores.setdefault(_key(credentials, url), MemoryTokens())
    return PayPalClient(http, Login(http, credentials, clock), store)


def stamp(when: datetime) -> str:
    """Return a time as PayPal wants it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _key(credentials: Credentials, url: str) -> str:
    """Return a name for a login, so that another login never meets this one's token."""
    return hashlib.sha256(f"{url}\x1f{credentials.login}".encode()).hexdigest()


def _object(answer: Answer) -> Json:
    try:
        data = answer.json()
    except errors.InvalidAnswer as error:
        raise explain.not_readable() from error
    if not isinstance(data, dict):
        raise explain.not_readable()
    return data
