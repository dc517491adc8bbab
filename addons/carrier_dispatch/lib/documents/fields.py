"""The fields of a delivery by name, for columns, limits and sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker, Text

_lt = Marker(__name__)

ADDRESS: Final[Mapping[str, Text]] = {
    "name": _lt("name"),
    "name2": _lt("second name line"),
    "name3": _lt("third name line"),
    "street": _lt("street"),
    "street2": _lt("second street line"),
    "zip": _lt("postcode"),
    "city": _lt("city"),
    "state": _lt("state"),
    "country": _lt("country"),
    "email": _lt("e-mail address"),
    "phone": _lt("phone number"),
}
ADDRESS_PARTS: Final[Mapping[str, Text]] = {
    "street_name": _lt("street without number"),
    "house_number": _lt("house number"),
}
PLACE: Final[Mapping[str, Text]] = {
    "place.kind": _lt("kind of address"),
    "place.number": _lt("number of the Packstation or branch"),
    "place.post_number": _lt("post number"),
}
HEAD: Final[Mapping[str, Text]] = {
    "number": _lt("dispatch number"),
    "delivery": _lt("delivery"),
    "order": _lt("order"),
    "shop_order": _lt("order number of the shop"),
    "customer_no": _lt("customer number"),
    "created": _lt("date"),
    "ship_by": _lt("latest day of shipping"),
    "carrier": _lt("carrier"),
    "service": _lt("service"),
    "partial": _lt("partial delivery allowed"),
    "note": _lt("note"),
    "currency": _lt("currency"),
    "total.weight": _lt("total weight"),
    "total.value": _lt("total value"),
    "total.parcels": _lt("number of parcels"),
    "total.items": _lt("number of lines"),
}
LINE: Final[Mapping[str, Text]] = {
    "line.position": _lt("position"),
    "line.sku": _lt("article number"),
    "line.name": _lt("article name"),
    "line.quantity": _lt("quantity"),
    "line.unit": _lt("unit"),
    "line.ean": _lt("EAN"),
    "line.weight": _lt("weight of one"),
    "line.value": _lt("value of one"),
    "line.customs_code": _lt("customs tariff number"),
    "line.origin": _lt("country of origin"),
    "line.note": _lt("note on the line"),
}
BOX: Final[Mapping[str, Text]] = {
    "box.place": _lt("number of the parcel"),
    "box.reference": _lt("reference of the parcel"),
    "box.weight": _lt("weight of the parcel"),
    "box.length": _lt("length of the parcel"),
    "box.width": _lt("width of the parcel"),
    "box.height": _lt("height of the parcel"),
}
FIELDS: Final[Mapping[str, Text]] = {
    **HEAD,
    **PLACE,
    **{
        f"{who}.{name}": label
        for who in ("recipient", "sender")
        for name, label in {**ADDRESS, **ADDRESS_PARTS}.items()
    },
    **LINE,
    **BOX,
}


def label(name: str) -> str:
    """Return a field's name for people; an unknown one is its own."""
    return FIELDS.get(name, ADDRESS.get(name, name))
