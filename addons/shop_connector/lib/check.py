"""Is this a plausible order? The last gate before records are written, whoever parsed it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from .order import PayloadError, ShopAddress, ShopLine, ShopOrder

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
        yield PayloadError("The order has no number of its own.", field="external_id")
    if order.ordered_at.utcoffset() is None:
        yield PayloadError("The order's date has no time zone.", field="ordered_at")
    if order.state == "cancelled":
        return  # nothing but its number counts any more
    if len(order.currency) != 3:
        yield PayloadError(f"“{order.currency}” is not a currency.", field="currency")
    if not order.lines:
        yield PayloadError(
            "The order has no lines.",
            "Look at it in the shop; press Retry when it is complete.",
            "lines",
        )
    if len(order.lines) > MAX_LINES:
        yield PayloadError(
            f"The order has {len(order.lines)} lines; {MAX_LINES} is the limit.", field="lines"
        )
    yield from _amount_problems("total", order.total, "the order's total")
    if order.total.is_finite() and order.total < 0:
        yield PayloadError(f"The order's total is negative: {order.total}.", field="total")
    yield from _address_problems("billing", order.billing)
    yield from _address_problems("delivery", order.delivery)
    for index, line in enumerate(order.lines):
        yield from _line_problems(f"lines[{index}]", line)


def _line_problems(path: str, line: ShopLine) -> Iterator[PayloadError]:
    what = line.sku or line.name or path
    if not line.quantity.is_finite() or not 0 < line.quantity <= MAX_QUANTITY:
        yield PayloadError(
            f"The quantity of “{what}” is {line.quantity}.",
            "Correct the order in the shop, fetch it again and press Retry.",
            f"{path}.quantity",
        )
    yield from _amount_problems(f"{path}.total", line.total, f"the price of “{what}”")
    yield from _amount_problems(
        f"{path}.unit_price", line.unit_price, f"the unit price of “{what}”"
    )
    percent = line.tax_percent
    if percent is not None and (not percent.is_finite() or not 0 <= percent <= MAX_PERCENT):
        yield PayloadError(f"The tax rate of “{what}” is {percent} %.", field=f"{path}.tax_percent")


def _amount_problems(path: str, amount: Decimal, what: str) -> Iterator[PayloadError]:
    if not amount.is_finite() or abs(amount) > MAX_AMOUNT:
        yield PayloadError(
            f"The amount {amount} cannot be {what}.", "Look at the order in the shop.", path
        )


def _address_problems(path: str, address: ShopAddress) -> Iterator[PayloadError]:
    code = address.country_code
    if code and (len(code) != 2 or not code.isalpha()):
        yield PayloadError(f"“{code}” is not a country code.", field=f"{path}.country_code")
