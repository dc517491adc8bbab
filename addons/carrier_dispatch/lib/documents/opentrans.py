"""A delivery as an openTRANS 2.1 ORDER."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final

from lxml import etree

from odoo.addons.automation_core.lib.texts import Marker

from .. import schemas
from ..model import DispatchLine, DispatchOrder, Party
from . import figures, tree, words
from .address import Limits, Lines, fitted, lines_of
from .fields import label
from .problems import HINT_DELIVERY, DocumentError
from .settings import Settings
from .sizes import needed, within

_lt = Marker(__name__)

URI: Final = "http://www.opentrans.org/XMLSchema/2.1"
BMECAT: Final = "http://www.bmecat.org/bmecat/2005"
NAMES: Final[dict[Any, str]] = {None: URI, "bmecat": BMECAT}
_OT, _BC = tree.Namespace(URI), tree.Namespace(BMECAT)
_OWN: Final = {"type": "party_specific"}
_MOST: Final = {
    "name": 50, "name2": 50, "name3": 50, "street": 50, "street2": 250, "zip": 20,
    "city": 50, "state": 50, "country": 2, "email": 255, "phone": 50,
}  # fmt: skip
_SHORT, _LONG = 150, 64_000  # an article's name, a remark


def write(order: DispatchOrder, settings: Settings | None = None) -> bytes:
    """Return the document, valid by the schema.

    :raises DocumentError: something does not fit into it
    """
    settings = settings or Settings()
    root = etree.Element(
        f"{{{URI}}}{'OPENTRANS' if settings.wrapped else 'ORDER'}",
        nsmap=NAMES,
    )
    order_root = _OT.under(root, "ORDER") if settings.wrapped else root
    order_root.set("type", "standard")
    order_root.set("version", "2.1")
    _head(_OT.under(order_root, "ORDER_HEADER"), order, settings)
    items = _OT.under(order_root, "ORDER_ITEM_LIST")
    if not order.lines:
        raise DocumentError(_lt("The delivery has no lines."), HINT_DELIVERY, "lines")
    for line in order.lines:
        _item(_OT.under(items, "ORDER_ITEM"), line)
    summary = _OT.under(order_root, "ORDER_SUMMARY")
    _OT.under(summary, "TOTAL_ITEM_NUM", str(len(order.lines)))
    return tree.content(root, settings.encoding, schemas.OPENTRANS)


def _head(head: etree._Element, order: DispatchOrder, settings: Settings) -> None:
    created = figures.local(order.created, settings.zone).isoformat()
    control = _OT.under(head, "CONTROL_INFO")
    _OT.under(control, "GENERATION_DATE", created)
    info = _OT.under(head, "ORDER_INFO")
    _OT.under(info, "ORDER_ID", needed(order.number, "number", 250))
    _OT.under(info, "ORDER_DATE", created)
    if order.ship_by:
        _until(info, order, settings)
    _parties(info, order, settings)
    _order_reference(info, order)
    references = _OT.under(info, "ORDER_PARTIES_REFERENCE")
    _BC.under(references, "BUYER_IDREF", words.clean(settings.buyer), **_OWN)
    _BC.under(references, "SUPPLIER_IDREF", words.clean(settings.supplier), **_OWN)
    shipment = _OT.under(references, "SHIPMENT_PARTIES_REFERENCE")
    _OT.under(shipment, "DELIVERY_IDREF", _recipient_id(order), **_OWN)
    if order.carrier:
        _OT.under(shipment, "DELIVERER_IDREF", words.clean(order.carrier), **_OWN)
    _OT.said(info, "PARTIAL_SHIPMENT_ALLOWED", "true" if order.partial else "false")
    if settings.embed and order.files:
        _files(info, order)
    _remarks(info, order)


def _order_reference(info: etree._Element, order: DispatchOrder) -> None:
    reference = _OT.under(info, "CUSTOMER_ORDER_REFERENCE")
    _OT.under(reference, "ORDER_ID", needed(order.order, "order", 250))
    _OT.said(reference, "ORDER_DESCR", within(order.shop_order, "shop_order", 250))


def _until(info: etree._Element, order: DispatchOrder, settings: Settings) -> None:
    """The day on which it is to be sent, at the latest."""
    assert order.ship_by is not None
    here = figures.zone(settings.zone)
    first = figures.local(order.created, settings.zone)
    last = datetime.combine(order.ship_by, time(23, 59, 59), here)
    span = _OT.under(info, "DELIVERY_DATE", type="optional")
    _OT.under(span, "DELIVERY_START_DATE", min(first, last).isoformat())
    _OT.under(span, "DELIVERY_END_DATE", last.isoformat())


def _recipient_id(order: DispatchOrder) -> str:
    """A buyer may order to several addresses: without a customer's number it is the delivery's."""
    return within(order.customer_no or order.number, "customer_no", 250)


def _parties(info: etree._Element, order: DispatchOrder, settings: Settings) -> None:
    parties = _OT.under(info, "PARTIES")
    sender = address_of(order.sender, settings.limits)
    _party(parties, settings.buyer, "buyer", sender)
    _party(parties, settings.supplier, "supplier", None)
    lines = fitted(lines_of(order.recipient, order.place), _limits(settings.limits))
    _party(parties, _recipient_id(order), "delivery", lines)
    if order.carrier:
        _party(parties, order.carrier, "deliverer", None)


def address_of(party: Party, limits: Limits) -> Lines | None:
    """Return an address within the limits; none where there is no name."""
    lines = lines_of(party)
    return fitted(lines, _limits(limits)) if lines.name else None


def _limits(limits: Limits) -> Limits:
    return limits.tightened(_MOST)


def _party(parties: etree._Element, code: str, role: str, lines: Lines | None) -> None:
    party = _OT.under(parties, "PARTY")
    _BC.under(party, "PARTY_ID", needed(code, role, 250), **_OWN)
    _OT.under(party, "PARTY_ROLE", role)
    if lines is None:
        return
    address = _OT.under(party, "ADDRESS")
    names, remark = _names(lines)
    for tag, text in zip(("NAME", "NAME2", "NAME3"), names, strict=False):
        _BC.said(address, tag, text)
    _BC.said(address, "STREET", lines.street)
    _BC.said(address, "ZIP", lines.zip)
    _BC.said(address, "CITY", lines.city)
    _BC.said(address, "STATE", lines.state)
    _BC.said(address, "COUNTRY_CODED", lines.country.upper())
    _BC.said(address, "PHONE", lines.phone)
    _BC.said(address, "EMAIL", lines.email)
    _BC.said(address, "ADDRESS_REMARKS", remark)


def _names(lines: Lines) -> tuple[list[str], str]:
    """openTRANS has one line for the street: its second goes to the names, else to the remarks."""
    names = [lines.name, lines.name2, lines.name3]
    if lines.street2 and len(lines.street2) <= _MOST["name2"]:
        for place in (1, 2):
            if not names[place]:
                names[place] = lines.street2
                return names, ""
    return names, lines.street2


def _item(item: etree._Element, line: DispatchLine) -> None:
    _OT.under(item, "LINE_ITEM_ID", needed(line.position, "line.position", 50))
    product = _OT.under(item, "PRODUCT_ID")
    _BC.under(product, "SUPPLIER_PID", needed(line.sku, "line.sku", 32))
    _BC.said(product, "INTERNATIONAL_PID", within(line.ean, "line.ean", 100), type="ean")
    name = within(words.clean(line.name), "line.name", _LONG)
    short, rest = words.words_within(name, _SHORT)
    _BC.said(product, "DESCRIPTION_SHORT", short or name[:_SHORT])
    if rest:  # the whole name, so that nothing is lost
        _BC.said(product, "DESCRIPTION_LONG", name)
    _OT.under(item, "QUANTITY", figures.number(line.quantity, label=label("line.quantity")))
    _BC.under(item, "ORDER_UNIT", needed(line.unit, "line.unit", 3))
    if note := words.clean_lines(line.note):
        _OT.under(item, "REMARKS", within(note, "line.note", _LONG), type="general")


def _files(info: etree._Element, order: DispatchOrder) -> None:
    mime_info = _OT.under(info, "MIME_INFO")
    for name, kind, data, size in tree.embedded(order.files):
        mime = _OT.under(mime_info, "MIME")
        _BC.under(mime, "MIME_TYPE", kind)
        inside = _OT.under(mime, "MIME_EMBEDDED")
        _OT.under(inside, "MIME_DATA", data)
        _OT.under(inside, "FILE_NAME", within(name, "files", 250))
        _OT.under(inside, "FILE_SIZE", str(size))


def _remarks(info: etree._Element, order: DispatchOrder) -> None:
    if note := words.clean_lines(order.note):
        _OT.under(info, "REMARKS", within(note, "note", _LONG), type="deliverynote")
    if service := words.clean(order.service):
        _OT.under(info, "REMARKS", within(service, "service", _LONG), type="transport")
    if order.delivery and order.delivery != order.number:
        delivery = within(order.delivery, "delivery", _LONG)
        _OT.under(info, "REMARKS", delivery, type="general")
