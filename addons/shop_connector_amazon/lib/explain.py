"""What Amazon's refusals mean and what the user should do about them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text

from .const import REQUEST_ID_HEADER, Operation

_lt = Marker(__name__)

# words of refusals, in the order in which they are looked for
_WORDS: Final = {
    "parcel_number": r"packagereferenceid",
    "shipped": r"PackageToUpdateNotFound|already (?:been )?(?:fulfilled|shipped)|order already",
    "carrier": r"carrier ?(?:code|name)",
    "tracking": r"tracking",
    "ship_date": r"ship ?date",
    "quantity": r"quantit(?:y|ies)",
    "page": r"pagination ?token|nexttoken",
    "sku": r"sku .*not found|not found.*sku|listing.*(?:not found|does not exist)",
}

AGAIN: Final = _lt("It is tried again by itself.")
PAGE_REFUSED: Final = _lt("Amazon no longer knows the page of the list of orders.")
LOOK: Final = _lt("Look at it in Seller Central; the message is Amazon's own.")
ROLE_HINT: Final = _lt(
    "In Seller Central, check that the application has the role for this (orders: Inventory and "
    "Order Tracking, names and addresses: Direct-to-Consumer Delivery, invoices: Tax Invoicing, "
    "review requests: Buyer Solicitation), then authorise it again and enter the new refresh token."
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """A refusal in the user's words."""

    text: str
    hint: str


_MEANINGS: Final = {
    "parcel_number": Meaning(
        _lt("Amazon does not accept the number of the parcel."),
        _lt(
            "Report the message to whoever maintains the channel; meanwhile confirm the "
            "shipment in Seller Central."
        ),
    ),
    "shipped": Meaning(
        _lt("Amazon has this order as shipped already."),
        _lt("Look at the order in Seller Central. If the parcel is there, there is nothing to do."),
    ),
    "carrier": Meaning(
        _lt("Amazon does not know the carrier."),
        _lt(
            "Choose one of Amazon's carriers for this delivery method, or “Other” and the "
            "carrier's name."
        ),
    ),
    "tracking": Meaning(
        _lt("Amazon does not accept the tracking number."),
        _lt("Compare it with the label; correct it on the delivery and send the message again."),
    ),
    "ship_date": Meaning(
        _lt("Amazon does not accept the date of the shipment."),
        _lt(
            "It must be after the order and not in the future: check the delivery's date and "
            "the server's clock."
        ),
    ),
    "quantity": Meaning(
        _lt("Amazon does not accept the quantity."),
        _lt(
            "Compare the order's open quantities in Seller Central: part of it may be "
            "shipped or cancelled there already."
        ),
    ),
    "page": Meaning(PAGE_REFUSED, AGAIN),
    "sku": Meaning(
        _lt("Amazon has no offer with this SKU."),
        _lt("Compare the SKU with Seller Central, or take the listing out of the account."),
    ),
}

# codes of processing reports
_CODES: Final = {
    "79513": Meaning(
        _lt("Amazon could not assign the invoice to an order."),
        _lt("Check that the order belongs to this account and marketplace, then send it again."),
    ),
    "79525": Meaning(
        _lt("Amazon writes the invoice for this order itself."),
        _lt(
            "The account uses Amazon's VAT service for this marketplace: switch the invoice "
            "upload of the account off."
        ),
    ),
    "90220": Meaning(
        _lt("The offer lacks data Amazon requires."),
        _lt("Complete the offer in Seller Central; after that the stock is accepted again."),
    ),
    "99022": Meaning(
        _lt("A value of the offer is not complete."),
        _lt("Complete the offer in Seller Central; after that the stock is accepted again."),
    ),
    "8541": Meaning(
        _lt("Amazon finds the SKU's product data contradictory."),
        _lt("Compare the offer with the article in Seller Central."),
    ),
    "8560": Meaning(
        _lt("Amazon knows no offer with this SKU."),
        _lt("Compare the SKU with Seller Central, or take the listing out of the account."),
    ),
    "13013": Meaning(
        _lt("Amazon knows no offer with this SKU."),
        _lt("Compare the SKU with Seller Central, or take the listing out of the account."),
    ),
}

_RIGHTS: Final = {
    "searchOrders": _lt("read orders"),
    "getOrder": _lt("read orders"),
    "confirmShipment": _lt("report shipments"),
    "patchListingsItem": _lt("change stock"),
    "getListingsItem": _lt("read offers"),
    "searchListingsItems": _lt("read offers"),
    "createFeed": _lt("send files"),
    "getReports": _lt("read settlements"),
    "getReportDocument": _lt("read settlements"),
    "getSolicitationActionsForOrder": _lt("ask for reviews"),
    "createProductReviewAndSellerFeedbackSolicitation": _lt("ask for reviews"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """An error as Amazon writes it, cleaned."""

    code: str = ""
    message: str = ""
    details: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(filter(None, (self.code, self.message, self.details)))


def read_errors(content: bytes) -> tuple[Said, ...]:
    """Return the errors in an answer's body; none when it is no list of errors."""
    try:
        data: Any = json.loads(content)
    except (ValueError, RecursionError):
        return ()
    rows = data.get("errors") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        return ()
    return tuple(
        Said(*(clean_text(row.get(key), 300) for key in ("code", "message", "details")))
        for row in rows[:10]
        if isinstance(row, dict)
    )


def meaning(code: str, message: str) -> Meaning:
    """Return what an error of a report or answer means; unknown ones keep Amazon's sentence."""
    if code in _CODES:
        return _CODES[code]
    text = f"{code} {message}"
    for name, pattern in _WORDS.items():
        if re.search(pattern, text, re.IGNORECASE):
            return _MEANINGS[name]
    said = clean_text(message or code, 380)
    if not said:
        return Meaning(_lt("Amazon refused without a reason."), LOOK)
    return Meaning(_lt("Amazon says: %(message)s", message=said), LOOK)


def failure(answer: Answer, operation: Operation) -> errors.AutomationError:
    """Return what an answer of 400 and above means."""
    found = read_errors(answer.content)
    said = found[0] if found else Said()
    status = answer.status
    if status == 429 or said.code == "QuotaExceeded":
        return errors.Throttled(
            _lt("Amazon's limit of calls is used up for now."), AGAIN, 1 / operation.rate
        )
    if status >= 500 or said.code in ("InternalFailure", "ServiceUnavailable"):
        return errors.Unavailable(_lt("Amazon has a disturbance of its own."), AGAIN)
    if status == 401:
        return errors.AuthenticationFailed(
            _lt("Amazon does not accept the login."), _lt("Authorise the application again.")
        )
    if status == 403:
        return errors.AccessDenied(_denied(operation), ROLE_HINT)
    if status == 404:
        known = _not_found(operation)
        return errors.NotFound(known.text, known.hint)
    if not found:
        return errors.InvalidAnswer(
            _lt("Amazon answered %(status)s without a reason.", status=status), AGAIN
        )
    told = meaning(said.code, f"{said.message} {said.details}".strip())
    number = clean_text(answer.headers.get(REQUEST_ID_HEADER), 80)
    if not number:
        return errors.Rejected(told.text, told.hint)
    hint = _lt("%(hint)s (Amazon's number: %(number)s)", hint=told.hint, number=number)
    return errors.Rejected(told.text, hint)


def is_expired_token(answer: Answer) -> bool:
    """Whether a 401 or 403 only means that the access token has ended."""
    if answer.status not in (401, 403):
        return False
    text = " ".join(said.text for said in read_errors(answer.content))
    return answer.status == 401 or bool(re.search("expired|access token", text, re.IGNORECASE))


def is_page_refused(error: errors.AutomationError) -> bool:
    """Whether a refusal is about the token of a page, not about the search."""
    return error.message == PAGE_REFUSED


def _denied(operation: Operation) -> str:
    what = _RIGHTS.get(operation.name)
    if what is None:
        return _lt(
            "The login works, but Amazon does not allow the application to use “%(operation)s”.",
            operation=operation.name,
        )
    return _lt("The login works, but Amazon does not allow the application to %(what)s.", what=what)


def _not_found(operation: Operation) -> Meaning:
    if "orderId" in operation.path or "amazonOrderId" in operation.path:
        return Meaning(
            _lt("Amazon does not find the order."),
            _lt(
                "Check that it belongs to this account; orders older than two years are not shown."
            ),
        )
    if "{sku}" in operation.path:
        return Meaning(
            _lt("Amazon has no offer with this SKU."),
            _lt("Compare the SKU with Seller Central, or take the listing out of the account."),
        )
    return Meaning(
        _lt("Amazon does not find what was asked for."), _lt("Check the account's endpoint.")
    )
