"""Who bought, and where it goes."""

from __future__ import annotations

from dataclasses import replace

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import ShopAddress, ShopCustomer

from . import const
from .address import read_address
from .reader import Reader

_lt = Marker(__name__)


def customer(order: Reader, marketplace: str) -> ShopCustomer:
    """Return the buyer. The address is Amazon's relay: it forwards mails about this order only."""
    buyer = order.block("buyer", _lt("buyer"))
    _country, language = const.MARKETPLACES.get(marketplace, ("", ""))
    registration = _registration(order)
    return ShopCustomer(
        email=buyer.text("buyerEmail", _lt("e-mail address"), 254),
        phone=_recipient(order).text("phone", _lt("phone number"), 64),
        vat=registration.text("taxRegistrationNumber", _lt("VAT number"), 32)
        if registration
        else "",
        language=language,
        is_guest=False,
    )


def addresses(order: Reader, number: str, by_amazon: bool) -> tuple[ShopAddress, ShopAddress]:
    """Return billing and delivery address; Amazon knows a billing address of companies only."""
    delivery = read_address(_recipient(order))
    if by_amazon and not delivery.last_name:
        delivery = replace(delivery, last_name=f"Amazon {number}")
    return _billing(order, delivery), delivery


def purchase_order(order: Reader) -> str:
    """Return the number a company has given the order itself."""
    return order.block("buyer", _lt("buyer")).text(
        "buyerPurchaseOrderNumber", _lt("purchase order"), 64
    )


def delivery_note(order: Reader) -> str:
    """Return what the buyer tells the carrier: where to leave it, how to find the door."""
    wishes = order.block("recipient", _lt("recipient")).block(
        "deliveryPreference", _lt("delivery wishes")
    )
    place = wishes.text("dropOffLocation", _lt("place to leave it"), 200)
    return "\n".join(
        filter(None, (place, wishes.lines("addressInstruction", _lt("directions"), 500)))
    )


def _billing(order: Reader, delivery: ShopAddress) -> ShopAddress:
    """Return the address for the invoice: the registered one, or the delivery's with the company
    that buys.
    """
    buyer = order.block("buyer", _lt("buyer"))
    company = buyer.text("buyerCompanyName", _lt("company"), 200)
    registration = _registration(order)
    if registration:
        company = company or registration.text("legalName", _lt("company"), 200)
        row = registration.block("taxRegistrationAddress", _lt("registered address"))
        if row.has("addressLine1") and row.has("city"):
            address = read_address(row)
            return replace(
                address,
                last_name=address.last_name or buyer.text("buyerName", _lt("buyer"), 200),
                company=address.company or company,
            )
    if not company:
        return delivery
    name = buyer.text("buyerName", _lt("buyer"), 200) or delivery.last_name
    return replace(delivery, last_name=name, company=company)


def _recipient(order: Reader) -> Reader:
    return order.block("recipient", _lt("recipient")).block(
        "deliveryAddress", _lt("delivery address")
    )


def _registration(order: Reader) -> Reader | None:
    """Return the buyer's registration for taxes, if there is one with a number."""
    for row in order.block("tax", _lt("tax")).rows("taxRegistrations", _lt("tax registration")):
        kind = row.text("taxRegistrationType", _lt("kind of registration"), 16)
        if row.text("entityType", _lt("entity"), 16) == "BUYER" and kind in const.VAT_TYPES:
            return row
    return None
