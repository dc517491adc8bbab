"""Access tokens, fetched with the seller's consent.

A refresh token (about 18 months) gives access tokens (2 hours). Both are secrets. The refresh
token ends by time, by the seller's word, or by a change of the seller's password.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer, HttpClient
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.automation_core.lib.tokens import Token, is_usable, life, read_token

from . import const
from .consent import APPLICATION_HINT, Application, Consent, ConsentEnded
from .explain import AGAIN, CONSENT_HINT

_lt = Marker(__name__)

LIFE: Final = 7200.0  # of an access token where eBay does not say
CONSENT_LIFE: Final = 47_304_000.0  # eighteen months
JUDGED: Final = (400, 401, 403)


class OAuthClient:
    """Talks to eBay's token endpoint.

    :param http: knows the host, and the secrets to hide
    """

    def __init__(
        self,
        http: HttpClient,
        application: Application,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._http = http
        self._application = application
        self.clock = clock

    def exchange(self, code: str) -> tuple[Consent, Token]:
        """Return the consent behind a code (used within minutes, once) and a first token."""
        asked = self.clock()
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._application.ru_name.strip(),
        }
        try:
            data = self._ask(fields)
        except ConsentEnded as error:
            raise errors.Rejected(
                _lt("eBay no longer takes the code: it holds for five minutes, and only once."),
                CONSENT_HINT,
            ) from error
        refresh = data.get("refresh_token")
        if not is_usable(refresh):
            raise errors.InvalidAnswer(_lt("eBay did not answer with a consent."), CONSENT_HINT)
        end = asked + life(data.get("refresh_token_expires_in"), CONSENT_LIFE)
        return Consent(str(refresh), end), _token(data, asked)

    def refresh(self, consent: Consent) -> Token:
        """Return a new access token.

        :raises ConsentEnded: when the seller has to agree again
        """
        asked = self.clock()
        state = consent.state(asked)
        if state not in ("valid", "ending"):
            raise ConsentEnded(state)
        fields = {"grant_type": "refresh_token", "refresh_token": consent.refresh_token.strip()}
        return _token(self._ask(fields), asked)

    def application_token(self) -> Token:
        """Return a token of the application itself, for keys and quotas."""
        asked = self.clock()
        data = self._ask({"grant_type": "client_credentials", "scope": const.SCOPE})
        return _token(data, asked)

    def _ask(self, fields: Mapping[str, str]) -> dict[str, Any]:
        if not self._application.app_id.strip() or not self._application.cert_id.strip():
            raise errors.AuthenticationFailed(
                _lt("The application's data are not complete."), APPLICATION_HINT
            )
        answer = self._http.request(
            "POST",
            const.TOKEN_PATH,
            data=urlencode(fields).encode("ascii"),
            headers={
                "Authorization": self._application.login,
                "Content-Type": "application/x-www-form-urlencoded",
            },
            accept_statuses=JUDGED,
        )
        if answer.status >= 400:
            raise _refusal(answer)
        data = answer.json()
        return data if isinstance(data, dict) else {}


def _token(data: Mapping[str, Any], asked: float) -> Token:
    token = read_token(data, asked, LIFE)
    if token is None:
        raise errors.InvalidAnswer(_lt("eBay's login did not answer with a token."), AGAIN)
    return token


def _refusal(answer: Answer) -> errors.AutomationError:
    """Return what a refused login means; eBay's own sentence is not needed and not shown."""
    try:
        data = answer.json()
    except errors.InvalidAnswer:
        data = None
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if code == "invalid_grant":
        return ConsentEnded("revoked")
    if code == "invalid_scope":
        return errors.AccessDenied(
            _lt("eBay does not allow the application all rights it asks for."),
            _lt("Look at the application's rights (OAuth scopes) on eBay's developer site."),
        )
    return errors.AuthenticationFailed(
        _lt("eBay does not accept the application's App ID or Cert ID."), APPLICATION_HINT
    )
