"""Is this a plausible order? The last gate before records are written, whoever parsed it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from odoo.addons.automation_core.lib.texts import Marker

from .order import PayloadError, ShopAddress, ShopLine, ShopOrder

_lt = Marker(__name__)

MAX_QUANTITY = Decimal(1_000_000)
MAX_AMOUNT = Decimal(100_000_000)
MAX_LINES = 1000
MAX_PERCENT = Decimal(100)


def check_order(order: ShopOrder) -> None:
    """Raise :class:`PayloadError` for the first thing that no shop would sell like this."""
    for error in _problems(order):
        raise error


def _problems(order: ShopOrder) -> Iterator[PayloadError]:
    if not order.external_id:
        yield PayloadError(_lt("The order has no number of its own."), field="external_id")
    if order.ordered_at.utcoffset() is None:
        yield PayloadError(_lt("The order's date has no time zone."), field="ordered_at")
    if order.state == "cancelled" or order.treatment == "ignore":
        return  # nothing but its number counts (any more)
    if order.treatment == "reserve":
        yield from _reservation_problems(order)
        return  # prices and addresses are often withheld until it is paid
    if len(order.currency) != 3:
        yield PayloadError(
            _lt("“%(code)s” is not a currency.", code=order.currency), field="currency"
        )
    if not order.lines:
        yield PayloadError(
            _lt("The order has no lines."),
            _lt("Look at it in the shop; press Retry when it is complete."),
            "lines",
        )
    if len(order.lines) > MAX_LINES:
        yield PayloadError(
            _lt(
                "The order has %(count)s lines; %(limit)s is the limit.",
                count=len(order.lines),
                limit=MAX_LINES,
            ),
            field="lines",
        )
    yield from _amount_problems("total", order.total, _lt("the order's total"))
    if order.total.is_finite() and order.total < 0:
        yield PayloadError(
            _lt("The order's total is negative: %(amount)s.", amount=order.total), field="total"
        )
    yield from _address_problems("billing", order.billing)
    yield from _address_problems("delivery", order.delivery)
    yield from _shipped_problems(order)
    for index, line in enumerate(order.lines):
        yield from _line_problems(f"lines[{index}]", line)


def _reservation_problems(order: ShopOrder) -> Iterator[PayloadError]:
    for index, row in enumerate(order.reservations):
        if not row.quantity.is_finite() or not 0 <= row.quantity <= MAX_QUANTITY:
            yield PayloadError(
                _lt(
                    "The quantity of “%(what)s” is %(quantity)s.",
                    what=row.sku or row.line_id,
                    quantity=row.quantity,
                ),
                field=f"reservations[{index}].quantity",
            )


def _line_problems(path: str, line: ShopLine) -> Iterator[PayloadError]:
    what = line.sku or line.name or path
    if not line.quantity.is_finite() or not 0 < line.quantity <= MAX_QUANTITY:
        yield PayloadError(
            _lt("The quantity of “%(what)s” is %(quantity)s.", what=what, quantity=line.quantity),
            _lt("Correct the order in the shop, fetch it again and press Retry."),
            f"{path}.quantity",
        )
    yield from _amount_problems(
        f"{path}.total", line.total, _lt("the price of “%(what)s”", what=what)
    )
    yield from _amount_problems(
        f"{path}.unit_price", line.unit_price, _lt("the unit price of “%(what)s”", what=what)
    )
    percent = line.tax_percent
    if percent is not None and (not percent.is_finite() or not 0 <= percent <= MAX_PERCENT):
        yield PayloadError(
            _lt("The tax rate of “%(what)s” is %(percent)s %%.", what=what, percent=percent),
            field=f"{path}.tax_percent",
        )


def _shipped_problems(order: ShopOrder) -> Iterator[PayloadError]:
    for line_id, quantity in order.shipped:
        if not quantity.is_finite() or quantity < 0:
            yield PayloadError(
                _lt(
                    "The shipped quantity of line %(line)s is %(quantity)s.",
                    line=line_id,
                    quantity=quantity,
                ),
                field="shipped",
            )


def _amount_problems(path: str, amount: Decimal, what: str) -> Iterator[PayloadError]:
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
        yield PayloadError(
            _lt("The amount %(amount)s cannot be %(what)s.", amount=amount, what=what),
            _lt("Look at the order in the shop."),
            path,
        )


def _address_problems(path: str, address: ShopAddress) -> Iterator[PayloadError]:
    code = address.country_code
    if code and (len(code) != 2 or not code.isalpha()):
        yield PayloadError(
            _lt("“%(code)s” is not a country code.", code=code), field=f"{path}.country_code"
        )
