"""Login with Amazon: the short-lived token every call needs, fetched once and shared."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import urlencode

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer, HttpClient

from . import const

EARLY: Final = 300.0  # seconds before its end a token is renewed: a long call must not outlive it
LIFE: Final = 3600.0  # where Amazon does not say
JUDGED: Final = (400, 401, 403)
AUTHORISE_HINT: Final = (
    "Open the account and authorise the application in Seller Central again; enter the new refresh "
    "token."
)
APPLICATION_HINT: Final = (
    "Compare client id and client secret with those of the application in Seller Central. "
    "A secret that was renewed there has to be entered here as well."
)


@dataclass(frozen=True, slots=True)
class Token:
    """An access token and when it ends (epoch)."""

    value: str = field(repr=False)
    expires_at: float


class TokenStore(Protocol):
    """Keeps the token for all workers (a row of the add-on)."""

    def load(self) -> Token | None:
        """Return the token that was saved last."""

    def save(self, token: Token) -> None:
        """Keep a token."""


class MemoryTokens:
    """Keeps the token in memory."""

    def __init__(self, token: Token | None = None) -> None:
        self.token = token

    def load(self) -> Token | None:
        """Return the token that was saved last."""
        return self.token

    def save(self, token: Token) -> None:
        """Keep a token."""
        self.token = token


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an application needs to act for a seller. None of it is ever shown."""

    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""
        return tuple(filter(None, (self.client_secret, self.refresh_token)))


class LwaClient:
    """Gives access tokens; asks Amazon only when the known one ends.

    :param http: knows the host of Login with Amazon and the secrets to hide
    """

    def __init__(
        self,
        http: HttpClient,
        credentials: Credentials,
        store: TokenStore,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._credentials = credentials
        self._store = store
        self._clock = clock

    def access_token(self, refused: str = "") -> str:
        """Return a token that holds for the next minutes.

        :param refused: a token Amazon has just refused; another worker may have renewed it already
        """
        known = self._store.load()
        if known and known.value != refused and known.expires_at - EARLY > self._clock():
            return known.value
        token = self._fetch()
        self._store.save(token)
        return token.value

    def _fetch(self) -> Token:
        login = self._credentials
        form = {
            "grant_type": "refresh_token",
            "refresh_token": login.refresh_token.strip(),
            "client_id": login.client_id.strip(),
            "client_secret": login.client_secret.strip(),
        }
        if not all(form.values()):
            raise errors.AuthenticationFailed(
                "The login at Amazon is not complete.",
                "Enter client id, client secret and refresh token.",
            )
        asked = self._clock()
        answer = self._http.request(
            "POST",
            const.TOKEN_PATH,
            data=urlencode(form).encode("ascii"),
            headers={"Content-Type": "application/x-www-form-urlencoded;charset=UTF-8"},
            accept_statuses=JUDGED,
        )
        if answer.status >= 400:
            raise _refusal(answer)
        return _token(answer, asked)


def _token(answer: Answer, asked: float) -> Token:
    data = answer.json()
    value = data.get("access_token") if isinstance(data, dict) else None
    if not isinstance(value, str) or not value or not value.isascii() or not value.isprintable():
        raise errors.InvalidAnswer(
            "Amazon's login did not answer with a token.", "It is tried again by itself."
        )
    life = data.get("expires_in")
    usable = isinstance(life, int | float) and not isinstance(life, bool) and 0 < life <= 86_400
    return Token(value, asked + (float(life) if usable else LIFE))


def _refusal(answer: Answer) -> errors.AutomationError:
    """Return what a refused login means; Amazon's own sentence is not needed and not shown."""
    try:
        data = answer.json()
    except errors.InvalidAnswer:
        data = None
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if code == "invalid_grant":
        return errors.AuthenticationFailed(
            "Amazon no longer accepts the authorisation of this account.", AUTHORISE_HINT
        )
    if code in ("invalid_client", "unauthorized_client"):
        return errors.AuthenticationFailed(
            "Amazon does not accept the application's client id or secret.", APPLICATION_HINT
        )
    return errors.AuthenticationFailed(
        "Amazon refused the login.", f"{APPLICATION_HINT} {AUTHORISE_HINT}"
    )
