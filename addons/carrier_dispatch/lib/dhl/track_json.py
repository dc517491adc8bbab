"""Answers of Shipment Tracking - Unified: one parcel per call, JSON."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from .explain import not_readable, text
from .track import Event, State, Tracked, tracked, when

Json = dict[str, Any]

_STATES: Final[dict[str, State]] = {
    "pre-transit": "announced",
    "transit": "transit",
    "delivered": "delivered",
    "failure": "failed",
}
# the service knows no word for the last vehicle and for a parcel that waits or goes back; its
# sentences do
_WAITING = re.compile(
    r"zustellfahrzeug geladen|in zustellung|zur abholung bereit|out for delivery|"
    r"loaded onto the delivery vehicle|ready for (?:collection|pick-?up)|delivery vehicle",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"an den absender zurück|rücksendung an den absender|"
    r"return(?:ed)? to (?:the )?(?:sender|shipper)",
    re.IGNORECASE,
)
_MOST_EVENTS: Final = 500


def parse(content: bytes) -> tuple[Tracked, ...]:
    """Return the parcels of an answer; raise where it is none."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise not_readable() from error
    rows = data.get("shipments") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise not_readable()
    return tuple(found for row in rows if isinstance(row, dict) and (found := _shipment(row)))


def _shipment(row: Json) -> Tracked | None:
    number = row.get("id")
    if isinstance(number, int) and not isinstance(number, bool) and 0 < number < 10**40:
        number = str(number)
    name = text(number, 60)
    if not name:
        return None
    told = row.get("events")
    rows = told[:_MOST_EVENTS] if isinstance(told, list) else []
    events = [_event(one) for one in rows if isinstance(one, dict)]
    status = row.get("status")
    if isinstance(status, dict) and not any(event.state for event in events):
        events.append(_event(status))
    return tracked(name, events, on_the_way_back=_is_return(row))


def _event(row: Json) -> Event:
    words = [text(row.get(name), 500) for name in ("description", "status", "remark")]
    said = " ".join(dict.fromkeys(filter(None, words)))
    state = _STATES.get(text(row.get("statusCode"), 40).lower())
    if state in ("transit", "failed") and _BACK.search(said):
        state = "returned"
    elif state == "transit" and _WAITING.search(said):
        state = "delivery"
    shown = next(filter(None, words), "")
    return Event(state, when(row.get("timestamp")), shown, _place(row), text(row.get("status"), 60))


def _place(row: Json) -> str:
    location = row.get("location")
    address = location.get("address") if isinstance(location, dict) else None
    return text(address.get("addressLocality"), 100) if isinstance(address, dict) else ""


def _is_return(row: Json) -> bool:
    details = row.get("details")
    holders = [row, details if isinstance(details, dict) else {}]
    return any(holder.get("returnFlag") is True for holder in holders)
