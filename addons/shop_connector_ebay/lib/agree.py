"""What follows the seller's consent: tokens, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.automation_core.lib.tokens import MemoryTokens, Token

from . import const
from .client import connect
from .consent import Application, Consent
from .oauth import OAuthClient

_lt = Marker(__name__)


@dataclass(frozen=True, slots=True)
class Agreement:
    """A consent, a first token, and the seller's name ("" where eBay does not tell it)."""

    consent: Consent
    token: Token
    seller: str = ""


def agree(application: Application, code: str, hosts: const.Hosts, known: str = "") -> Agreement:
    """Turn the code of the seller's consent into tokens.

    :param known: the seller who agreed before; another one is refused, for that one's orders would
        come in as this one's
    :raises errors.AutomationError: when eBay does not take the code
    """
    http = HttpClient(hosts.api, secrets=application.secrets)
    consent, token = OAuthClient(http, application).exchange(code)
    client = connect(application, consent, MemoryTokens(token), MemoryTokens(), hosts=hosts)
    try:
        seller = str(client.user().get("username") or "")
    except errors.AutomationError:
        seller = ""  # worth knowing, not needed
    if known and seller and seller != known:
        raise errors.Rejected(
            _lt("“%(new)s” has agreed, but this account is “%(old)s”.", new=seller, old=known),
            _lt("Log out at eBay and agree as the right seller, or make an account for the other."),
        )
    return Agreement(consent, token, seller)
