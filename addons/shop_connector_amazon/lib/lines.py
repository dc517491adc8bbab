"""From an article's amounts to order lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import LineKind, ShopLine

from .amounts import ITEM, ZERO, ItemAmounts

_lt = Marker(__name__)

NAMES: Final[dict[str, tuple[LineKind, str]]] = {
    "SHIPPING": ("shipping", _lt("Shipping")),
    "GIFT_WRAP": ("fee", _lt("Gift wrapping")),
    "COD_FEE": ("fee", _lt("Fee for cash on delivery")),
    "OTHER": ("fee", _lt("Other charges")),
    "DELIVERY_TIP": ("fee", _lt("Tip for the delivery")),
}


@dataclass(frozen=True, slots=True)
class Article:
    """One article of an order with what belongs to it."""

    line_id: str
    sku: str
    asin: str
    title: str
    quantity: int
    amounts: ItemAmounts
    rate: Decimal | None
    promotions: tuple[str, ...] = ()
    note: str = ""


def order_lines(
    articles: Sequence[Article], extra: Iterable[tuple[str, Decimal]]
) -> list[ShopLine]:
    """Return all lines: the articles, their discounts, then shipping and the like summed up."""
    lines: list[ShopLine] = []
    for article in articles:
        lines.append(_article_line(article))
        if discount := article.amounts.discounts.get(ITEM):
            lines.append(_discount_line(article, discount))
    return [*lines, *_shared_lines(articles, extra)]


def _article_line(article: Article) -> ShopLine:
    total = article.amounts.parts.get(ITEM, ZERO)
    unit = article.amounts.unit_price
    if unit is None or unit * article.quantity != total:
        unit = total / article.quantity
    return ShopLine(
        line_id=article.line_id,
        kind="product",
        sku=article.sku,
        name=article.title or article.sku or article.asin or article.line_id,
        quantity=Decimal(article.quantity),
        unit_price=unit,
        total=total,
        tax_percent=article.rate,
        note=article.note,
    )


def _discount_line(article: Article, discount: Decimal) -> ShopLine:
    label = ", ".join(article.promotions)
    return ShopLine(
        line_id=f"{article.line_id}:DISCOUNT",
        kind="discount",
        name=_lt("Discount (%(promotions)s)", promotions=label) if label else _lt("Discount"),
        quantity=Decimal(1),
        unit_price=-discount,
        total=-discount,
        tax_percent=article.rate,
    )


def _shared_lines(
    articles: Sequence[Article], extra: Iterable[tuple[str, Decimal]]
) -> list[ShopLine]:
    """Return one line per kind and tax rate of what is not the articles' own price."""
    sums: dict[tuple[str, bool, Decimal | None], Decimal] = {}
    for article in articles:
        amounts = article.amounts
        for kind, amount in amounts.parts.items():
            if kind != ITEM:
                key = (kind, False, article.rate)
                sums[key] = sums.get(key, ZERO) + amount
        for kind, amount in amounts.discounts.items():
            if kind != ITEM:
                key = (kind, True, article.rate)
                sums[key] = sums.get(key, ZERO) - amount
    for kind, amount in extra:
        key = (kind, False, None)
        sums[key] = sums.get(key, ZERO) + amount
    return [_shared_line(*key, amount) for key, amount in sums.items() if amount]


def _shared_line(kind: str, discount: bool, rate: Decimal | None, amount: Decimal) -> ShopLine:
    line_kind, name = NAMES.get(
        kind, ("fee", kind.replace("_", " ").capitalize() or _lt("Charges"))
    )
    if discount:
        line_kind, name = "discount", _lt("Discount: %(what)s", what=name)
    elif amount < 0:
        line_kind = "discount"
    parts = [kind or "OTHER", "DISCOUNT" if discount else "", "" if rate is None else f"{rate}"]
    return ShopLine(
        line_id=":".join(filter(None, parts)),
        kind=line_kind,
        name=name,
        quantity=Decimal(1),
        unit_price=amount,
        total=amount,
        tax_percent=rate,
    )
