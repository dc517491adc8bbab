"""Translate an order of Orders 2026-01-01 into the neutral order, without requests.

The body kept in the inbox is the order as Amazon sent it, one JSON object.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Final

from odoo.addons.shop_connector.lib.order import PayloadError, ShopOrder

from . import buyer, const, items, rules
from .amounts import ZERO, is_gross
from .lines import order_lines
from .model import AmazonOrder, Hold
from .orders import ORDER_ID, stamp
from .packages import read_packages
from .reader import HINT, Reader

PRICE_HINT: Final = (
    "Amazon withholds prices while a payment is checked, and from applications without the right "
    "roles. Fetch the order again in an hour; if prices are missing on all orders, test the "
    "account's connection."
)
EMPTY_HINT: Final = "It was probably cancelled just now: fetch the order again in an hour."


class NotForImport(PayloadError):
    """An order that is understood but must not become a sale now; ``found`` tells why."""

    def __init__(self, found: AmazonOrder) -> None:
        super().__init__(
            f"Order {found.order.number} is not imported: its status at Amazon is {found.status}.",
            "Nothing to do: it comes in by itself when it is ready.",
            "fulfillment.fulfillmentStatus",
        )
        self.found = found


def parse_order(body: str) -> ShopOrder:
    """Return the order in a body of the inbox if it may become a sale.

    :raises NotForImport: for orders that are not paid yet or none of our business
    :raises PayloadError: whatever else is wrong with it, and nothing else
    """
    found = read_order(body)
    if found.treatment in ("reserve", "ignore"):
        raise NotForImport(found)
    return found.order


def read_order(body: str) -> AmazonOrder:
    """Return all an order says, whatever its status.

    :raises PayloadError: whatever is wrong with it, and nothing else
    """
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise PayloadError("The order's data are damaged: they are not complete.", HINT) from error
    return read_data(data)


def read_data(data: object) -> AmazonOrder:
    """Return the order in decoded data (see :func:`read_order`)."""
    row = Reader(data, "The order")
    number = row.needed("orderId", "number", 64)
    if not ORDER_ID.fullmatch(number):
        raise row.fail("orderId", f"has a number that is none of Amazon's: “{number}”.")
    row.name = f"Order {number}"
    return _Parser(row, number).parse()


class _Parser:
    """The parts of one order."""

    def __init__(self, row: Reader, number: str) -> None:
        self.row = row
        self.number = number
        self.fulfillment = row.block("fulfillment", "fulfilment")
        self.status = self.fulfillment.text("fulfillmentStatus", "status", 40) or "unknown"
        self.programs = frozenset(row.words("programs", "programs"))
        self.marketplace = row.block("salesChannel", "marketplace").text(
            "marketplaceId", "marketplace", 32
        )
        self.items = items.read_items(row)
        self.wanted = [item for item in self.items if item.quantity]
        self.holds: list[Hold] = []
        self.facts = self._facts()
        self.treatment = rules.treatment(self.facts)
        if not self.wanted and self.treatment != "cancel":
            raise row.fail("orderItems", "has no articles left to send.", EMPTY_HINT)

    def parse(self) -> AmazonOrder:
        buyer_total = self._total()
        paid_by_amazon = self._marketplace_tax()
        order = self._order(buyer_total, paid_by_amazon)
        holds = (*self.holds, *rules.holds(self.facts))
        found = AmazonOrder(
            order=order,
            status=self.status,
            treatment="hold" if holds and self.treatment == "import" else self.treatment,
            by_amazon=self.facts.by_amazon,
            marketplace_id=self.marketplace,
            holds=holds if self.treatment in ("import", "history", "hold") else (),
            reservations=items.reservations(self.wanted) if self.treatment == "reserve" else (),
            shipped=tuple((item.line_id, item.shipped) for item in self.items if item.shipped),
            packages=read_packages(self.row),
            gifts=items.gifts(self.wanted),
            delivery_note=buyer.delivery_note(self.row),
            replaces=self._replaces(),
            hurry=bool(self.programs & const.HURRY_PROGRAMS),
            business=const.BUSINESS in self.programs,
            purchase_order=buyer.purchase_order(self.row),
            marketplace_tax=paid_by_amazon,
            buyer_total=buyer_total,
        )
        found = self._with_windows(self._with_tax_model(found))
        order.extra.update(_extra(found))
        return found

    def _with_tax_model(self, found: AmazonOrder) -> AmazonOrder:
        """Add who pays the tax."""
        schemes = sorted({item.scheme for item in self.wanted} - {""})
        numbers = [item.ioss_number for item in self.wanted if item.ioss_number]
        return replace(
            found,
            tax_model="marketplace" if any(x.facilitated for x in self.wanted) else "seller",
            tax_scheme="+".join(schemes),
            ioss_number=numbers[0] if numbers else "",
        )

    def _with_windows(self, found: AmazonOrder) -> AmazonOrder:
        """Add what Amazon has promised the buyer."""
        shipping = self.fulfillment.block("shipByWindow", "shipping window")
        delivery = self.fulfillment.block("deliverByWindow", "delivery window")
        return replace(
            found,
            ship_by=shipping.when("latestDateTime", "end of the shipping window"),
            deliver_from=delivery.when("earliestDateTime", "start of the delivery window"),
            deliver_by=delivery.when("latestDateTime", "end of the delivery window"),
        )

    def _facts(self) -> rules.Facts:
        fulfilled_by = self.fulfillment.text("fulfilledBy", "fulfiller", 40)
        by_amazon = fulfilled_by == const.AMAZON
        self.billing, self.delivery = buyer.addresses(self.row, self.number, by_amazon)
        return rules.Facts(self.row, self.status, fulfilled_by, self.programs, self.delivery)

    def _order(self, buyer_total: Decimal, paid_by_amazon: Decimal) -> ShopOrder:
        """Return the neutral order. Where Amazon pays the tax, it is no part of our sale.

        Long only for the number of its fields.
        """
        extra = self._order_level(buyer_total)
        gross = self._gross(buyer_total - sum((amount for _kind, amount in extra), ZERO))
        own_tax = sum((x.amounts.tax for x in self.wanted if not x.facilitated), ZERO)
        created = self.row.when("createdTime", "time of the order")
        if created is None:
            raise self.row.fail("createdTime", "has no time of the order.")
        level = self.fulfillment.text("fulfillmentServiceLevel", "service level", 40)
        return ShopOrder(
            external_id=self.number,
            number=self.number,
            ordered_at=created,
            updated_at=self.row.when("lastUpdatedTime", "time of the last change"),
            currency=self.currency,
            prices_include_tax=gross,
            total=buyer_total - paid_by_amazon,
            tax_total=own_tax if own_tax or paid_by_amazon else None,
            customer=buyer.customer(self.row, self.marketplace),
            billing=self.billing,
            delivery=self.delivery,
            lines=tuple(order_lines(items.articles(self.wanted, gross), extra)),
            payment_code="amazon",
            payment_title="Amazon",
            payment_state="open" if self.status in const.PENDING else "paid",
            shipping_code=level,
            shipping_title=self._shipping_title(level),
            state="cancelled" if self.status == const.CANCELLED else "open",
            shop_status=self.status,
        )

    def _shipping_title(self, level: str) -> str:
        hurry = sorted(self.programs & const.HURRY_PROGRAMS)
        return " ".join([*level.split("_"), *hurry]).strip().capitalize()

    def _replaces(self) -> str:
        for row in self.row.rows("associatedOrders", "related order"):
            if row.text("associationType", "relation", 40) in const.REPLACEMENTS:
                return row.text("orderId", "related order", 64)
        return ""

    # -- amounts ----------------------------------------------------------

    def _total(self) -> Decimal:
        """Return what the buyer pays, as far as Amazon says."""
        money = self.row.block("proceeds", "amounts").money("grandTotal", "total")
        currencies = set[str]().union(*(item.currencies for item in self.items))
        if money is not None:
            currencies.add(money.currency)
        if len(currencies) > 1:
            raise self.row.fail("proceeds", "has amounts in several currencies.")
        self.currency = next(iter(currencies), "EUR")
        if money is not None:
            if money.amount < 0:
                raise self.row.fail("proceeds.grandTotal", "has a negative total.")
            return money.amount
        stated = any(item.amounts.is_stated for item in self.wanted)
        if not stated and self.treatment in ("import", "history", "hold"):
            raise self.row.fail("proceeds", "has no prices.", PRICE_HINT)
        return sum((item.price for item in self.wanted), ZERO)

    def _marketplace_tax(self) -> Decimal:
        """Return the tax Amazon keeps and pays; a hold where it does not say how much."""
        facilitated = [item.amounts for item in self.wanted if item.facilitated]
        if any(amounts.plain and not amounts.tax for amounts in facilitated):
            self.holds.append(rules.hidden_tax_hold(self.number))
        return sum((amounts.tax for amounts in facilitated), ZERO)

    def _order_level(self, total: Decimal) -> list[tuple[str, Decimal]]:
        """Return amounts of the order as a whole, if its total contains them."""
        rows = self.row.block("proceeds", "amounts").rows("breakdowns", "amounts")
        found = []
        for row in rows:
            money = row.money("subtotal", "amount")
            if row.text("type", "kind", 40) == "DELIVERY_TIP" and money and money.amount:
                found.append(("DELIVERY_TIP", money.amount))
        tips = sum((amount for _kind, amount in found), ZERO)
        amounts = [item.amounts for item in self.wanted]
        return found if is_gross(amounts, total - tips) is not None else []

    def _gross(self, total: Decimal) -> bool:
        """Return whether prices are gross; a hold where the amounts do not add up either way."""
        amounts = [item.amounts for item in self.wanted]
        gross = is_gross(amounts, total)
        if gross is None:
            plain = sum((item.plain for item in amounts), ZERO)
            self.holds.append(rules.total_hold(self.number, total, plain))
        return gross is not False


def _extra(found: AmazonOrder) -> dict[str, str]:
    """Return Amazon's facts as texts, for rules and for showing."""
    said = {
        "treatment": found.treatment,
        "fulfilled_by": "amazon" if found.by_amazon else "merchant",
        "marketplace": found.marketplace_id,
        "replaces": found.replaces,
        "purchase_order": found.purchase_order,
        "tax_model": found.tax_model,
        "tax_scheme": found.tax_scheme,
        "ioss_number": found.ioss_number,
        "delivery_note": found.delivery_note,
        "ship_by": stamp(found.ship_by) if found.ship_by else "",
        "deliver_by": stamp(found.deliver_by) if found.deliver_by else "",
        "gifts": json.dumps([asdict(gift) for gift in found.gifts]) if found.gifts else "",
        "buyer_total": str(found.buyer_total) if found.marketplace_tax else "",
        "hurry": "yes" if found.hurry else "",
    }
    return {key: text for key, text in said.items() if text}
