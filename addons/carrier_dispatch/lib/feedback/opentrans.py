"""Feedback as openTRANS 2.1 DISPATCHNOTIFICATION."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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

NAME = "DISPATCHNOTIFICATION"


@dataclass(frozen=True, slots=True)
class _Head:
    shipment: str
    carrier: str
    link: str
    shipped_at: datetime | None


def documents(root: etree._Element) -> list[etree._Element]:
    """Return the notifications of a document: the root, or those within OPENTRANS."""
    if local(root) == NAME:
        return [root]
    return list(xml.children(root, NAME)) if local(root) == "OPENTRANS" else []


def read(content: bytes, zone: str = "Europe/Berlin") -> Reading:
    """Return what a notification says: a feedback for each order in it.

    :raises FeedbackError: it is none
    """
    found = documents(xml.root_of(content))
    if not found:
        raise FeedbackError(_lt("The file is no dispatch notification of openTRANS."))
    collector = Collector()
    for document in found:
        head = _head(document, zone, collector)
        items = list(xml.every(document, f"{NAME}_ITEM_LIST/{NAME}_ITEM"))
        if not items:
            collector.blame(xml.line(document), _lt("The notification has no lines."))
        for item in items:
            _add(collector, item, head)
    return collector.reading()


def _head(document: etree._Element, zone: str, collector: Collector) -> _Head:
    info = xml.find(document, f"{NAME}_HEADER/{NAME}_INFO")
    date = xml.text(info, f"{NAME}_DATE")
    shipped_at = None
    if date:
        try:
            shipped_at = values.moment(date, zone)
        except RowProblem as problem:
            collector.blame(xml.line(document), problem.sentence, warning=True)
    return _Head(
        shipment=xml.text(info, "SHIPMENT_ID"),
        carrier=_carrier(info),
        link=xml.text(info, "TRACKING_TRACING_URL"),
        shipped_at=shipped_at,
    )


def _carrier(element: etree._Element | None) -> str:
    return values.cell(xml.text(element, "SHIPMENT_PARTIES_REFERENCE/DELIVERER_IDREF"))[:64]


def _add(collector: Collector, item: etree._Element, head: _Head) -> None:
    keys: tuple[str, ...] = ()
    try:
        keys = _keys(item, head)
        for row in _rows(item, keys, head):
            collector.add(row)
    except RowProblem as problem:
        collector.blame(xml.line(item), problem.sentence, keys)


def _keys(item: etree._Element, head: _Head) -> tuple[str, ...]:
    """Our order is the best word; a shipment may have the delivery's name or one of theirs."""
    words = (
        xml.text(item, "ORDER_REFERENCE/ORDER_ID"),
        xml.text(item, "DELIVERY_REFERENCE/DELIVERYNOTE_ID"),
        head.shipment,
        xml.text(item, "CUSTOMER_ORDER_REFERENCE/ORDER_ID"),
    )
    found = tuple(filter(None, dict.fromkeys(map(values.key, words))))
    if not found:
        raise RowProblem(_lt("The row does not say which delivery it is about."))
    return found


def _rows(item: etree._Element, keys: tuple[str, ...], head: _Head) -> Iterator[Row]:
    """Yield a row for each parcel of a line, or one without a parcel."""
    position = values.cell(xml.text(item, "ORDER_REFERENCE/LINE_ITEM_ID"))[:64]
    sku = values.cell(xml.text(item, "PRODUCT_ID/SUPPLIER_PID", "PRODUCT_ID/BUYER_PID"))[:64]
    quantity = values.amount(xml.text(item, "QUANTITY"), ".")
    packed = list(_packed(item)) or _by_link(head)
    whole = FeedbackItem(quantity, position, sku) if position or sku else None
    complete = values.yes(xml.text(item, "DELIVERY_COMPLETED"))
    told = [amount for _number, amount in packed if amount]
    shared = len(packed) > 1 and sum(told, Decimal(0)) != quantity

    def row(numbers: tuple[str, ...], of_it: FeedbackItem | None) -> Row:
        return Row(
            line=xml.line(item),
            keys=keys,
            numbers=numbers,
            carrier=_carrier(item) or head.carrier,
            item=of_it,
            link=values.https(head.link) if len(packed) == 1 else "",
            shipped_at=head.shipped_at,
            complete=complete,
        )

    if not packed or shared:  # in several parcels, and not said how much in which
        yield row(tuple(number for number, _amount in packed), whole)
        return
    for number, amount in packed:
        part = amount if len(packed) > 1 and amount else quantity
        yield row((number,), FeedbackItem(part, position, sku) if whole else None)


def _packed(item: etree._Element) -> Iterator[tuple[str, Decimal | None]]:
    """Yield the numbers of the parcels with how much of the line is in each, if it is said."""
    for package in xml.every(item, "LOGISTIC_DETAILS/PACKAGE_INFO/PACKAGE"):
        if not (written := xml.text(package, "PACKAGE_ID")):
            continue
        amount = xml.text(package, "PACKAGE_ORDER_UNIT_QUANTITY")
        yield values.number(written), values.amount(amount, ".") if amount else None


def _by_link(head: _Head) -> list[tuple[str, Decimal | None]]:
    """A shipment whose number is in its link is a parcel."""
    number = values.cell(head.shipment)
    if number and values.https(head.link) and number in head.link:
        return [(values.number(number), None)]
    return []
