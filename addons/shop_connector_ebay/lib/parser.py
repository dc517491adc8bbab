"""Translate an order as eBay's Fulfillment API sends it into the neutral order, without requests.

The body kept in the inbox is eBay's order object, untouched.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Final

from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.order import Reservation, ShopAddress, ShopLine, ShopOrder
from odoo.addons.shop_connector.lib.reader import read_json

from . import address, const, lines, rules
from .model import CancelRequest, EbayOrder
from .reader import HINT, Reader

_lt = Marker(__name__)

ZERO: Final = Decimal(0)
ORDER_ID: Final = re.compile(r"(?=.*\d)[0-9A-Za-z!-]{1,64}", re.ASCII)


def parse_order(body: str) -> ShopOrder:
    """Return the order in a body of the inbox.

    :raises PayloadError: whatever is wrong with it, and nothing else
    """
    return read_order(body).order


def read_order(body: str) -> EbayOrder:
    """Return all an order says, whatever its status.

    :raises PayloadError: whatever is wrong with it, and nothing else
    """
    return read_json(body, read_data, HINT)


def read_data(data: object) -> EbayOrder:
    """Return the order in decoded data (see :func:`read_order`)."""
    row = Reader(data, _lt("The order"))
    number = row.needed("orderId", _lt("number"), 64)
    if not ORDER_ID.fullmatch(number):
        raise row.fail(
            "orderId", _lt("%(name)s has a number that is none of eBay's: “%(id)s”."), id=number
        )
    row.name = _lt("Order %(number)s", number=number)
    return _Parser(row, number).parse()


class _Parser:
    """The parts of one order."""

    def __init__(self, row: Reader, number: str) -> None:
        self.row = row
        self.number = number
        self.pricing = row.block("pricingSummary", _lt("prices"))
        total = self.pricing.money("total", _lt("total"))
        if total is None:
            raise self.pricing.fail(
                "total", _lt("%(name)s has no total: what the buyer pays is unknown.")
            )
        self.total, currency = total
        self.purse = lines.Purse(currency)
        self.positions = lines.read_positions(row, self.purse)
        self.instruction = next(
            row.rows("fulfillmentStartInstructions", _lt("delivery")),
            Reader({}, row.name, "fulfillmentStartInstructions"),
        )
        self.step = self.instruction.block("shippingStep", _lt("shipping"))
        self.payments = row.block("paymentSummary", _lt("payments"))
        self.requests = self._requests()
        self.delivery = self._delivery()
        self.facts = self._facts()

    def parse(self) -> EbayOrder:
        order = self._order()
        if not order.lines and not self.facts.cancelled:
            raise self.row.fail("lineItems", _lt("%(name)s has no lines."))
        taxes = tuple(tax for position in self.positions for tax in position.collected)
        return EbayOrder(
            order=order,
            items=tuple(position.item for position in self.positions),
            cancel_requests=self.requests,
            collected_taxes=taxes,
            buyer_total=order.total + sum((tax.amount for tax in taxes), ZERO),
            refunded=self._refunded(),
        )

    def _order(self) -> ShopOrder:
        """Return the neutral order. Long only for the number of its fields."""
        total, rows = self._lines()
        contact = self.step.block("shipTo", _lt("delivery address"))
        service = self.step.text("shippingServiceCode", _lt("shipping service"), 128)
        method = self._payment_method()
        facts = self.facts
        treatment = rules.treatment(facts)
        held = treatment in ("import", "hold", "history")
        return ShopOrder(
            external_id=self.number,
            number=self.number,
            ordered_at=self.row.needed_moment("creationDate", _lt("date")),
            updated_at=self.row.moment("lastModifiedDate", _lt("date")),
            currency=self.purse.currency,
            prices_include_tax=True,
            total=total,
            customer=address.read_customer(self.row, contact, self._marketplace()),
            billing=self._billing(),
            delivery=self.delivery,
            lines=rows,
            payment_code=method.lower(),
            payment_title=method,
            payment_state="paid" if facts.paid else "open",
            shipping_code=service,
            shipping_title=service,
            buyer_note=self.row.lines("buyerCheckoutNotes", _lt("buyer's note"), 10_000),
            state="cancelled" if facts.cancelled else "open",
            shop_status=facts.status,
            treatment=treatment,
            holds=tuple(rules.holds(facts)) if held else (),
            reservations=self._reservations() if treatment == "reserve" else (),
            shipped=self._shipped(),
            by_channel=facts.by_ebay,
            tax_model="marketplace" if any(row.collected for row in self.positions) else "seller",
            ship_by=self._ship_by(),
            extra=self._extra(),
        )

    def _lines(self) -> tuple[Decimal, tuple[ShopLine, ...]]:
        """Return what the order costs without eBay's own taxes, and its lines."""
        rows = tuple(position.line for position in self.positions)
        if rows:
            rows += lines.read_extras(self.pricing, self.positions, self.purse)
        total, taxes = lines.settle(
            sum((line.total for line in rows), ZERO), self.total, self.positions
        )
        if taxes:
            rows += (lines.extra_line("tax", "fee", taxes, ZERO),)
        return total, rows

    # -- parts --------------------------------------------------------------

    def _facts(self) -> rules.Facts:
        row, what = self.row, _lt("status")
        paid = (
            payment.text("paymentStatus", what, 64) == const.PAID
            for payment in self.payments.rows("payments", _lt("payment"))
        )
        cancel = row.block("cancelStatus", _lt("cancellation"))
        return rules.Facts(
            payment=row.text("orderPaymentStatus", what, 64),
            fulfillment=row.text("orderFulfillmentStatus", what, 64),
            cancel=cancel.text("cancelState", what, 64) or const.NONE_REQUESTED,
            instructions=self.instruction.text("fulfillmentInstructionsType", what, 64),
            money_came=any(paid),
            delivery_complete=rules.is_complete(self.delivery),
            requests=self.requests,
        )

    def _requests(self) -> tuple[CancelRequest, ...]:
        cancel = self.row.block("cancelStatus", _lt("cancellation"))
        return tuple(
            CancelRequest(
                request_id=row.text("cancelRequestId", _lt("number"), 64),
                by=row.text("cancelInitiator", _lt("initiator"), 64),
                reason=row.text("cancelReason", _lt("reason")),
                state=row.text("cancelRequestState", _lt("status"), 64),
                requested_at=row.moment("cancelRequestedDate", _lt("date")),
            )
            for row in cancel.rows("cancelRequests", _lt("request"))
        )

    def _delivery(self) -> ShopAddress:
        """Return where the parcel goes: the buyer's address, or eBay's hub for exports."""
        found = address.read_address(self.step.block("shipTo", _lt("delivery address")))
        reference = self.step.text("shipToReferenceId", _lt("reference"), 64)
        return address.with_reference(found, reference)

    def _billing(self) -> ShopAddress:
        """Return the buyer's own address; the delivery address where eBay withholds it."""
        buyer = self.row.block("buyer", _lt("buyer"))
        contact = buyer.block("buyerRegistrationAddress", _lt("buyer's address"))
        found = address.read_address(contact)
        return found if rules.is_complete(found) else self.delivery

    def _marketplace(self) -> str:
        return self.positions[0].item.marketplace if self.positions else ""

    def _payment_method(self) -> str:
        for payment in self.payments.rows("payments", _lt("payment")):
            if method := payment.text("paymentMethod", _lt("way to pay"), 64):
                return method
        return ""

    def _reservations(self) -> tuple[Reservation, ...]:
        return tuple(
            Reservation(position.item.line_id, position.line.sku, position.line.quantity)
            for position in self.positions
        )

    def _shipped(self) -> tuple[tuple[str, Decimal], ...]:
        """Return the lines that have left; eBay does not tell how much of one."""
        return tuple(
            (position.item.line_id, position.line.quantity)
            for position in self.positions
            if position.item.status == const.FULFILLED
        )

    def _refunded(self) -> Decimal:
        """Return what went back to the buyer; eBay tells it for the order or for its lines."""
        found = self._refunds(self.payments)
        for line in self.row.rows("lineItems", _lt("line")):
            found += self._refunds(line)
        return found

    def _refunds(self, row: Reader) -> Decimal:
        return sum(
            (
                abs(self.purse.amount(refund, "amount", _lt("amount")))
                for refund in row.rows("refunds", _lt("refund"))
            ),
            ZERO,
        )

    def _ship_by(self) -> datetime | None:
        """Return the earliest time by which a line has to be sent."""
        dates = [
            line.block("lineItemFulfillmentInstructions", _lt("delivery")).moment(
                "shipByDate", _lt("date")
            )
            for line in self.row.rows("lineItems", _lt("line"))
        ]
        return min((date for date in dates if date), default=None)

    def _extra(self) -> dict[str, str]:
        """Return what is worth knowing and has no place of its own; nothing personal."""
        found = {
            "marketplace": self._marketplace(),
            "sales_record": self.row.text("salesRecordReference", _lt("sales record"), 64),
            "hub": "1" if self.instruction.is_true("ebaySupportedFulfillment") else "",
            "hub_reference": self.step.text("shipToReferenceId", _lt("reference"), 64),
            "refunded": str(self._refunded() or ""),
            "collected_tax": self._collected(),
            "lines": " ".join(
                f"{position.item.item_id}-{position.item.line_id}"
                for position in self.positions
                if position.item.item_id
            ),
        }
        return {key: value for key, value in found.items() if value}

    def _collected(self) -> str:
        """Return the taxes eBay collects, for the customs declaration: “IOSS IM… 3.98”."""
        return ", ".join(
            " ".join(filter(None, (tax.scheme or tax.kind, tax.number, str(tax.amount))))
            for position in self.positions
            for tax in position.collected
        )
