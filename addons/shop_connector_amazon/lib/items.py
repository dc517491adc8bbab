"""The articles of an order: what was bought, for how much, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from . import const
from .amounts import ZERO, ItemAmounts, read_item
from .lines import Article
from .model import Gift, Reservation
from .reader import Reader


@dataclass(slots=True)
class Item:
    """An article as read. ``facilitated``: Amazon pays its tax."""

    row: Reader
    line_id: str
    sku: str
    quantity: int
    amounts: ItemAmounts
    currencies: set[str]
    facilitated: bool
    scheme: str
    ioss_number: str
    shipped: int

    @property
    def price(self) -> Decimal:
        """What the buyer pays for it, as far as Amazon says."""
        amounts = self.amounts
        return amounts.plain if amounts.total is None else amounts.total


def read_items(order: Reader) -> list[Item]:
    """Return the articles of an order, cancelled ones (quantity 0) too."""
    items = [_item(row) for row in order.rows("orderItems", "article")]
    if not items:
        raise order.fail("orderItems", "has no articles.")
    if len({item.line_id for item in items}) < len(items):
        raise order.fail("orderItems", "has two articles with the same number.")
    return items


def _item(row: Reader) -> Item:
    quantity = row.count("quantityOrdered", "quantity")
    amounts, currencies = read_item(row, quantity)
    tax = row.block("tax", "tax")
    models = {entry.text("model", "tax model", 40) for entry in tax.rows("taxCollections", "tax")}
    rows = tax.rows("taxCalculationBreakdowns", "tax scheme")
    schemes = [entry.text("reportingScheme", "tax scheme", 16) for entry in rows]
    fulfillment = row.block("fulfillment", "fulfilment")
    abroad = fulfillment.block("shipping", "shipping").block("internationalShipping", "customs")
    return Item(
        row=row,
        line_id=row.needed("orderItemId", "article's number", 64),
        sku=row.block("product", "article").text("sellerSku", "SKU", 128),
        quantity=quantity,
        amounts=amounts,
        currencies=currencies,
        facilitated=const.FACILITATOR in models,
        scheme=next(filter(None, schemes), ""),
        ioss_number=abroad.text("iossNumber", "IOSS number", 32),
        shipped=fulfillment.count("quantityFulfilled", "shipped quantity", 0),
    )


def articles(items: Iterable[Item], gross: bool) -> list[Article]:
    """Return the articles with their tax rates; where Amazon pays the tax they are without."""
    found = []
    for item in items:
        rate = ZERO if item.facilitated else item.amounts.rate(gross)
        if item.facilitated and gross:
            item.amounts.reduce()
        found.append(_article(item, rate))
    return found


def _article(item: Item, rate: Decimal | None) -> Article:
    product = item.row.block("product", "article")
    promotions = item.row.block("promotion", "promotion").rows("breakdowns", "promotion")
    labels = [row.text("promotionId", "promotion", 80) for row in promotions]
    return Article(
        line_id=item.line_id,
        sku=item.sku,
        asin=product.text("asin", "ASIN", 32),
        title=product.text("title", "title", 512),
        quantity=item.quantity,
        amounts=item.amounts,
        rate=rate,
        promotions=tuple(filter(None, labels)),
    )


def reservations(items: Iterable[Item]) -> tuple[Reservation, ...]:
    """Return the stock to keep while the buyer's payment is checked."""
    return tuple(Reservation(item.line_id, item.sku, item.quantity) for item in items)


def gifts(items: Sequence[Item]) -> tuple[Gift, ...]:
    """Return what is to be wrapped and written for presents."""
    found = []
    for item in items:
        packing = item.row.block("fulfillment", "fulfilment").block("packing", "packing")
        option = packing.block("giftOption", "gift")
        message = option.lines("giftMessage", "gift message", 1_000)
        wrapping = option.text("giftWrapLevel", "gift wrapping", 80)
        if message or wrapping:
            found.append(Gift(item.line_id, message, wrapping))
    return tuple(found)
