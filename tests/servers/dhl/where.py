"""Where a parcel is, told by DHL's two services."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as Xml
from zoneinfo import ZoneInfo

from ..base import Call, Sent
from .book import PLACES, Book, Parcel, Step
from .login import Logins, refused
from .wire import XML_TYPE, sent

Json = dict[str, Any]

ZONE = ZoneInfo("Europe/Berlin")


class Where:
    """Answers questions about parcels; DHL lets a new key ask ``limit`` times a day."""

    limit = 250

    def __init__(self, book: Book, logins: Logins) -> None:
        self._book = book
        self._logins = logins
        self.asked: list[datetime] = []

    # -- Shipment Tracking - Unified ---------------------------------------------

    def unified(self, call: Call) -> Sent:
        """One parcel, in JSON."""
        if call.small_headers.get("dhl-api-key") != self._logins.api_key:
            return refused()
        now = self._book.now()
        self.asked = [when for when in self.asked if now - when < timedelta(days=1)]
        if len(self.asked) >= self.limit:
            return sent(429, {"title": "Too Many Requests", "status": 429})
        self.asked.append(now)
        number = call.params.get("trackingNumber", "")
        parcel = self._book.parcels.get(number)
        events = parcel.events(now, self._book.speed) if parcel else []
        if not parcel or not events:
            body = {"title": "No result found", "status": 404}
            return sent(404, body | {"detail": "No shipment with given tracking number found."})
        language = call.params.get("language", "en")
        rows = [_unified_event(row, language) for row in events]
        shipment: Json = {
            "id": int(number) if number.isdigit() and number[0] != "0" else number,
            "service": "parcel-de",
            "status": rows[0],
            "events": rows,
            "details": {"product": {"productName": "DHL PAKET"}},
        }
        return sent(200, {"shipments": [shipment]})

    # -- Parcel DE Tracking --------------------------------------------------------

    def parcel_de(self, call: Call) -> Sent:
        """Up to twenty parcels, in XML."""
        if not self._logins.admits_app(call):
            return refused()
        wish = Xml.fromstring(call.params["xml"])
        root = Xml.Element("data", {"name": "piece-shipment-list", "request-id": "1"})
        if (wish.get("appname"), wish.get("password")) != (
            self._logins.user,
            self._logins.password,
        ):
            root.attrib |= {"code": "5", "error": "Login failed"}
            return _xml(root)
        numbers = wish.attrib["piece-code"].split(";")
        assert wish.get("request") == "d-get-piece-detail"
        assert len(numbers) <= 20
        parcels = [self._book.parcels.get(number) for number in numbers]
        for number, parcel in zip(numbers, parcels, strict=True):
            if parcel and parcel.closed:
                self._piece(root, parcel)
            elif any(parcels):
                Xml.SubElement(
                    root,
                    "data",
                    {"name": "piece-shipment", "error-status": "1", "searched-piece-code": number},
                )
        root.attrib |= {"code": "0"} if any(parcels) else {"code": "100", "error": "No data found"}
        return _xml(root)

    def _piece(self, root: Xml.Element, parcel: Parcel) -> None:
        events = parcel.events(self._book.now(), self._book.speed)
        when, last = events[0]
        back = "true" if parcel.journey == "returned" and len(events) > 6 else "false"
        piece = Xml.SubElement(root, "data", {
            "name": "piece-shipment",
            "piece-code": parcel.number,
            "searched-piece-code": parcel.number,
            "status": last.german,
            "status-timestamp": _german(when),
            "ice": last.ice,
            "ric": last.ric,
            "standard-event-code": last.standard,
            "delivery-event-flag": "1" if last.ice == "DLVRD" else "0",
            "piece-customer-reference": parcel.reference,
            "ruecksendung": back,
        })  # fmt: skip
        listed = Xml.SubElement(piece, "data", {"name": "piece-event-list"})
        for at, step in reversed(events):
            Xml.SubElement(listed, "data", {
                "name": "piece-event",
                "event-timestamp": _german(at),
                "event-status": step.german,
                "event-text": step.german,
                "ice": step.ice,
                "ric": step.ric,
                "event-location": PLACES.get(step.ice, ""),
                "event-country": "Deutschland",
                "standard-event-code": step.standard,
            })  # fmt: skip


def _unified_event(row: tuple[datetime, Step], language: str) -> Json:
    when, step = row
    said = step.german if language == "de" else step.english
    place = PLACES.get(step.ice, "")
    return {
        "timestamp": when.astimezone(ZONE).replace(tzinfo=None).isoformat(timespec="seconds"),
        "statusCode": step.unified,
        "status": said.upper()[:35],
        "description": said,
        **({"location": {"address": {"addressLocality": place}}} if place else {}),
    }


def _german(when: datetime) -> str:
    return when.astimezone(ZONE).strftime("%d.%m.%Y %H:%M")


def _xml(root: Xml.Element) -> Sent:
    return Sent(200, Xml.tostring(root, encoding="UTF-8", xml_declaration=True), (XML_TYPE,))
