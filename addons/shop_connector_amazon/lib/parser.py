"""Translate an order of Orders 2026-01-01 into the neutral order, without requests.

The body kept in the inbox is the order as Amazon sent it, one JSON object.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import Hold, ShopOrder
from odoo.addons.shop_connector.lib.reader import read_json

from . import buyer, const, items, rules
from .amounts import ZERO, is_gross
from .lines import order_lines
from .model import AmazonOrder
from .orders import ORDER_ID, stamp
from .packages import read_packages
from .reader import HINT, Reader

_lt = Marker(__name__)


PRICE_HINT: Final = _lt(
    "Amazon withholds prices while a payment is checked, and from applications without the right "
    "roles. Fetch the order again in an hour; if prices are missing on all orders, test the "
    "account's connection."
)
EMPTY_HINT: Final = _lt("It was probably cancelled just now: fetch the order again in an hour.")
OPEN_TREATMENTS: Final = ("import", "history", "hold")


def parse_order(body: str) -> ShopOrder:
    """Return the order in a body of the inbox.

    :raises PayloadError: whatever is wrong with it, and nothing else
    """
    return read_order(body).order


def read_order(body: str) -> AmazonOrder:
    """Return all an order says, whatever its status.

    :raises PayloadError: whatever is wrong with it, and nothing else
    """
    return read_json(body, read_data, HINT)


def read_data(data: object) -> AmazonOrder:
    """Return the order in decoded data (see :func:`read_order`)."""
    row = Reader(data, _lt("The order"))
    number = row.needed("orderId", _lt("number"), 64)
    if not ORDER_ID.fullmatch(number):
        raise row.fail(
            "orderId",
            _lt("%(name)s has a number that is none of Amazon's: “%(number)s”."),
            number=number,
        )
    row.name = _lt("Order %(number)s", number=number)
    return _Parser(row, number).parse()


class _Parser:
    """The parts of one order."""

    def __init__(self, row: Reader, number: str) -> None:
        self.row = row
        self.number = number
        self.fulfillment = row.block("fulfillment", _lt("fulfilment"))
        self.status = self.fulfillment.text("fulfillmentStatus", _lt("status"), 40) or "unknown"
        self.programs = frozenset(row.words("programs", _lt("programs")))
        self.marketplace = row.block("salesChannel", _lt("marketplace")).text(
            "marketplaceId", _lt("marketplace"), 32
        )
        self.items = items.read_items(row)
        self.wanted = [item for item in self.items if item.quantity]
        self.holds: list[Hold] = []
        self.facts = self._facts()
        self.treatment = rules.treatment(self.facts)
        if not self.wanted and self.status != const.CANCELLED:
            raise row.fail("orderItems", _lt("%(name)s has no articles left to send."), EMPTY_HINT)

    def parse(self) -> AmazonOrder:
        buyer_total = self._total()
        paid_by_amazon = self._marketplace_tax()
        order = self._order(buyer_total, paid_by_amazon)
        delivery = self.fulfillment.block("deliverByWindow", _lt("delivery window"))
        found = AmazonOrder(
            order=self._with_treatment(order),
            marketplace_id=self.marketplace,
            packages=read_packages(self.row),
            gifts=items.gifts(self.wanted),
            business=const.BUSINESS in self.programs,
            purchase_order=buyer.purchase_order(self.row),
            tax_scheme="+".join(sorted({item.scheme for item in self.wanted} - {""})),
            ioss_number=next((x.ioss_number for x in self.wanted if x.ioss_number), ""),
            marketplace_tax=paid_by_amazon,
            buyer_total=buyer_total,
            deliver_from=delivery.moment("earliestDateTime", _lt("start of the delivery window")),
            deliver_by=delivery.moment("latestDateTime", _lt("end of the delivery window")),
        )
        found.order.extra.update(_extra(found))
        return found

    def _with_treatment(self, order: ShopOrder) -> ShopOrder:
        """Add what is to be done with it."""
        holds = (*self.holds, *rules.holds(self.facts))
        open_ = self.treatment in OPEN_TREATMENTS
        shipped = ((item.line_id, Decimal(item.shipped)) for item in self.items if item.shipped)
        return replace(
            order,
            treatment="hold" if holds and self.treatment == "import" else self.treatment,
            holds=holds if open_ else (),
            reservations=items.reservations(self.wanted) if self.treatment == "reserve" else (),
            shipped=tuple(shipped),
        )

    def _facts(self) -> rules.Facts:
        fulfilled_by = self.fulfillment.text("fulfilledBy", _lt("fulfiller"), 40)
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
        level = self.fulfillment.text("fulfillmentServiceLevel", _lt("service level"), 40)
        shipping = self.fulfillment.block("shipByWindow", _lt("shipping window"))
        return ShopOrder(
            external_id=self.number,
            number=self.number,
            ordered_at=self.row.needed_moment("createdTime", _lt("time of the order")),
            updated_at=self.row.moment("lastUpdatedTime", _lt("time of the last change")),
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
            by_channel=self.facts.by_amazon,
            replaces=self._replaces(),
            hurry=bool(self.programs & const.HURRY_PROGRAMS),
            tax_model="marketplace" if any(x.facilitated for x in self.wanted) else "seller",
            ship_by=shipping.moment("latestDateTime", _lt("end of the shipping window")),
            delivery_note=buyer.delivery_note(self.row),
        )

    def _shipping_title(self, level: str) -> str:
        hurry = sorted(self.programs & const.HURRY_PROGRAMS)
        return " ".join([*level.split("_"), *hurry]).strip().capitalize()

    def _replaces(self) -> str:
        for row in self.row.rows("associatedOrders", _lt("related order")):
            if row.text("associationType", _lt("relation"), 40) in const.REPLACEMENTS:
                return row.text("orderId", _lt("related order"), 64)
        return ""

    # -- amounts ----------------------------------------------------------

    def _total(self) -> Decimal:
        """Return what the buyer pays, as far as Amazon says."""
        money = self.row.block("proceeds", _lt("amounts")).money("grandTotal", _lt("total"))
        currencies = set[str]().union(*(item.currencies for item in self.items))
        if money is not None:
            currencies.add(money.currency)
        if len(currencies) > 1:
            raise self.row.fail("proceeds", _lt("%(name)s has amounts in several currencies."))
        self.currency = next(iter(currencies), "EUR")
        if money is not None:
            if money.amount < 0:
                raise self.row.fail("proceeds.grandTotal", _lt("%(name)s has a negative total."))
            return money.amount
        stated = any(item.amounts.is_stated for item in self.wanted)
        if not stated and self.treatment in OPEN_TREATMENTS:
            raise self.row.fail("proceeds", _lt("%(name)s has no prices."), PRICE_HINT)
        return sum((item.price for item in self.wanted), ZERO)

    def _marketplace_tax(self) -> Decimal:
        """Return the tax Amazon keeps and pays; a hold where it does not say how much."""
        facilitated = [item.amounts for item in self.wanted if item.facilitated]
        if any(amounts.plain and not amounts.tax for amounts in facilitated):
            self.holds.append(rules.hidden_tax_hold(self.number))
        return sum((amounts.tax for amounts in facilitated), ZERO)

    def _order_level(self, total: Decimal) -> list[tuple[str, Decimal]]:
        """Return amounts of the order as a whole, if its total contains them."""
        rows = self.row.block("proceeds", _lt("amounts")).rows("breakdowns", _lt("amounts"))
        found = []
        for row in rows:
            money = row.money("subtotal", _lt("amount"))
            if row.text("type", _lt("kind"), 40) == "DELIVERY_TIP" and money and money.amount:
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
    """Return Amazon's facts as texts, for rules, messages and for showing; nothing personal."""
    said = {
        "fulfilled_by": "amazon" if found.order.by_channel else "merchant",
        "marketplace": found.marketplace_id,
        "purchase_order": found.purchase_order,
        "tax_scheme": found.tax_scheme,
        "ioss_number": found.ioss_number,
        "deliver_by": stamp(found.deliver_by) if found.deliver_by else "",
        "buyer_total": str(found.buyer_total) if found.marketplace_tax else "",
        "packages": str(len(found.packages) or ""),
    }
    return {key: text for key, text in said.items() if text}
