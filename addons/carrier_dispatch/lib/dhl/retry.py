"""What may be done after a call that should have made labels and failed.

Parcel DE Shipping knows no key that makes a repeated order harmless, and cannot be asked for a
shipment by our reference: ``GET /orders`` wants DHL's number, which came with the answer that was
lost. A second order with the same reference makes a second label, and both may be billed.

So there are two cases only. Where it is certain that DHL did nothing (refused, throttled, never
reached), the order is sent again by itself. Otherwise a person looks at DHL's business customer
portal, where shipments can be searched by reference, and says either "there is none" (send again)
or enters the number (the label is then fetched with ``DhlClient.labels``). What nobody looked for
shows up after the day is closed: :func:`strangers` are numbers in DHL's manifest which no delivery
has. A row of an answer may be ``unknown`` too: it is treated like a lost answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import Enum

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker, Text

from .build import Shipment
from .client import NotSent

_lt = Marker(__name__)

_REFUSED = (
    errors.AuthenticationFailed,
    errors.AccessDenied,
    errors.NotFound,
    errors.Rejected,
    errors.Throttled,
    NotSent,
)
_NEVER_THERE = (NewConnectionError, ConnectTimeoutError)


class Outcome(Enum):
    """What is known about labels after a failure."""

    NOT_MADE = "not_made"  # the same order may go out again
    UNKNOWN = "unknown"  # a person has to look


def after(error: BaseException) -> Outcome:
    """Return what is known after ``DhlClient.create`` raised an error."""
    if isinstance(error, _REFUSED):
        return Outcome.NOT_MADE
    reason = error.__cause__
    if isinstance(reason, requests.ConnectTimeout):
        return Outcome.NOT_MADE
    if isinstance(reason, requests.ConnectionError) and _never_connected(reason):
        return Outcome.NOT_MADE
    return Outcome.UNKNOWN


def question(shipments: Iterable[Shipment]) -> Text:
    """What a person is asked when nothing is known."""
    names = ", ".join(shipment.reference for shipment in shipments)
    return _lt(
        "DHL's answer was lost: labels may have been made. Search DHL's business customer portal "
        "for %(references)s. If there is a shipment, enter its number; if there is none, send it "
        "again.",
        references=names,
    )


def strangers(listed: Iterable[str], ours: Collection[str]) -> tuple[str, ...]:
    """Return the numbers in DHL's manifest of which we know nothing."""
    known = frozenset(ours)
    return tuple(dict.fromkeys(number for number in listed if number not in known))


def _never_connected(reason: requests.ConnectionError) -> bool:
    """Whether no connection came about, so that nothing was sent."""
    inner = reason.args[0] if reason.args else None
    return isinstance(getattr(inner, "reason", inner), _NEVER_THERE)
