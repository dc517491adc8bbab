"""The seller's consent: asked for once in the browser, with clear words when it ends."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from . import const
from .explain import CONSENT_HINT

_lt = Marker(__name__)

ENDING: Final = 30 * 86_400.0  # the seller is asked to agree again this long before the end
APPLICATION_HINT: Final = _lt(
    "Compare App ID, Cert ID and RuName with eBay's developer site. Production and sandbox have "
    "different ones."
)

ConsentState = Literal["missing", "valid", "ending", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class Application:
    """What eBay's developer site shows for an application."""

    app_id: str
    cert_id: str = field(repr=False)
    ru_name: str = ""

    @property
    def login(self) -> str:
        """The value of the header ``Authorization`` for the token endpoint."""
        text = f"{self.app_id.strip()}:{self.cert_id.strip()}"
        return f"Basic {base64.b64encode(text.encode()).decode('ascii')}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not appear in any text."""
        return tuple(filter(None, (self.cert_id.strip(), self.login.removeprefix("Basic "))))


@dataclass(frozen=True, slots=True)
class Consent:
    """The seller's permission. ``expires_at`` is in epoch seconds, ``revoked`` what eBay said."""

    refresh_token: str = field(default="", repr=False)
    expires_at: float = 0.0
    revoked: bool = False

    def state(self, now: float) -> ConsentState:
        """Return how things stand."""
        if not self.refresh_token:
            return "missing"
        if self.revoked:
            return "revoked"
        if self.expires_at and self.expires_at <= now:
            return "expired"
        return "ending" if self.expires_at and self.expires_at - now < ENDING else "valid"


class ConsentEnded(errors.AuthenticationFailed):
    """The seller has to agree again; ``state`` says why."""

    def __init__(self, state: ConsentState) -> None:
        super().__init__(_ENDED.get(state, _ENDED["revoked"]), CONSENT_HINT)
        self.state = state


_ENDED: Final[Mapping[str, str]] = {
    "missing": _lt("The account is not connected with eBay yet."),
    "expired": _lt("The seller's consent has expired after its 18 months."),
    "revoked": _lt(
        "The seller's consent was withdrawn, or the seller's password at eBay was changed."
    ),
}


def consent_url(
    hosts: const.Hosts,
    application: Application,
    state: str,
    *,
    scopes: Iterable[str] = const.SCOPES,
    locale: str = "de-DE",
    login: bool = False,
) -> str:
    """Return the page at which the seller agrees.

    :param state: an unguessable text that comes back with the answer
    :param login: ask for the seller's login even where somebody is logged in
    """
    fields = {
        "client_id": application.app_id.strip(),
        "redirect_uri": application.ru_name.strip(),
        "response_type": "code",
        "scope": " ".join(scopes),
        "state": state,
        "locale": locale,
    }
    if not all(fields.values()):
        raise errors.Rejected(_lt("The application's data are not complete."), APPLICATION_HINT)
    if login:
        fields["prompt"] = "login"
    return f"{hosts.consent}/{const.CONSENT_PATH}?{urlencode(fields)}"


def read_state(text: str) -> str:
    """Return what came back with eBay's answer, "" where nothing did."""
    return parse_qs(urlsplit(text.strip()).query).get("state", [""])[0]


def read_code(text: str, state: str = "") -> str:
    """Return the code in the address eBay sent the seller to, or in what was copied of it.

    :param state: when given, the address must carry the same one
    :raises errors.Rejected: when the seller refused or the answer belongs to somebody else
    """
    text = text.strip()
    if "=" not in text:
        return unquote(text)
    query = parse_qs(urlsplit(text).query or text)
    if "error" in query:
        raise errors.Rejected(_lt("The seller did not agree."), CONSENT_HINT)
    if state and query.get("state") != [state]:
        raise errors.Rejected(
            _lt("eBay's answer belongs to another request."),
            _lt("Press “Connect with eBay” again and use the newest page only."),
        )
    code = query.get("code", [""])[0]
    if not code:
        raise errors.Rejected(_lt("There is no code in eBay's answer."), CONSENT_HINT)
    return code
