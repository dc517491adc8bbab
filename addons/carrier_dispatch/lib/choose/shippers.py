"""What a shipper takes, whatever the rules say."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.automation_core.lib.texts import Marker, Text
from odoo.addons.order_automation.lib import address

from ..limits import Limits, refusal
from ..model import ZERO
from .facts import Delivery
from .rules import Way

_lt = Marker(__name__)

LOCKER_LIMITS = Limits(length=Decimal(75), width=Decimal(60), height=Decimal(40))


@dataclass(frozen=True, slots=True)
class Shipper:
    """A shipper and its limits.

    :param countries: empty: all
    :param value: the highest value of a delivery in ``currency``; 0 = no limit
    :param stock: what it has, by product; ``None``: it is not asked
    """

    code: str
    name: str
    limits: Limits = field(default_factory=Limits)
    locker: Limits = LOCKER_LIMITS
    kinds: frozenset[str] = frozenset({address.DOOR})
    countries: frozenset[str] = frozenset()
    value: Decimal = ZERO
    currency: str = "EUR"
    cash_on_delivery: bool = False
    age_check: bool = False
    stock: dict[int, Decimal] | None = None


def why_refused(shipper: Shipper, way: Way, delivery: Delivery) -> Text | None:
    """Return which limit of the shipper fails; ``None`` if it takes the delivery."""
    return (
        _place(shipper, way, delivery)
        or _terms(shipper, delivery)
        or _sizes(shipper, delivery)
        or _stock(shipper, delivery)
    )


def _place(shipper: Shipper, way: Way, delivery: Delivery) -> Text | None:
    kind = delivery.place.kind
    if shipper.countries and delivery.country not in shipper.countries:
        return _lt(
            "%(name)s does not send to %(country)s.", name=shipper.name, country=delivery.country
        )
    if kind not in shipper.kinds:
        return _lt("%(name)s does not send to an address of that kind.", name=shipper.name)
    if kind in (address.LOCKER, address.OUTLET) and way.carrier not in ("", "dhl"):
        return _lt("Only DHL delivers to a Packstation or a post office.")
    special = delivery.cash_on_delivery or delivery.age_check or delivery.customs
    if kind == address.LOCKER and special:
        return _lt(
            "A parcel with cash on delivery, age check or customs does not go to a Packstation."
        )
    return None


def _terms(shipper: Shipper, delivery: Delivery) -> Text | None:
    if delivery.cash_on_delivery and not shipper.cash_on_delivery:
        return _lt("%(name)s does not collect cash on delivery.", name=shipper.name)
    if delivery.age_check and not shipper.age_check:
        return _lt("%(name)s does not check the age.", name=shipper.name)
    if not shipper.value:
        return None
    if delivery.currency != shipper.currency:
        return _lt(
            "The order is in %(currency)s; the highest value for %(name)s is in %(other)s.",
            currency=delivery.currency,
            name=shipper.name,
            other=shipper.currency,
        )
    if delivery.value > shipper.value:
        return _lt("The order's value is above the limit of %(name)s.", name=shipper.name)
    return None


def _sizes(shipper: Shipper, delivery: Delivery) -> Text | None:
    at_locker = delivery.place.kind == address.LOCKER
    for line in delivery.lines:
        if why := refusal(line.name, line.size, shipper.limits):
            return why
        if at_locker and (why := refusal(line.name, line.size, shipper.locker)):
            return why
    return None


def _stock(shipper: Shipper, delivery: Delivery) -> Text | None:
    if shipper.stock is None:
        return None
    wanted: dict[int, Decimal] = {}
    for line in delivery.lines:
        wanted[line.product] = wanted.get(line.product, ZERO) + line.quantity
        if wanted[line.product] > shipper.stock.get(line.product, ZERO):
            return _lt(
                "%(name)s has not enough of “%(article)s”.", name=shipper.name, article=line.name
            )
    return None
