"""Who buys and where it goes, as eBay tells it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import ShopAddress, ShopCustomer

from .const import SITES
from .reader import Reader

_lt = Marker(__name__)

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_VAT_KINDS: Final = frozenset({"VATIN", "VAT", "VAT_ID"})


def read_address(contact: Reader) -> ShopAddress:
    """Return an address with its lines as they are; eBay gives the name in one piece."""
    first, _blank, last = contact.text("fullName", _lt("name")).rpartition(" ")
    place = contact.block("contactAddress", _lt("address"))
    country = place.text("countryCode", _lt("country"), 8).upper()
    return ShopAddress(
        first_name=first,
        last_name=last,
        company=contact.text("companyName", _lt("company")),
        street=place.text("addressLine1", _lt("street")),
        street2=place.text("addressLine2", _lt("second line of the address")),
        zip=place.text("postalCode", _lt("postcode"), 32),
        city=place.text("city", _lt("city")),
        state=place.text("stateOrProvince", _lt("state")),
        country_code=country if _COUNTRY.fullmatch(country) else "",
        phone=contact.block("primaryPhone", _lt("phone")).text("phoneNumber", _lt("phone"), 64),
    )


def with_reference(address: ShopAddress, reference: str) -> ShopAddress:
    """Return the address of eBay's hub with the number the hub knows the parcel by."""
    if not reference:
        return address
    return replace(address, street2=", ".join(filter(None, (reference, address.street2))))


def read_customer(row: Reader, contact: Reader, marketplace: str) -> ShopCustomer:
    """Return the buyer. The e-mail address may be eBay's own (``members.ebay.com``)."""
    buyer = row.block("buyer", _lt("buyer"))
    tax = buyer.block("taxIdentifier", _lt("tax number"))
    kind = tax.text("taxIdentifierType", _lt("kind of tax number"), 64).upper()
    language = SITES.get(marketplace, ("", ""))[1]
    return ShopCustomer(
        buyer_id=buyer.text("username", _lt("buyer's name at eBay"), 128),
        email=contact.text("email", _lt("e-mail address")),
        phone=contact.block("primaryPhone", _lt("phone")).text("phoneNumber", _lt("phone"), 64),
        vat=tax.text("taxpayerId", _lt("tax number"), 32) if kind in _VAT_KINDS else "",
        language=language[:2],
    )
