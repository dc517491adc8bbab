"""The fields of an order a mapping may fill, with their names for people, and countries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker, Text

from ..people import squeeze

_lt = Marker(__name__)

HEAD: Final[Mapping[str, Text]] = {
    "number": _lt("order number"),
    "ordered_at": _lt("order date"),
    "currency": _lt("currency"),
    "total": _lt("total"),
    "status": _lt("status"),
    "buyer_id": _lt("customer number"),
    "email": _lt("e-mail address"),
    "phone": _lt("phone number"),
    "vat": _lt("VAT number"),
    "language": _lt("language"),
    "payment": _lt("payment method"),
    "shipping": _lt("shipping method"),
    "note": _lt("buyer's note"),
}
ADDRESS: Final[Mapping[str, Text]] = {
    "first_name": _lt("first name"),
    "last_name": _lt("last name"),
    "company": _lt("company"),
    "street": _lt("street"),
    "house_number": _lt("house number"),
    "street2": _lt("second address line"),
    "zip": _lt("postcode"),
    "city": _lt("city"),
    "state": _lt("state"),
    "country": _lt("country"),
    "phone": _lt("phone number"),
}
LINE: Final[Mapping[str, Text]] = {
    "id": _lt("line number"),
    "sku": _lt("article number"),
    "name": _lt("article name"),
    "note": _lt("variant"),
    "quantity": _lt("quantity"),
    "unit_price": _lt("unit price"),
    "price_per": _lt("price quantity"),
    "total": _lt("line total"),
    "tax_percent": _lt("tax rate"),
}
REQUIRED: Final = ("number", "ordered_at", "line.quantity")

FIELDS: Final[Mapping[str, Text]] = {
    **HEAD,
    **{
        f"{block}.{key}": label
        for block in ("billing", "delivery")
        for key, label in ADDRESS.items()
    },
    **{f"line.{key}": label for key, label in LINE.items()},
}

# ISO code: the names shops of the region write (German, English, their own)
_COUNTRIES: Final = """
AT Österreich Austria|BE Belgien Belgium België Belgique|BG Bulgarien Bulgaria
CH Schweiz Switzerland Suisse Svizzera|CY Zypern Cyprus|CZ Tschechien Czechia
DE Deutschland Germany Allemagne Duitsland BRD|DK Dänemark Denmark Danmark|EE Estland Estonia
ES Spanien Spain España|FI Finnland Finland Suomi|FR Frankreich France|GR Griechenland Greece
HR Kroatien Croatia Hrvatska|HU Ungarn Hungary Magyarország|IE Irland Ireland|IS Island Iceland
IT Italien Italy Italia|LI Liechtenstein|LT Litauen Lithuania|LU Luxemburg Luxembourg
LV Lettland Latvia|MC Monaco|MT Malta|NL Niederlande Netherlands Nederland Holland
NO Norwegen Norway Norge|PL Polen Poland Polska|PT Portugal|RO Rumänien Romania România
RS Serbien Serbia|SE Schweden Sweden Sverige|SI Slowenien Slovenia Slovenija
SK Slowakei Slovakia Slovensko|TR Türkei Turkey Türkiye|UA Ukraine|US USA
GB Großbritannien England|JP Japan|CA Kanada Canada|AU Australien Australia|CN China
"""
COUNTRIES: Final[Mapping[str, str]] = {
    **{
        squeeze(name): words.split()[0]
        for line in _COUNTRIES.split("\n")
        for words in line.split("|")
        for name in words.split()
    },
    squeeze("Tschechische Republik"): "CZ",
    squeeze("Czech Republic"): "CZ",
    squeeze("Great Britain"): "GB",
    squeeze("United Kingdom"): "GB",
    squeeze("Vereinigtes Königreich"): "GB",
    squeeze("United States"): "US",
    squeeze("Vereinigte Staaten"): "US",
}


def label(name: str) -> str:
    """Return a field's name for people; an unknown one is its own."""
    return FIELDS.get(name, name)
