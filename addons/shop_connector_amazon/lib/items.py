"""The articles of an order: what was bought, for how much, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.automation_core.lib.texts import Marker, joined
from odoo.addons.shop_connector.lib.order import Reservation

from . import const
from .amounts import ZERO, ItemAmounts, read_item
from .lines import Article
from .model import Gift
from .reader import Reader

_lt = Marker(__name__)


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
    items = [_item(row) for row in order.rows("orderItems", _lt("article"))]
    if not items:
        raise order.fail("orderItems", _lt("%(name)s has no articles."))
    if len({item.line_id for item in items}) < len(items):
        raise order.fail("orderItems", _lt("%(name)s has two articles with the same number."))
    return items


def _item(row: Reader) -> Item:
    quantity = row.count("quantityOrdered", _lt("quantity"))
    amounts, currencies = read_item(row, quantity)
    tax = row.block("tax", _lt("tax"))
    models = {
        entry.text("model", _lt("tax model"), 40)
        for entry in tax.rows("taxCollections", _lt("tax"))
    }
    rows = tax.rows("taxCalculationBreakdowns", _lt("tax scheme"))
    schemes = [entry.text("reportingScheme", _lt("tax scheme"), 16) for entry in rows]
    fulfillment = row.block("fulfillment", _lt("fulfilment"))
    abroad = fulfillment.block("shipping", _lt("shipping")).block(
        "internationalShipping", _lt("customs")
    )
    return Item(
        row=row,
        line_id=row.needed("orderItemId", _lt("article's number"), 64),
        sku=row.block("product", _lt("article")).text("sellerSku", _lt("SKU"), 128),
        quantity=quantity,
        amounts=amounts,
        currencies=currencies,
        facilitated=const.FACILITATOR in models,
        scheme=next(filter(None, schemes), ""),
        ioss_number=abroad.text("iossNumber", _lt("IOSS number"), 32),
        shipped=fulfillment.count("quantityFulfilled", _lt("shipped quantity"), 0),
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
    product = item.row.block("product", _lt("article"))
    promotions = item.row.block("promotion", _lt("promotion")).rows("breakdowns", _lt("promotion"))
    labels = [row.text("promotionId", _lt("promotion"), 80) for row in promotions]
    return Article(
        line_id=item.line_id,
        sku=item.sku,
        asin=product.text("asin", _lt("ASIN"), 32),
        title=product.text("title", _lt("title"), 512),
        quantity=item.quantity,
        amounts=item.amounts,
        rate=rate,
        promotions=tuple(filter(None, labels)),
        note=_gift_note(_gift(item)),
    )


def reservations(items: Iterable[Item]) -> tuple[Reservation, ...]:
    """Return the stock to keep while the buyer's payment is checked."""
    return tuple(Reservation(item.line_id, item.sku, Decimal(item.quantity)) for item in items)


def gifts(items: Sequence[Item]) -> tuple[Gift, ...]:
    """Return what is to be wrapped and written for presents."""
    return tuple(gift for item in items if (gift := _gift(item)))


def _gift(item: Item) -> Gift | None:
    packing = item.row.block("fulfillment", _lt("fulfilment")).block("packing", _lt("packing"))
    option = packing.block("giftOption", _lt("gift"))
    message = option.lines("giftMessage", _lt("gift message"), 1_000)
    wrapping = option.text("giftWrapLevel", _lt("gift wrapping"), 80)
    return Gift(item.line_id, message, wrapping) if message or wrapping else None


def _gift_note(gift: Gift | None) -> str:
    """Return what those who pack have to know."""
    if gift is None:
        return ""
    parts = []
    if gift.wrapping:
        parts.append(_lt("Gift wrapping: %(wrapping)s", wrapping=gift.wrapping))
    if gift.message:
        parts.append(_lt("Gift message: %(message)s", message=gift.message))
    return joined("\n", parts)
