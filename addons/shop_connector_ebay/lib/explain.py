"""What eBay's refusals mean and what the user should do about them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.http import Answer
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text

_lt = Marker(__name__)

AGAIN: Final = _lt("It is tried again by itself.")
CONSENT_HINT: Final = _lt(
    "Open the account, press “Connect with eBay” and agree again with the seller's login."
)
LOOK: Final = _lt("Look at it in eBay's Seller Hub; the message is eBay's own.")


@dataclass(frozen=True, slots=True)
class Meaning:
    """A refusal in the user's words; ``passing``: the same call may work later."""

    text: str
    hint: str
    passing: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An error as eBay writes it, cleaned."""

    number: int = 0
    message: str = ""


_TRACKING = Meaning(
    _lt("eBay does not accept the tracking number or the carrier."),
    _lt("Compare both with the label; correct them on the delivery and send the message again."),
)
_DATES = Meaning(
    _lt("eBay does not accept the dates orders were asked for."),
    _lt("Check the clock of your server and the account's start date."),
)
_LISTING = Meaning(
    _lt("eBay has no active listing for this."),
    _lt("Compare the SKU and the listing's number with eBay, or take the listing out here."),
)
_FEEDBACK_BLOCKED = Meaning(
    _lt("eBay does not allow feedback for this purchase."), _lt("Nothing to do.")
)
_WORDS = Meaning(
    _lt("eBay does not accept the text of the feedback."),
    _lt("Change the text: up to 500 characters, no HTML, no contact data."),
)
_CONSENT = Meaning(_lt("eBay does not accept the login."), CONSENT_HINT)

MEANINGS: Final[Mapping[int, Meaning]] = {
    # -- orders
    30700: _DATES,
    30800: _DATES,
    30810: _DATES,
    30820: _DATES,
    30830: _DATES,
    30840: _DATES,
    30850: _DATES,
    32100: Meaning(
        _lt("eBay does not know the order."),
        _lt("Check that it belongs to this account; orders older than two years are not shown."),
    ),
    # -- shipments
    32200: Meaning(
        _lt("eBay does not find the article in this order."),
        _lt("eBay may have combined orders: fetch the order again and compare."),
    ),
    32210: Meaning(
        _lt("An article is twice in the same parcel."),
        _lt("Report the message; meanwhile confirm the shipment in eBay's Seller Hub."),
    ),
    32300: _TRACKING,
    32400: Meaning(
        _lt("eBay has suspended the seller's account."), _lt("Ask eBay's customer service.")
    ),
    32500: Meaning(
        _lt("eBay does not accept the date of the shipment."),
        _lt("It must be after the order and not in the future: check the delivery's date."),
    ),
    32600: Meaning(
        _lt("eBay does not accept the shipment."),
        _lt("Compare quantities with eBay: part of it may be shipped or cancelled already."),
    ),
    34100: Meaning(
        _lt("eBay takes no more tracking numbers for this order."),
        _lt("Enter further numbers as a message to the buyer."),
    ),
    34200: Meaning(
        _lt("Articles for eBay's international shipping must be in a parcel of their own."),
        _lt("Split the delivery."),
    ),
    34300: Meaning(
        _lt("Articles for eBay's international shipping must be reported one by one."),
        _lt("Confirm this shipment in eBay's Seller Hub."),
    ),
    34500: Meaning(
        _lt("eBay has this shipment already."),
        _lt("Compare with the Seller Hub; a wrong tracking number is corrected there."),
    ),
    # -- stock
    25001: Meaning(_lt("eBay has a disturbance of its own."), AGAIN, passing=True),
    25025: Meaning(
        _lt("Somebody else is changing the same listing right now."), AGAIN, passing=True
    ),
    25709: Meaning(
        _lt("eBay does not accept a value of the listing."),
        _lt("Compare SKU, offer and quantity with eBay."),
    ),
    25710: _LISTING,
    25713: _LISTING,
    25759: Meaning(
        _lt("The quantity is below what an auction of this article needs."),
        _lt("End the auction or keep the quantity."),
    ),
    # -- feedback
    501003: _LISTING,
    501005: _WORDS,
    501008: Meaning(_lt("Feedback was left already."), _lt("Nothing to do.")),
    501009: _FEEDBACK_BLOCKED,
    501010: _FEEDBACK_BLOCKED,
    501011: _FEEDBACK_BLOCKED,
    501012: _FEEDBACK_BLOCKED,
    501013: _WORDS,
    501014: _WORDS,
    501015: _WORDS,
    501020: Meaning(
        _lt("Sellers may only leave positive feedback."), _lt("Choose positive feedback.")
    ),
    # -- login and quota
    1001: _CONSENT,
    1002: _CONSENT,
    1003: _CONSENT,
    1100: Meaning(
        _lt("The seller's consent does not cover this."),
        _lt("Press “Connect with eBay” on the account again and agree to everything asked for."),
    ),
    2001: Meaning(_lt("eBay's limit of calls is used up for now."), AGAIN, passing=True),
    # -- Trading API
    17: _LISTING,
    291: Meaning(
        _lt("The listing has ended."), _lt("Relist it at eBay, or take the listing out here.")
    ),
    518: Meaning(_lt("eBay's limit of calls is used up for now."), AGAIN, passing=True),
    931: _CONSENT,
    932: _CONSENT,
    10007: Meaning(_lt("eBay has a disturbance of its own."), AGAIN, passing=True),
    21916750: Meaning(
        _lt("The listing has ended."), _lt("Relist it at eBay, or take the listing out here.")
    ),
    21916984: _CONSENT,
    21917053: _CONSENT,
}
LOGIN: Final = frozenset(number for number, found in MEANINGS.items() if found is _CONSENT)
QUOTA: Final = frozenset({518, 2001})


def meaning(said: Said) -> Meaning:
    """Return what an error means; unknown ones keep eBay's sentence."""
    if said.number in MEANINGS:
        return MEANINGS[said.number]
    if not said.message:
        return Meaning(_lt("eBay refused without a reason (number %(id)s).", id=said.number), LOOK)
    return Meaning(
        _lt("eBay says: %(message)s (number %(id)s)", message=said.message, id=said.number), LOOK
    )


def read_errors(data: object) -> tuple[Said, ...]:
    """Return the errors in eBay's envelope; none when it is no such thing."""
    rows = data.get("errors") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        return ()
    return tuple(_said(row) for row in rows[:20] if isinstance(row, dict))


def _said(row: dict[str, Any]) -> Said:
    number = row.get("errorId")
    if isinstance(number, bool) or not isinstance(number, int):
        number = 0
    text = row.get("longMessage") or row.get("message")
    return Said(number, " ".join(clean_text(text, 300).split()))


def failure(answer: Answer) -> errors.AutomationError:
    """Return what an answer of 400 and above means."""
    try:
        found = read_errors(json.loads(answer.content))
    except (ValueError, RecursionError):
        found = ()
    said = found[0] if found else Said()
    told = meaning(said)
    if answer.status == 401 or said.number in LOGIN:
        return errors.AuthenticationFailed(_CONSENT.text, _CONSENT.hint)
    if answer.status == 403:
        denied = told if found else MEANINGS[1100]
        return errors.AccessDenied(denied.text, denied.hint)
    if said.number in QUOTA:
        return errors.Throttled(told.text, told.hint)
    if answer.status == 404:
        missing = Meaning(_lt("eBay does not find what was asked for."), LOOK)
        missing = told if found else missing
        return errors.NotFound(missing.text, missing.hint)
    if told.passing:
        return errors.Unavailable(told.text, told.hint)
    if not found:
        return errors.Rejected(
            _lt("eBay refused the request (%(status)s).", status=answer.status), LOOK
        )
    return Refused(told.text, told.hint, said.number)


class Refused(errors.Rejected):
    """eBay refused; ``number`` is its own number of the reason."""

    def __init__(self, message: str, hint: str = "", number: int = 0) -> None:
        super().__init__(message, hint)
        self.number = number
