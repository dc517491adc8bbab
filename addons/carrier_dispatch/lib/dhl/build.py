"""Shipments for DHL out of deliveries: one per parcel, up to thirty in a request.

Every shipment that leaves here keeps to the documents of Parcel DE Shipping; what cannot be made
to keep to them raises :class:`.Unsendable`, naming the field. Nothing is cut without a word.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.order_automation.lib import postal
from odoo.addons.order_automation.lib.address import DOOR, Analysis

from ..model import Box, DispatchOrder
from . import const
from .consignee import analysed, consignee, shipper
from .countries import HOME, needs_customs
from .customs import Export, customs
from .fields import Unsendable
from .limits import ProductRule, choose
from .services import services
from .settings import Services, Settings

_lt = Marker(__name__)

Json = dict[str, Any]

_SHORTEST, _LONGEST = 8, 35
_PAD: Final = "."
_LARGEST: Final = Decimal(1000)  # cm; more is a mistake in the unit
_NO_SERVICES: Final = Services()
_NO_EXPORT: Final = Export()


@dataclass(frozen=True, slots=True)
class Shipment:
    """One parcel as DHL is told of it. ``reference`` finds it again in DHL's answer."""

    reference: str
    product: str
    box: Box
    body: Json = field(repr=False)


def build(
    order: DispatchOrder,
    settings: Settings,
    *,
    ship_date: date | None = None,
    services: Services = _NO_SERVICES,
    export: Export = _NO_EXPORT,
) -> tuple[Shipment, ...]:
    """Return the shipments of a delivery, one for each of its parcels, in their order.

    ``order.service`` may name the product to be used; else the first that fits is.
    """
    if not order.boxes:
        raise Unsendable("details", _lt("The delivery has no parcel."), _lt("Pack it first."))
    names = references(order)
    return tuple(
        _Maker(order, box, settings, services, export).shipment(name, ship_date)
        for box, name in zip(order.boxes, names, strict=True)
    )


def batches(
    shipments: Sequence[Shipment], size: int = const.MOST_SHIPMENTS
) -> Iterator[tuple[Shipment, ...]]:
    """Return shipments in parts of one request each."""
    for start in range(0, len(shipments), size):
        yield tuple(shipments[start : start + size])


def request_body(shipments: Sequence[Shipment], settings: Settings) -> Json:
    """Return the body of one request."""
    return {"profile": settings.profile, "shipments": [shipment.body for shipment in shipments]}


def references(order: DispatchOrder) -> tuple[str, ...]:
    """Return each parcel's reference: the same at every try, and another for each parcel."""
    found = tuple(
        reference(box.reference or f"{order.number}-{place}")
        for place, box in enumerate(order.boxes, 1)
    )
    if len(set(found)) != len(found):
        raise Unsendable("refNo", _lt("Two parcels of the delivery have the same reference."))
    return found


def reference(text: str) -> str:
    """Return a reference of 8 to 35 characters; different texts give different ones.

    A short text is filled with dots. One that cannot stand as it is (too long, with letters a
    scanner does not read, with dots at its end) ends in a number made of the whole of it.
    """
    usable = bool(re.fullmatch(r"[!-~](?:[ -~]*[!-~])?", text)) and not text.endswith(_PAD)
    if usable and len(text) <= _LONGEST:
        return text.ljust(_SHORTEST, _PAD)
    tail = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    start = re.sub(r"[^0-9A-Za-z/_-]+", "-", text)[: _LONGEST - 1 - len(tail)]
    return f"{start}-{tail}"


class _Maker:
    """Makes the shipment of one parcel."""

    def __init__(
        self, order: DispatchOrder, box: Box, settings: Settings, wanted: Services, export: Export
    ) -> None:
        self.order = order
        self.box = box
        self.settings = settings
        self.wanted = wanted
        self.export = export
        self.country = postal.country_code(order.recipient.country) or HOME
        self.place: Analysis = order.place or analysed(order.recipient)

    def shipment(self, name: str, ship_date: date | None) -> Shipment:
        """Return the whole shipment."""
        details = _details(self.box)
        receiver = consignee(self.order.recipient, self.place, self.settings)
        rule = self._rule()
        declared = needs_customs(self.country, self.order.recipient.zip)
        body: Json = {
            "product": rule.product,
            "billingNumber": self.settings.billing_numbers[rule.product],
            "refNo": name,
            "shipper": shipper(self.order.sender, self.settings),
            "consignee": receiver,
            "details": details,
        }
        if ship_date:
            body["shipDate"] = ship_date.isoformat()
        extra = services(self.order, self.place, rule, self.wanted, self.settings, name)
        if extra:
            body["services"] = extra
        if declared:
            body["customs"] = customs(self.order, self.box, self.export, self.settings)
            if rule.product == const.EUROPAKET:
                body["customs"]["shippingConditions"] = self.settings.terms
        return Shipment(name, rule.product, self.box, body)

    def _rule(self) -> ProductRule:
        numbers: Mapping[str, str] = self.settings.billing_numbers
        kind = self.place.kind or DOOR
        wanted = self.order.service if self.order.service in const.PROCEDURES else ""
        found = choose(self.box, self.country, kind, numbers, self.settings.rules, wanted)
        if found.rule is None:
            raise Unsendable(
                "product",
                found.reason or "",
                _lt("Pack it differently, take another carrier, or change the shipper's limits."),
            )
        return found.rule


def _details(box: Box) -> Json:
    grams = _whole(box.weight * 1000) if box.weight.is_finite() else 0
    if not 0 < grams <= const.HEAVIEST:
        raise Unsendable(
            "details.weight",
            _lt(
                "DHL carries parcels of up to 31.5 kg, and wants to know the weight: it is "
                "%(weight)s kg.",
                weight=box.weight,
            ),
            _lt("Weigh the parcel, or pack it into two."),
        )
    body: Json = {"weight": {"uom": "g", "value": grams}}
    edges = (box.length, box.width, box.height)
    if any(not edge.is_finite() or not 0 <= edge <= _LARGEST for edge in edges):
        raise Unsendable(
            "details.dim", _lt("The edges of the parcel cannot be right: they are given in cm.")
        )
    if all(edges):
        length, width, height = map(_whole, edges)
        body["dim"] = {"uom": "cm", "length": length, "width": width, "height": height}
    return body


def _whole(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))
