"""What customs asks of a parcel that leaves the customs union."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.order_automation.lib import postal

from ..model import Box, DispatchLine, DispatchOrder
from . import const
from .countries import three_letters
from .fields import Unsendable, one, shortened
from .limits import plain
from .settings import Settings

_lt = Marker(__name__)

Json = dict[str, Any]

INVOICE: Final = _lt("number of the invoice")
_CENT: Final = Decimal("0.01")
_MOST_VALUE: Final = Decimal(100_000)
_CURRENCY = re.compile(r"[A-Z]{3}")
_ARTICLE: Final = _lt("Complete the article.")


@dataclass(frozen=True, slots=True)
class Export:
    """What customs asks beside the articles.

    :param postage: what the buyer paid for sending
    :param mrn: number of the export declaration, needed above 1,000 EUR
    """

    invoice: str = ""
    postage: Decimal = Decimal(0)
    mrn: str = ""
    description: str = ""


def customs(order: DispatchOrder, box: Box, export: Export, settings: Settings) -> Json:
    """Return the customs part of one parcel."""
    if not _CURRENCY.fullmatch(order.currency):
        raise Unsendable(
            "customs.postalCharges.currency",
            _lt("“%(code)s” is not a currency.", code=order.currency[:40]),
        )
    rows = contents(order, box)
    if not 1 <= len(rows) <= 99:
        raise Unsendable(
            "customs.items",
            _lt("Customs wants 1 to 99 articles in a parcel; here are %(count)s.", count=len(rows)),
            _lt("Pack it into several parcels."),
        )
    items = [_item(line, quantity, order.currency) for line, quantity in rows]
    _check_weight(items, box)
    body: Json = {
        "exportType": settings.export_kind,
        "postalCharges": _money(export.postage, order.currency, "customs.postalCharges"),
        "items": items,
    }
    return body | _extras(export, settings)


def contents(order: DispatchOrder, box: Box) -> list[tuple[DispatchLine, Decimal]]:
    """Return what is in a parcel; a single one without a list holds everything."""
    known = {line.position: line for line in order.lines}
    if not box.contents and len(order.boxes) > 1:
        raise Unsendable(
            "customs.items",
            _lt("It is not known which articles are in which parcel; customs asks for it."),
            _lt("Pack the delivery into its parcels."),
        )
    held = box.contents or tuple((line.position, line.quantity) for line in order.lines)
    for position, quantity in held:
        if position not in known or not quantity.is_finite():
            raise Unsendable(
                "customs.items",
                _lt(
                    "The parcel holds %(quantity)s of “%(position)s”, which the delivery does not.",
                    quantity=quantity,
                    position=position[:60],
                ),
            )
    return [(known[position], quantity) for position, quantity in held if quantity > 0]


def _item(line: DispatchLine, quantity: Decimal, currency: str) -> Json:
    """One article; what has no whole number of pieces is one piece of it all."""
    name = postal.clean(line.name) or line.sku
    pieces = quantity == quantity.to_integral_value() and quantity < 2**31
    if not pieces:
        name = f"{plain(quantity)} {name}"
    times = Decimal(1) if pieces else quantity
    grams = line.weight * times * 1000
    if not grams.is_finite() or not 0 < grams <= const.HEAVIEST:
        raise Unsendable(
            "customs.items.itemWeight",
            _lt(
                "The weight of “%(name)s” is missing or cannot be: customs asks for it.",
                name=name[:80],
            ),
            _ARTICLE,
        )
    body: Json = {
        "itemDescription": shortened(name, 256) or "-",
        "packagedQuantity": int(quantity) if pieces else 1,
        "itemValue": _money(line.value * times, currency, "customs.items.itemValue"),
        "itemWeight": {"uom": "g", "value": max(1, int(grams))},
    }
    if code := _tariff(line):
        body["hsCode"] = code
    if origin := _origin(line):
        body["countryOfOrigin"] = origin
    return body


def _tariff(line: DispatchLine) -> str:
    code = re.sub(r"[\s.]", "", line.customs_code)
    if code and not re.fullmatch(r"[0-9]{6,11}", code):
        raise Unsendable(
            "customs.items.hsCode",
            _lt(
                "“%(code)s” of “%(name)s” is no customs tariff number: it has 6 to 11 digits.",
                code=code[:40],
                name=line.name[:80],
            ),
            _ARTICLE,
        )
    return code


def _origin(line: DispatchLine) -> str:
    letters = three_letters(line.origin)
    if line.origin.strip() and not letters:
        raise Unsendable(
            "customs.items.countryOfOrigin",
            _lt(
                "DHL knows no country “%(code)s”, where “%(name)s” is from.",
                code=line.origin[:40],
                name=line.name[:80],
            ),
            _ARTICLE,
        )
    return letters


def _money(value: Decimal, currency: str, field: str) -> Json:
    if not value.is_finite() or not 0 <= value <= _MOST_VALUE:
        raise Unsendable(
            field,
            _lt("A value of %(value)s cannot be declared: DHL takes 0 to 100,000.", value=value),
        )
    return {"currency": currency, "value": float(value.quantize(_CENT, ROUND_HALF_UP))}


def _check_weight(items: Sequence[Json], box: Box) -> None:
    net = sum(item["itemWeight"]["value"] * item["packagedQuantity"] for item in items)
    if net > box.weight * 1000:
        raise Unsendable(
            "customs.items.itemWeight",
            _lt(
                "The articles weigh %(net)s kg, more than their parcel of %(gross)s kg.",
                net=plain(Decimal(net) / 1000),
                gross=plain(box.weight),
            ),
            _lt("Weigh the parcel, or correct the articles' weights."),
        )


def _extras(export: Export, settings: Settings) -> Json:
    body: Json = {}
    if settings.export_kind == "OTHER":
        text = export.description
        body["exportDescription"] = one("customs.exportDescription", _what(), text, 80)
    if export.invoice:
        body["invoiceNo"] = one("customs.invoiceNo", INVOICE, export.invoice, 35)
    if export.mrn:
        body["MRN"] = one("customs.MRN", _lt("number of the export declaration"), export.mrn, 18)
        body["hasElectronicExportNotification"] = True
    if settings.eori:
        body["shipperCustomsRef"] = one(
            "customs.shipperCustomsRef", _lt("EORI number"), settings.eori, 35
        )
    return body


def _what() -> Text:
    return _lt("description of the goods")
