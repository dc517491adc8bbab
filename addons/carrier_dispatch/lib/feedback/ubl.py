"""Feedback as UBL 2.1 DespatchAdvice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from lxml import etree

from odoo.addons.automation_core.lib.safe_xml import local
from odoo.addons.automation_core.lib.texts import Marker

from ..model import FeedbackItem
from . import values, xml
from .model import FeedbackError, Reading, RowProblem
from .rows import Collector, Row

_lt = Marker(__name__)

NAME = "DespatchAdvice"
_UNITS = ("TransportHandlingUnit", "Consignment/TransportHandlingUnit")
_NUMBERS = ("TraceID", "ActualPackage/TraceID", "Package/TraceID")
_CARRIERS = (
    "Consignment/CarrierParty",
    "ShipmentStage/CarrierParty",
    "Delivery/CarrierParty",
    "Delivery/Despatch/CarrierParty",
)


def read(content: bytes, zone: str = "Europe/Berlin") -> Reading:
    """Return what an advice says: a feedback for each order in it.

    :raises FeedbackError: it is none
    """
    root = xml.root_of(content)
    if local(root) != NAME:
        raise FeedbackError(_lt("The file is no despatch advice of UBL."))
    return _Reader(root, zone).reading()


class _Reader:
    """Reads one advice."""

    def __init__(self, root: etree._Element, zone: str) -> None:
        self.root = root
        self.zone = zone
        self.shipment = xml.find(root, "Shipment")
        self.collector = Collector()
        self.inside: dict[str, list[tuple[str, Decimal]]] = {}  # line -> (parcel, how much)
        self.loose: list[str] = []  # parcels of which nobody says what is in them

    def reading(self) -> Reading:
        """Return what the advice says."""
        self._take_units(self.shipment)
        shipped_at = self._shipped_at()
        lines = list(xml.children(self.root, "DespatchLine"))
        if not lines:
            self.collector.blame(xml.line(self.root), _lt("The advice has no lines."))
        known: dict[tuple[str, ...], int] = {}
        for line in lines:
            keys: tuple[str, ...] = ()
            try:
                keys = self._keys(line)
                known.setdefault(keys, xml.line(line))
                for row in self._rows(line, keys, shipped_at):
                    self.collector.add(row)
            except RowProblem as problem:
                self.collector.blame(xml.line(line), problem.sentence, keys)
        if self.loose:
            for keys, at in known.items():
                carrier = self._carrier(self.shipment)
                self.collector.add(
                    Row(at, keys, numbers=tuple(self.loose), carrier=carrier, shipped_at=shipped_at)
                )
        return self.collector.reading()

    def _take_units(self, shipment: etree._Element | None) -> None:
        for path in _UNITS:
            for unit in xml.every(shipment, path):
                try:
                    self._take_unit(unit)
                except RowProblem as problem:
                    keys = self._head_keys()
                    self.collector.blame(xml.line(unit), problem.sentence, keys)

    def _take_unit(self, unit: etree._Element) -> None:
        written = xml.text(unit, *_NUMBERS)
        if not written:
            return
        number = values.number(written)
        contents = [
            (xml.text(line, "ID"), values.amount(xml.text(line, "DeliveredQuantity"), "."))
            for line in xml.children(unit, "HandlingUnitDespatchLine")
        ]
        for line_id, amount in contents:
            self.inside.setdefault(line_id, []).append((number, amount))
        if not contents and number not in self.loose:
            self.loose.append(number)

    def _head_keys(self) -> tuple[str, ...]:
        words = (
            xml.text(self.root, "OrderReference/ID"),
            xml.text(self.root, "ID"),
            xml.text(self.root, "OrderReference/SalesOrderID"),
            xml.text(self.root, "OrderReference/CustomerReference"),
        )
        try:
            return tuple(filter(None, dict.fromkeys(map(values.key, words))))
        except RowProblem:
            return ()

    def _keys(self, line: etree._Element) -> tuple[str, ...]:
        own = values.key(xml.text(line, "OrderLineReference/OrderReference/ID"))
        head = self._head_keys()
        if own and own not in head:  # an advice over several orders: the head's order is not it
            head = (own, *(word for word in (xml.text(self.root, "ID"),) if word))
        if not head:
            raise RowProblem(_lt("The row does not say which delivery it is about."))
        return head

    def _rows(
        self, line: etree._Element, keys: tuple[str, ...], shipped_at: datetime | None
    ) -> Iterator[Row]:
        """Yield a row for each parcel with some of a line, else one for the line."""
        position = values.cell(xml.text(line, "OrderLineReference/LineID"))[:64]
        sku = values.cell(
            xml.text(line, "Item/SellersItemIdentification/ID", "Item/BuyersItemIdentification/ID")
        )[:64]
        quantity = values.amount(xml.text(line, "DeliveredQuantity") or "0", ".")
        short = any(
            values.amount(written, ".") > 0
            for name in ("BackorderQuantity", "OutstandingQuantity")
            if (written := xml.text(line, name))
        )
        parts = self._parts(line, quantity)
        reason = values.cell(xml.text(line, "BackorderReason", "OutstandingReason"))[:500]
        carrier = self._carrier(xml.find(line, "Shipment")) or self._carrier(self.shipment)
        for number, amount in parts or [("", quantity)]:
            yield Row(
                line=xml.line(line),
                keys=keys,
                numbers=(number,) if number else (),
                carrier=carrier,
                item=FeedbackItem(amount, position, sku) if position or sku else None,
                shipped_at=shipped_at,
                complete=False if short else None,
                reason=reason,
            )

    def _parts(self, line: etree._Element, quantity: Decimal) -> list[tuple[str, Decimal]]:
        """Return the parcels of a line: as the units say, or the only one there is."""
        if told := self.inside.get(xml.text(line, "ID")):
            if sum((amount for _number, amount in told), Decimal(0)) == quantity:
                return told
            raise RowProblem(_lt("The parcels of the line hold another quantity than the line."))
        own = [
            values.number(written)
            for path in _UNITS
            for unit in xml.every(line, f"Shipment/{path}")
            if (written := xml.text(unit, *_NUMBERS))
        ]
        if len(own) == 1:
            return [(own[0], quantity)]
        self.loose.extend(number for number in own if number not in self.loose)
        return []

    def _carrier(self, shipment: etree._Element | None) -> str:
        for path in _CARRIERS:
            party = xml.find(shipment, path)
            if found := xml.text(party, "PartyIdentification/ID", "PartyName/Name"):
                return values.cell(found)[:64]
        return ""

    def _shipped_at(self) -> datetime | None:
        despatch = xml.find(self.shipment, "Delivery/Despatch")
        day = xml.text(despatch, "ActualDespatchDate")
        clock = xml.text(despatch, "ActualDespatchTime")
        if not day:
            day, clock = xml.text(self.root, "IssueDate"), xml.text(self.root, "IssueTime")
        if not day:
            return None
        # UBL writes a zone behind the time, or behind the day when there is no time
        written = f"{day[:10]}T{clock}" if clock else day[:10]
        try:
            return values.moment(written, self.zone)
        except RowProblem as problem:
            self.collector.blame(xml.line(self.root), problem.sentence, warning=True)
            return None
