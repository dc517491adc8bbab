"""A delivery as a UBL 2.1 Order."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from lxml import etree

from odoo.addons.automation_core.lib.texts import Marker

from .. import schemas
from ..model import DispatchLine, DispatchOrder
from . import figures, tree, words
from .address import Lines, fitted, lines_of
from .fields import label
from .problems import HINT_DELIVERY, DocumentError
from .settings import Settings
from .sizes import needed, within

_lt = Marker(__name__)

URI: Final = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
CAC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC: Final = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NAMES: Final[dict[Any, str]] = {None: URI, "cac": CAC, "cbc": CBC}
_A, _B = tree.Namespace(CAC), tree.Namespace(CBC)
_MOST = 1000  # the schema knows no limits; nobody reads more than this


def write(order: DispatchOrder, settings: Settings | None = None) -> bytes:
    """Return the document, valid by the schema.

    :raises DocumentError: something does not fit into it
    """
    settings = settings or Settings()
    if not order.lines:
        raise DocumentError(_lt("The delivery has no lines."), HINT_DELIVERY, "lines")
    root = etree.Element(f"{{{URI}}}Order", nsmap=NAMES)
    _head(root, order, figures.local(order.created, settings.zone))
    if settings.embed:
        _files(root, order)
    _parties(root, order, settings)
    _delivery(root, order, settings)
    if not order.partial:
        terms = _A.under(root, "DeliveryTerms")
        _B.under(terms, "SpecialTerms", "Complete delivery only")
    for line in order.lines:
        _line(root, line, order)
    return tree.content(root, settings.encoding, schemas.UBL_ORDER)


def _head(root: etree._Element, order: DispatchOrder, created: datetime) -> None:
    _B.under(root, "UBLVersionID", "2.1")
    _B.under(root, "ID", needed(order.number, "number", _MOST))
    _B.under(root, "IssueDate", created.date().isoformat())
    _B.under(root, "IssueTime", created.strftime("%H:%M:%S"))
    if note := words.clean_lines(order.note):
        _B.under(root, "Note", note)
    _B.said(root, "DocumentCurrencyCode", order.currency)
    _B.said(root, "CustomerReference", within(order.shop_order, "shop_order", _MOST))
    _B.under(root, "LineCountNumeric", str(len(order.lines)))
    reference = _A.under(root, "OrderDocumentReference")
    _B.under(reference, "ID", needed(order.order, "order", _MOST))
    if order.delivery and order.delivery != order.number:
        reference = _A.under(root, "AdditionalDocumentReference")
        _B.under(reference, "ID", needed(order.delivery, "delivery", _MOST))
        _B.under(reference, "DocumentType", "Delivery")


def _files(root: etree._Element, order: DispatchOrder) -> None:
    for name, kind, data, _size in tree.embedded(order.files):
        reference = _A.under(root, "AdditionalDocumentReference")
        _B.under(reference, "ID", needed(name, "files", _MOST))
        attachment = _A.under(reference, "Attachment")
        _B.under(attachment, "EmbeddedDocumentBinaryObject", data, mimeCode=kind, filename=name)


def _parties(root: etree._Element, order: DispatchOrder, settings: Settings) -> None:
    buyer = _A.under(root, "BuyerCustomerParty")
    sender = lines_of(order.sender)
    _party(buyer, "Party", settings.buyer, fitted(sender, settings.limits) if sender.name else None)
    seller = _A.under(root, "SellerSupplierParty")
    _party(seller, "Party", settings.supplier, None)


def _delivery(root: etree._Element, order: DispatchOrder, settings: Settings) -> None:
    delivery = _A.under(root, "Delivery")
    lines = fitted(lines_of(order.recipient, order.place), settings.limits)
    if order.carrier:
        _party(delivery, "CarrierParty", order.carrier, None)
    _party(delivery, "DeliveryParty", order.customer_no or order.number, lines)
    if order.ship_by or order.service:
        despatch = _A.under(delivery, "Despatch")
        if order.ship_by:
            _B.under(despatch, "RequestedDespatchDate", order.ship_by.isoformat())
        _B.said(despatch, "Instructions", order.service)


def _party(parent: etree._Element, tag: str, code: str, lines: Lines | None) -> None:
    party = _A.under(parent, tag)
    identification = _A.under(party, "PartyIdentification")
    _B.under(identification, "ID", needed(code, "customer_no", _MOST))
    if lines is None:
        return
    for name in filter(None, (lines.name, lines.name2, lines.name3)):
        _B.under(_A.under(party, "PartyName"), "Name", name)
    address = _A.under(party, "PostalAddress")
    _B.said(address, "StreetName", lines.street)
    _B.said(address, "AdditionalStreetName", lines.street2)
    _B.said(address, "CityName", lines.city)
    _B.said(address, "PostalZone", lines.zip)
    _B.said(address, "CountrySubentity", lines.state)
    if lines.country:
        country = _A.under(address, "Country")
        _B.under(country, "IdentificationCode", lines.country.upper())
    if lines.phone or lines.email:
        contact = _A.under(party, "Contact")
        _B.said(contact, "Telephone", lines.phone)
        _B.said(contact, "ElectronicMail", lines.email)


def _line(root: etree._Element, line: DispatchLine, order: DispatchOrder) -> None:
    item_line = _A.under(_A.under(root, "OrderLine"), "LineItem")
    _B.under(item_line, "ID", needed(line.position, "line.position", _MOST))
    if note := words.clean_lines(line.note):
        _B.under(item_line, "Note", note)
    quantity = figures.number(line.quantity, label=label("line.quantity"))
    _B.under(item_line, "Quantity", quantity, unitCode=needed(line.unit, "line.unit", 3))
    _B.under(item_line, "PartialDeliveryIndicator", "true" if order.partial else "false")
    item = _A.under(item_line, "Item")
    _B.said(item, "Name", line.name or line.sku)
    seller = _A.under(item, "SellersItemIdentification")
    _B.under(seller, "ID", needed(line.sku, "line.sku", _MOST))
    if line.ean:
        standard = _A.under(item, "StandardItemIdentification")
        _B.under(standard, "ID", within(line.ean, "line.ean", _MOST), schemeID="0160")
    if line.origin:
        origin = _A.under(item, "OriginCountry")
        _B.said(origin, "IdentificationCode", line.origin.upper())
    if line.customs_code:
        commodity = _A.under(item, "CommodityClassification")
        _B.said(commodity, "ItemClassificationCode", line.customs_code, listID="HS")
