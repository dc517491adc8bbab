"""Login with Amazon: the short-lived token every call needs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer, HttpClient
from odoo.addons.automation_core.lib.texts import Marker, joined
from odoo.addons.automation_core.lib.tokens import Token, read_token

from . import const
from .explain import AGAIN

_lt = Marker(__name__)

LIFE: Final = 3600.0  # where Amazon does not say
JUDGED: Final = (400, 401, 403)
AUTHORISE_HINT: Final = _lt(
    "Open the account and authorise the application in Seller Central again; enter the new "
    "refresh token."
)
APPLICATION_HINT: Final = _lt(
    "Compare client id and client secret with those of the application in Seller Central. "
    "A secret that was renewed there has to be entered here as well."
)


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
    """Fetches access tokens from Amazon.

    :param http: knows the host of Login with Amazon and the secrets to hide
    """

    def __init__(
        self,
        http: HttpClient,
        credentials: Credentials,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._credentials = credentials
        self._clock = clock

    def fetch(self) -> Token:
        """Return a new token.

        :raises errors.AuthenticationFailed: when Amazon does not accept the login
        """
        login = self._credentials
        form = {
            "grant_type": "refresh_token",
            "refresh_token": login.refresh_token.strip(),
            "client_id": login.client_id.strip(),
            "client_secret": login.client_secret.strip(),
        }
        if not all(form.values()):
            raise errors.AuthenticationFailed(
                _lt("The login at Amazon is not complete."),
                _lt("Enter client id, client secret and refresh token."),
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
    token = read_token(data, asked, LIFE) if isinstance(data, dict) else None
    if token is None:
        raise errors.InvalidAnswer(_lt("Amazon's login did not answer with a token."), AGAIN)
    return token


def _refusal(answer: Answer) -> errors.AutomationError:
    """Return what a refused login means; Amazon's own sentence is not needed and not shown."""
    try:
        data = answer.json()
    except errors.InvalidAnswer:
        data = None
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if code == "invalid_grant":
        return errors.AuthenticationFailed(
            _lt("Amazon no longer accepts the authorisation of this account."), AUTHORISE_HINT
        )
    if code in ("invalid_client", "unauthorized_client"):
        return errors.AuthenticationFailed(
            _lt("Amazon does not accept the application's client id or secret."), APPLICATION_HINT
        )
    return errors.AuthenticationFailed(
        _lt("Amazon refused the login."), joined(" ", (APPLICATION_HINT, AUTHORISE_HINT))
    )
