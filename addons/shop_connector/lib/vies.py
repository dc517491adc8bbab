"""Asking the European Commission's VIES whether a VAT id is registered, and reading its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from odoo.addons.automation_core.lib.errors import InvalidAnswer, Rejected, Throttled, Unavailable
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.automation_core.lib.texts import Marker

_lt = Marker(__name__)

URL: Final = "https://ec.europa.eu/taxation_customs/vies/rest-api"
PATH: Final = "check-vat-number"
BUSY: Final = frozenset(
    {
        "GLOBAL_MAX_CONCURRENT_REQ",
        "GLOBAL_MAX_CONCURRENT_REQ_TIME",
        "MS_MAX_CONCURRENT_REQ",
        "MS_MAX_CONCURRENT_REQ_TIME",
    }
)
REFUSED: Final = frozenset({"INVALID_INPUT", "INVALID_REQUESTER_INFO", "VAT_BLOCKED", "IP_BLOCKED"})
WAIT: Final = 60.0  # seconds until a busy service is asked again


@dataclass(frozen=True, slots=True)
class VatAnswer:
    """What VIES knows. ``identifier`` proves the question of an asker with an id of their own."""

    valid: bool
    name: str = ""
    address: str = ""
    identifier: str = ""


def ask(client: HttpClient, vat: str, own_vat: str = "") -> VatAnswer:
    """Ask about ``vat``, both with their country's prefix.

    :raises errors.AutomationError: VIES did not answer the question
    """
    body = {"countryCode": vat[:2], "vatNumber": vat[2:]}
    if own_vat:
        body |= {"requesterMemberStateCode": own_vat[:2], "requesterNumber": own_vat[2:]}
    answer = client.request("POST", PATH, body=body, accept_statuses=(400, 500))
    return read_answer(answer.json())


def read_answer(data: object) -> VatAnswer:
    """Return the answer; an error inside it is raised as what it means for asking again."""
    if not isinstance(data, Mapping):
        raise InvalidAnswer(_lt("VIES did not answer with an object."))
    for code in _errors(data):
        _raise(code)
    valid = data.get("valid")
    if not isinstance(valid, bool):
        raise InvalidAnswer(_lt("VIES did not say whether the VAT id is valid."))
    return VatAnswer(
        valid=valid,
        name=_text(data.get("name")),
        address=_text(data.get("address")),
        identifier=_text(data.get("requestIdentifier")),
    )


def _errors(data: Mapping[str, object]) -> list[str]:
    wrappers = data.get("errorWrappers")
    rows = wrappers if isinstance(wrappers, list) else []
    return [str(row.get("error", "")) for row in rows if isinstance(row, Mapping)]


def _raise(code: str) -> None:
    if code in BUSY:
        raise Throttled(_lt("VIES is busy."), retry_after=WAIT)
    if code in REFUSED:
        raise Rejected(_lt("VIES refuses the question: %(code)s.", code=code))
    raise Unavailable(_lt("VIES cannot ask the member state now: %(code)s.", code=code))


def _text(value: object) -> str:
    """Return a text; VIES writes --- for what a member state does not tell."""
    text = str(value or "").strip()
    return "" if text.strip("-") == "" else text
