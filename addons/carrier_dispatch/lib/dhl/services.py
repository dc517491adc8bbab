"""Services beside carrying, as far as the place and the product allow them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.order_automation.lib.address import DOOR, Analysis

from ..model import DispatchOrder
from . import const
from .consignee import described, email, phone, shipper
from .fields import Unsendable, one
from .limits import ProductRule
from .settings import Services, Settings

_lt = Marker(__name__)

Json = dict[str, Any]

_HINT: Final = _lt("Send it without the service, to a door, or with another carrier.")
_ABROAD: Final = (const.INTERNATIONAL, const.SMALL_ABROAD, const.EUROPAKET)
_PARCELS: Final = (const.PAKET, const.INTERNATIONAL)
_CENT: Final = Decimal("0.01")


def services(
    order: DispatchOrder,
    place: Analysis,
    rule: ProductRule,
    wanted: Services,
    settings: Settings,
    reference: str,
) -> Json:
    """Return the services of a shipment; raise :class:`.Unsendable` where one cannot be."""
    if place.kind != DOOR and wanted.needs_a_person:
        raise Unsendable(
            "services",
            _lt(
                "The parcel goes to %(place)s: nobody there can check who takes it, or be paid.",
                place=described(place),
            ),
            _HINT,
        )
    if place.kind != DOOR and rule.bulky:
        raise Unsendable(
            "services.bulkyGoods",
            _lt("The parcel is bulky and cannot go to %(place)s.", place=described(place)),
            _HINT,
        )
    body = _at_the_door(rule, wanted) | _abroad(order, rule, wanted, settings)
    body |= _money(rule, wanted, order, reference)
    if rule.bulky:
        body["bulkyGoods"] = True
    if wanted.climate:
        body["goGreenPlus"] = True
    if wanted.outlet_routing:
        body["parcelOutletRouting"] = _routing(order, rule, settings)
    if wanted.label_for_return:
        body["dhlRetoure"] = _way_back(order, rule, settings, reference)
    return body


def _at_the_door(rule: ProductRule, wanted: Services) -> Json:
    body: Json = {}
    flags = {
        "namedPersonOnly": wanted.named_person_only,
        "signedForByRecipient": wanted.signed_by_recipient,
        "noNeighbourDelivery": wanted.no_neighbour,
    }
    body |= {name: True for name, value in flags.items() if value}
    if wanted.neighbour:
        body["preferredNeighbour"] = one(
            "services.preferredNeighbour", _lt("neighbour"), wanted.neighbour, 100
        )
    if wanted.place:
        body["preferredLocation"] = one(
            "services.preferredLocation", _lt("place to leave it"), wanted.place, 100
        )
    if wanted.minimum_age:
        body["visualCheckOfAge"] = wanted.minimum_age
    if body and rule.product != const.PAKET:
        raise _not_with(rule, _lt("A service at the door"), next(iter(body)))
    return body


def _abroad(order: DispatchOrder, rule: ProductRule, wanted: Services, settings: Settings) -> Json:
    if rule.product not in _ABROAD:
        if wanted.premium or wanted.closest_drop_point or wanted.duty_paid:
            raise _not_with(rule, _lt("A service for parcels abroad"), "premium")
        return {}
    body: Json = {}
    if rule.product != const.EUROPAKET:
        body["endorsement"] = settings.undeliverable
    if wanted.premium:
        body["premium"] = True
    if wanted.duty_paid:
        body["postalDeliveryDutyPaid"] = True
    if wanted.closest_drop_point:
        if not (email(order.recipient, settings) or phone(order.recipient, settings)):
            raise Unsendable(
                "services.closestDropPoint",
                _lt(
                    "DHL must reach the buyer by e-mail or telephone to bring a parcel to a "
                    "place nearby, and is given neither."
                ),
                _lt("Let DHL know e-mail addresses, or send it to the door."),
            )
        body["closestDropPoint"] = True
    return body


def _money(rule: ProductRule, wanted: Services, order: DispatchOrder, reference: str) -> Json:
    body: Json = {}
    if wanted.insurance:
        if rule.product not in _PARCELS:
            raise _not_with(rule, _lt("Insurance"), "additionalInsurance")
        body["additionalInsurance"] = _value(
            wanted.insurance, order.currency, "services.additionalInsurance"
        )
    if wanted.cash_on_delivery:
        if rule.product not in _PARCELS:
            raise _not_with(rule, _lt("Cash on delivery"), "cashOnDelivery")
        if order.currency != "EUR":
            raise Unsendable(
                "services.cashOnDelivery", _lt("DHL collects euros only on delivery."), _HINT
            )
        field = "services.cashOnDelivery.amount"
        note = wanted.cash_note or reference
        cash: Json = {
            "amount": _value(wanted.cash_on_delivery, "EUR", field),
            "transferNote1": one("services.cashOnDelivery.transferNote1", _lt("note"), note, 35),
        }
        if wanted.cash_account:
            cash["accountReference"] = one(
                "services.cashOnDelivery.accountReference",
                _lt("account's name at DHL"),
                wanted.cash_account,
                35,
            )
        body["cashOnDelivery"] = cash
    return body


def _value(value: Decimal, currency: str, field: str) -> Json:
    if not value.is_finite() or not 0 < value <= 100_000:
        raise Unsendable(field, _lt("%(value)s is no amount for DHL.", value=value))
    return {"currency": currency, "value": float(value.quantize(_CENT, ROUND_HALF_UP))}


def _routing(order: DispatchOrder, rule: ProductRule, settings: Settings) -> str:
    mail = email(order.recipient, settings)
    if rule.product != const.PAKET or not mail:
        raise Unsendable(
            "services.parcelOutletRouting",
            _lt(
                "A parcel that cannot be delivered is kept at a branch only in Germany, and only "
                "where DHL may know the buyer's e-mail address."
            ),
            _HINT,
        )
    return mail


def _way_back(order: DispatchOrder, rule: ProductRule, settings: Settings, reference: str) -> Json:
    number = settings.billing_numbers.get(const.RETURN)
    if not number or rule.product != const.PAKET:
        raise Unsendable(
            "services.dhlRetoure",
            _lt(
                "A label for the way back needs a billing number for returns and goes with DHL "
                "Paket only."
            ),
            _HINT,
        )
    body: Json = {"billingNumber": number, "refNo": reference}
    if not settings.sender_reference:
        body["returnAddress"] = shipper(order.sender, settings)
    return body


def _not_with(rule: ProductRule, what: Text, name: str) -> Unsendable:
    return Unsendable(
        f"services.{name}",
        _lt("%(what)s is not possible with %(product)s.", what=what, product=rule.product),
        _HINT,
    )
