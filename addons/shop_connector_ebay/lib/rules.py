"""What to do with an order, by what eBay says about its payment, shipping and cancellation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import Hold, ShopAddress, Treatment

from . import const
from .model import CancelRequest

_lt = Marker(__name__)

LOOK = _lt("Look at the order in eBay's Seller Hub and decide what happens to it.")


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decisions are made of, as eBay writes it."""

    payment: str
    fulfillment: str
    cancel: str
    instructions: str
    money_came: bool  # whatever became of it since
    delivery_complete: bool
    requests: tuple[CancelRequest, ...] = ()

    @property
    def status(self) -> str:
        """All of eBay's words on one line."""
        return " / ".join(filter(None, (self.payment, self.fulfillment, self.cancel)))

    @property
    def paid(self) -> bool:
        """Whether the buyer's money is or was there: PENDING is also said of refunds."""
        settled = (const.PAID, const.PARTIALLY_REFUNDED, const.FULLY_REFUNDED)
        return self.payment in settled or self.money_came

    @property
    def cancelled(self) -> bool:
        """Whether nothing of it is to be sent any more."""
        if self.cancel == const.CANCELED:
            return True
        return self.payment == const.FULLY_REFUNDED and self.fulfillment == const.NOT_STARTED

    @property
    def by_ebay(self) -> bool:
        """Whether eBay's own warehouse sends it."""
        return self.instructions == const.BY_EBAY


def treatment(facts: Facts) -> Treatment:
    """Return what to do with an order that is seen first."""
    if facts.cancelled:
        return "ignore"
    if not facts.paid and facts.payment in const.PAYMENT_STATES:
        return "reserve" if facts.payment == const.PENDING else "ignore"
    if facts.fulfillment == const.FULFILLED:
        return "history"
    if facts.by_ebay:
        return "ignore"
    return "hold" if any(holds(facts)) else "import"


def holds(facts: Facts) -> Iterator[Hold]:
    """Return the reasons to let a person look before the order goes on."""
    if facts.cancelled or facts.fulfillment == const.FULFILLED:
        return
    yield from _unknowns(facts)
    yield from _cancellation(facts)
    if facts.fulfillment == const.IN_PROGRESS:
        yield Hold(
            "ebay:shipped_part",
            _lt("Part of the order was shipped before it came here."),
            _lt("Compare with eBay's Seller Hub and take out what is on its way already."),
        )
    if facts.payment == const.FULLY_REFUNDED:
        yield Hold("ebay:refunded", _lt("The buyer got all of the money back."), LOOK)
    yield from _delivery(facts)


def _delivery(facts: Facts) -> Iterator[Hold]:
    if facts.instructions == const.DIGITAL:
        yield Hold(
            "ebay:digital",
            _lt("The article is delivered electronically."),
            _lt("Deliver it by eBay's message, then finish the order by hand."),
        )
    if facts.instructions == const.PICKUP:
        yield Hold(
            "ebay:pickup",
            _lt("The buyer collects the order."),
            _lt("Prepare it for collection; no parcel is sent."),
        )
    if facts.instructions == const.SHIP_TO and not facts.delivery_complete:
        yield Hold(
            "ebay:address",
            _lt("eBay sent no complete address."),
            _lt("eBay withholds addresses after 90 days. Copy the address from the Seller Hub."),
        )


def _unknowns(facts: Facts) -> Iterator[Hold]:
    for what, value, known in (
        (_lt("payment"), facts.payment, const.PAYMENT_STATES),
        (_lt("shipping"), facts.fulfillment, const.FULFILLMENT_STATES),
        (_lt("cancellation"), facts.cancel, const.CANCEL_STATES),
        (_lt("kind of delivery"), facts.instructions, const.INSTRUCTIONS),
    ):
        if value not in known:
            yield Hold(
                "ebay:status",
                _lt(
                    "eBay says something unknown about the %(what)s: “%(value)s”.",
                    what=what,
                    value=value or "–",
                ),
                LOOK,
            )


def _cancellation(facts: Facts) -> Iterator[Hold]:
    if facts.cancel != const.IN_PROGRESS:
        return
    open_ = [request for request in facts.requests if request.state == "REQUESTED"]
    if facts.requests and not open_:
        return  # all were refused
    hint = _lt("Accept or refuse the request in eBay's Seller Hub; do not ship before that.")
    if not open_:
        yield Hold("ebay:cancel", _lt("A cancellation was asked for at eBay."), hint)
        return
    yield Hold(
        "ebay:cancel",
        _lt(
            "A cancellation was asked for at eBay. By: %(by)s, reason: %(reason)s.",
            by=open_[0].by or "–",
            reason=open_[0].reason or "–",
        ),
        hint,
    )


def is_complete(address: ShopAddress) -> bool:
    """Whether a parcel could be sent there; after 90 days eBay leaves out name and street."""
    return bool(address.name and address.street and address.city)
