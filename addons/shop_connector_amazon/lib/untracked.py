"""Telling Amazon of parcels without a tracking number: letters, couriers. There is only a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from lxml import etree

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker

from . import carriers
from .cancellation import envelope
from .feeds import XML_TYPE, FeedJob
from .orders import stamp
from .shipment import Parcel

_lt = Marker(__name__)

FULFILLMENT_FEED: Final = "POST_ORDER_FULFILLMENT_DATA"


def build_job(marketplace: str) -> FeedJob:
    """Return the file to send; its content comes from :func:`build_document`."""
    return FeedJob(FULFILLMENT_FEED, (marketplace,), XML_TYPE)


def build_document(seller: str, order_id: str, parcels: Sequence[Parcel], now: datetime) -> bytes:
    """Return the file that reports parcels.

    :raises errors.Rejected: for a parcel without carrier
    """
    root = envelope(seller, "OrderFulfillment")
    for number, parcel in enumerate(parcels, 1):
        name = parcel.carrier_name if parcel.carrier == carriers.OTHER else parcel.carrier
        if not name.strip():
            raise errors.Rejected(
                _lt("The parcel has no carrier."),
                _lt("Correct the delivery, then send the message again."),
            )
        message = etree.SubElement(root, "Message")
        etree.SubElement(message, "MessageID").text = str(number)
        order = etree.SubElement(message, "OrderFulfillment")
        etree.SubElement(order, "AmazonOrderID").text = order_id
        etree.SubElement(order, "FulfillmentDate").text = stamp(min(parcel.shipped_at, now))
        data = etree.SubElement(order, "FulfillmentData")
        tag = "CarrierName" if parcel.carrier == carriers.OTHER else "CarrierCode"
        etree.SubElement(data, tag).text = name.strip()
        for item_id, quantity in parcel.items:
            item = etree.SubElement(order, "Item")
            etree.SubElement(item, "AmazonOrderItemCode").text = item_id
            etree.SubElement(item, "Quantity").text = str(quantity)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def still_open(
    parcels: Sequence[Parcel], told: Mapping[str, int], fulfilled: Mapping[str, int]
) -> list[tuple[tuple[str, int], ...]]:
    """Return what of each parcel Amazon does not have as shipped yet.

    :param told: what has left of each article in all parcels together
    :param fulfilled: what Amazon has as shipped
    """
    missing = {item: max(0, count - fulfilled.get(item, 0)) for item, count in told.items()}
    found = []
    for parcel in parcels:
        items = []
        for item, quantity in parcel.items:
            part = min(quantity, missing.get(item, 0))
            missing[item] = missing.get(item, 0) - part
            if part:
                items.append((item, part))
        found.append(tuple(items))
    return found
