"""What to do with an order, and why a person may have to look at it first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import Hold, ShopAddress, Treatment

from . import const
from .reader import Reader

_lt = Marker(__name__)

_PROGRAMS: Final = {
    "PREORDER": _lt("The order is a pre-order."),
    "IN_STORE_PICK_UP": _lt("The buyer collects the order."),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the decision depends on."""

    row: Reader
    status: str
    fulfilled_by: str
    programs: frozenset[str]
    delivery: ShopAddress

    @property
    def by_amazon(self) -> bool:
        """Whether Amazon's logistics send it."""
        return self.fulfilled_by == const.AMAZON

    @property
    def by_us(self) -> bool:
        """Whether we have to send it."""
        return self.fulfilled_by == const.MERCHANT


def treatment(facts: Facts) -> Treatment:
    """Return what to do with an order that is seen first."""
    status = facts.status
    if status == const.CANCELLED:
        return "ignore"
    if status in const.PENDING:
        return "reserve" if facts.by_us else "ignore"
    if facts.by_amazon:
        if status in const.UNSHIPPED:
            return "ignore"
        return "import" if status == const.SHIPPED else "hold"
    if status == const.SHIPPED:
        return "history"
    return "import" if status in const.UNSHIPPED and facts.by_us else "hold"


def holds(facts: Facts) -> Iterator[Hold]:
    """Return the reasons to let a person look before the order goes on."""
    yield from _unknowns(facts)
    if facts.status == const.SHIPPED or facts.by_amazon:
        return
    for program in sorted(facts.programs & const.HOLD_PROGRAMS):
        yield Hold("amazon:program", _PROGRAMS[program], _lt("Decide how it is delivered."))
    yield from _cancellation(facts.row)
    if not (facts.delivery.last_name and facts.delivery.street_line):
        yield Hold(
            "amazon:address",
            _lt("Amazon withholds the address."),
            _lt(
                "The application lacks the role for names and addresses, or the order is too old. "
                "Copy the address from Seller Central, and test the account's connection."
            ),
        )
    for item in facts.row.rows("orderItems", _lt("article")):
        product = item.block("product", _lt("article")).block("customization", _lt("customisation"))
        if product.text("customizedUrl", _lt("customisation"), 2_000):
            yield Hold(
                "amazon:customised",
                _lt("The buyer had an article personalised."),
                _lt("Read the buyer's wishes on the order in Seller Central."),
            )
            break


def _unknowns(facts: Facts) -> Iterator[Hold]:
    known = {*const.PENDING, *const.UNSHIPPED, const.SHIPPED, const.CANCELLED}
    if facts.status == "UNFULFILLABLE":
        yield Hold(
            "amazon:status",
            _lt("Amazon cannot deliver the order."),
            _lt("Look at the order in Seller Central and decide what happens to it."),
        )
    elif facts.status not in known:
        yield Hold(
            "amazon:status",
            _lt("The order has a status that is new: “%(status)s”.", status=facts.status),
            _lt("Look at the order in Seller Central and decide what happens to it."),
        )
    if not (facts.by_us or facts.by_amazon):
        yield Hold(
            "amazon:fulfiller",
            _lt("Amazon does not say who sends the order."),
            _lt("Look in Seller Central whether you or Amazon's logistics send it."),
        )


def _cancellation(row: Reader) -> Iterator[Hold]:
    """Return a hold when somebody asks to cancel; Amazon leaves such an order open."""
    reasons: list[str] = []
    asked = 0
    for item in row.rows("orderItems", _lt("article")):
        request = item.block("cancellation", _lt("cancellation")).block(
            "cancellationRequest", _lt("request")
        )
        if request.value:
            asked += 1
            reasons.append(request.text("cancelReason", _lt("reason"), 200))
    if not asked:
        return
    reason = "; ".join(dict.fromkeys(filter(None, reasons)))
    yield Hold(
        "amazon:cancel_request",
        _lt("The buyer asks to cancel: %(reason)s", reason=reason)
        if reason
        else _lt("The buyer asks to cancel."),
        _lt(
            "If nothing has left the house, cancel the order; otherwise override this case and "
            "send it. Answer the buyer either way."
        ),
    )


def total_hold(number: str, total: Decimal, found: Decimal) -> Hold:
    """Return the hold for amounts that do not add up."""
    return Hold(
        "amazon:total",
        _lt(
            "Amazon's amounts do not add up: the total of order %(number)s is %(total)s, "
            "its parts give %(found)s.",
            number=number,
            total=total,
            found=found,
        ),
        _lt("Compare the order in Seller Central and correct the lines."),
    )


def hidden_tax_hold(number: str) -> Hold:
    """Return the hold for a tax that Amazon pays but does not name."""
    return Hold(
        "amazon:hidden_tax",
        _lt(
            "Amazon pays the tax of order %(number)s but does not say how much it is.",
            number=number,
        ),
        _lt(
            "Take the net price from Seller Central, correct the lines and use the tax for sales "
            "through a marketplace."
        ),
    )
