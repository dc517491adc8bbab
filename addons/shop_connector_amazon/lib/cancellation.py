"""Cancelling an order, or articles of it: Amazon has no call for it, only a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import clean_text

from . import const, explain
from .feeds import XML_TYPE, FeedJob
from .orders import ORDER_ID

_lt = Marker(__name__)


OUT_OF_STOCK: Final = "NoInventory"
BUYER_ASKED: Final = "BuyerCanceled"


@dataclass(frozen=True, slots=True)
class Cancellation:
    """An order to cancel; ``items`` are its articles' ids, none means all of it."""

    order_id: str
    reason: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CancelResult:
    """What became of one cancellation."""

    order_id: str
    accepted: bool
    text: str = ""
    hint: str = ""


def build_job(marketplace: str) -> FeedJob:
    """Return the file to send; its content comes from :func:`build_document`."""
    return FeedJob(const.ACKNOWLEDGEMENT_FEED, (marketplace,), XML_TYPE)


def envelope(seller: str, kind: str) -> etree._Element:
    """Return the frame of a file about orders."""
    root = etree.Element("AmazonEnvelope")
    header = etree.SubElement(root, "Header")
    etree.SubElement(header, "DocumentVersion").text = "1.01"
    etree.SubElement(header, "MerchantIdentifier").text = seller
    etree.SubElement(root, "MessageType").text = kind
    return root


def build_document(seller: str, cancellations: Sequence[Cancellation]) -> bytes:
    """Return the file that cancels orders.

    :raises errors.Rejected: for an order Amazon would not recognise
    """
    root = envelope(seller, "OrderAcknowledgement")
    for number, cancellation in enumerate(cancellations, 1):
        _check(cancellation)
        message = etree.SubElement(root, "Message")
        etree.SubElement(message, "MessageID").text = str(number)
        order = etree.SubElement(message, "OrderAcknowledgement")
        etree.SubElement(order, "AmazonOrderID").text = cancellation.order_id
        etree.SubElement(order, "StatusCode").text = "Failure"
        for item_id in cancellation.items:
            item = etree.SubElement(order, "Item")
            etree.SubElement(item, "AmazonOrderItemCode").text = item_id
            etree.SubElement(item, "CancelReason").text = cancellation.reason
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def _check(cancellation: Cancellation) -> None:
    if not ORDER_ID.fullmatch(cancellation.order_id):
        raise errors.Rejected(
            _lt("“%(order_id)s” is not an order number of Amazon.", order_id=cancellation.order_id),
            _lt("Cancel the order in Seller Central."),
        )
    if cancellation.reason not in const.CANCEL_REASONS:
        raise errors.Rejected(
            _lt(
                "Amazon knows no reason “%(reason)s” for a cancellation.",
                reason=cancellation.reason,
            ),
            _lt("Choose one of Amazon's reasons."),
        )
    if not all(item.isascii() and item.isalnum() for item in cancellation.items):
        raise errors.Rejected(
            _lt(
                "An article of order %(order_id)s has no number of Amazon's.",
                order_id=cancellation.order_id,
            ),
            _lt("Cancel the order in Seller Central."),
        )


def read_report(content: bytes, cancellations: Sequence[Cancellation]) -> tuple[CancelResult, ...]:
    """Return what became of each cancellation; what the report does not mention was accepted.

    :raises errors.InvalidAnswer: when it is no report
    """
    failed = read_failures(content)
    if 0 in failed:  # about the file as a whole
        told = failed[0]
        failed = dict.fromkeys(range(1, len(cancellations) + 1), told)
    return tuple(
        CancelResult(row.order_id, False, failed[number].text, failed[number].hint)
        if number in failed
        else CancelResult(row.order_id, True)
        for number, row in enumerate(cancellations, 1)
    )


def read_failures(content: bytes) -> dict[int, explain.Meaning]:
    """Return the refusals in a report about orders by the number of the message; 0 is all of them.

    :raises errors.InvalidAnswer: when it is no report
    """
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise errors.InvalidAnswer(
            _lt("Amazon's report about a file is not readable."),
            _lt("Look in Seller Central what became of the orders."),
        ) from error
    return dict(_failures(root.iter("{*}Result")))


def _failures(rows: Iterable[etree._Element]) -> Iterable[tuple[int, explain.Meaning]]:
    for row in rows:
        if clean_text(row.findtext("{*}ResultCode"), 20) != "Error":
            continue
        number = clean_text(row.findtext("{*}MessageID"), 12)
        code = clean_text(row.findtext("{*}ResultMessageCode"), 20)
        said = clean_text(row.findtext("{*}ResultDescription"), 300)
        yield (int(number) if number.isdecimal() else 0), explain.meaning(code, said)
