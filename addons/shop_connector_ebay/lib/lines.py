"""The lines of an order: articles, shipping, discounts and fees, to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import LineKind, ShopLine

from . import const
from .model import CollectedTax, Item
from .reader import Reader

_lt = Marker(__name__)

ZERO: Final = Decimal(0)


class Purse:
    """Reads amounts that must all have one currency."""

    def __init__(self, currency: str) -> None:
        self.currency = currency

    def find(self, row: Reader, key: str, what: str) -> Decimal | None:
        """Return an amount, ``None`` when it is absent."""
        found = row.money(key, what)
        if found is None:
            return None
        if found[1] != self.currency:
            raise row.fail(
                key,
                _lt("%(name)s has prices in two currencies: %(one)s and %(other)s."),
                one=self.currency,
                other=found[1],
            )
        return found[0]

    def amount(self, row: Reader, key: str, what: str) -> Decimal:
        """Return an amount, zero when it is absent."""
        return self.find(row, key, what) or ZERO


@dataclass(frozen=True, slots=True)
class Position:
    """One line of the order: the article, its price before and after discounts, its taxes."""

    item: Item
    name: str
    note: str
    cost: Decimal
    total: Decimal
    shipping: Decimal
    collected: tuple[CollectedTax, ...]
    included: Decimal  # of the collected taxes, what eBay's totals hold
    taxes: Decimal  # on top of the price and not collected by eBay

    @property
    def line(self) -> ShopLine:
        """The neutral line; where eBay pays the tax, the price is net and tax-free for us."""
        quantity = Decimal(self.item.quantity)
        return ShopLine(
            line_id=self.item.line_id,
            kind="product",
            name=self.name,
            quantity=quantity,
            unit_price=self.total / quantity,
            total=self.total,
            sku=self.item.sku or fallback_sku(self.item),
            tax_percent=ZERO if self.collected else None,
            note=self.note,
        )


def fallback_sku(item: Item) -> str:
    """Return what a listing without a SKU is mapped by: its number and its variation's."""
    if not item.item_id:
        return ""
    return const.NO_SKU + "/".join(filter(None, (item.item_id, item.variation_id)))


def read_positions(order: Reader, purse: Purse) -> tuple[Position, ...]:
    """Return the order's lines."""
    found = tuple(_position(row, purse) for row in order.rows("lineItems", _lt("line")))
    if len({position.item.line_id for position in found}) < len(found):
        raise order.fail("lineItems", _lt("%(name)s has two lines with the same number."))
    return found


def _position(row: Reader, purse: Purse) -> Position:
    item = _item(row)
    cost = purse.find(row, "lineItemCost", _lt("price"))
    if cost is None:
        raise row.fail("lineItemCost", _lt("%(name)s has no price."))
    discounted = purse.find(row, "discountedLineItemCost", _lt("discounted price"))
    collected = tuple(_collected(row, item.line_id, purse))
    included, taxes = _taxes(row, collected, purse)
    return Position(
        item=item,
        name=row.text("title", _lt("title"), 512) or item.sku or item.item_id or item.line_id,
        note=_choices(row),
        cost=cost,
        total=cost if discounted is None else discounted,
        shipping=_line_shipping(row.block("deliveryCost", _lt("shipping costs")), purse),
        collected=collected,
        included=included,
        taxes=taxes,
    )


def _item(row: Reader) -> Item:
    marketplace = _lt("marketplace")
    return Item(
        line_id=row.needed("lineItemId", _lt("number"), 64),
        sku=row.text("sku", _lt("SKU"), 128),
        item_id=row.text("legacyItemId", _lt("listing's number"), 64),
        variation_id=row.text("legacyVariationId", _lt("variation's number"), 64),
        quantity=row.count("quantity", _lt("quantity"), least=1),
        status=row.text("lineItemFulfillmentStatus", _lt("status"), 64),
        marketplace=row.text("purchaseMarketplaceId", marketplace, 32)
        or row.text("listingMarketplaceId", marketplace, 32),
    )


def _choices(row: Reader) -> str:
    """Return the variation the buyer chose, one property a line."""
    return "\n".join(
        ": ".join(
            filter(None, (aspect.text("name", _lt("option")), aspect.text("value", _lt("choice"))))
        )
        for aspect in row.rows("variationAspects", _lt("choice"))
    )


def _line_shipping(row: Reader, purse: Purse) -> Decimal:
    return (
        purse.amount(row, "shippingCost", _lt("amount"))
        + purse.amount(row, "handlingCost", _lt("amount"))
        - abs(purse.amount(row, "discountAmount", _lt("amount")))
    )


def _collected(row: Reader, line_id: str, purse: Purse) -> Iterator[CollectedTax]:
    for tax in row.rows("ebayCollectAndRemitTaxes", _lt("tax collected by eBay")):
        reference = tax.block("ebayReference", _lt("reference"))
        yield CollectedTax(
            line_id=line_id,
            kind=tax.text("taxType", _lt("kind of tax"), 64),
            amount=purse.amount(tax, "amount", _lt("amount")),
            scheme=reference.text("name", _lt("scheme"), 32),
            number=reference.text("value", _lt("number"), 64),
        )


def _taxes(row: Reader, collected: Iterable[CollectedTax], purse: Purse) -> tuple[Decimal, Decimal]:
    """Return the collected taxes that are in eBay's totals, and the other taxes on top.

    A collected tax is in the totals when the list of taxes names it as well.
    """
    left = [(tax.kind, tax.amount) for tax in collected]
    included = others = ZERO
    for tax in row.rows("taxes", _lt("tax")):
        kind = tax.text("taxType", _lt("kind of tax"), 64)
        amount = purse.amount(tax, "amount", _lt("amount"))
        same = next((it for it in left if it[1] == amount and kind in ("", it[0])), None)
        if same:
            left.remove(same)
            included += amount if same[0] in const.COLLECTED_TAXES else ZERO
        else:
            others += amount
    return included, others


def read_extras(
    pricing: Reader, positions: tuple[Position, ...], purse: Purse
) -> tuple[ShopLine, ...]:
    """Return shipping, discounts, adjustments and fees as lines."""
    free = ZERO if positions and all(position.collected for position in positions) else None
    shipping = _shipping(pricing, positions, purse)
    discount = _rest_of_discount(pricing, positions, purse)
    adjustment = purse.amount(pricing, "adjustment", _lt("adjustment"))
    fee = purse.amount(pricing, "fee", _lt("fee"))
    found: list[tuple[str, LineKind, Decimal]] = [
        ("shipping", "shipping", shipping),
        ("discount", "discount", -discount),
        ("adjustment", "discount" if adjustment < 0 else "fee", adjustment),
        ("fee", "fee", fee),
    ]
    return tuple(
        extra_line(key, kind, amount, free)
        for key, kind, amount in found
        if amount or kind == "shipping"
    )


def extra_line(line_id: str, kind: LineKind, amount: Decimal, tax: Decimal | None) -> ShopLine:
    """Return a line that is no article. eBay has no words for it: the product's own name counts."""
    return ShopLine(line_id, kind, "", Decimal(1), amount, amount, tax_percent=tax)


def _shipping(pricing: Reader, positions: Iterable[Position], purse: Purse) -> Decimal:
    """Return what the buyer pays for shipping, discounts taken off."""
    cost = purse.find(pricing, "deliveryCost", _lt("shipping costs"))
    if cost is None:
        return sum((position.shipping for position in positions), ZERO)
    return cost - abs(purse.amount(pricing, "deliveryDiscount", _lt("shipping discount")))


def _rest_of_discount(pricing: Reader, positions: Iterable[Position], purse: Purse) -> Decimal:
    """Return the order's discounts less those the lines' prices already have."""
    whole = abs(purse.amount(pricing, "priceDiscount", _lt("discount")))
    in_lines = sum((position.cost - position.total for position in positions), ZERO)
    return max(ZERO, whole - in_lines)


def settle(
    lines: Decimal, total: Decimal, positions: tuple[Position, ...]
) -> tuple[Decimal, Decimal]:
    """Return the order's total without eBay's own taxes, and the taxes to add as a line.

    eBay's total holds the taxes eBay collects only when it was asked for them; the lists of taxes
    say so. Where they contradict the sum of the lines, the total that fits to the cent is taken.
    """
    included = sum((position.included for position in positions), ZERO)
    collected = sum((tax.amount for position in positions for tax in position.collected), ZERO)
    on_top = sum((position.taxes for position in positions), ZERO)
    for taxes in (ZERO, on_top):
        for ours in (total - included, total, total - collected):
            if lines + taxes == ours:
                return ours, taxes
    return total - included, ZERO
