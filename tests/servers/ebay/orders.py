"""Made-up orders in exactly the form eBay's Fulfillment API sends them.

``generate_orders(catalogue, count, seed)`` is deterministic; tests, demo and benchmarks share it.
All persons, numbers and addresses are invented.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.servers.gambio.people import Buyer, make_buyer

from .happenings import cancel, money, request_cancellation, stamp
from .kinds import CATALOGUE, KINDS, Article

Json = dict[str, Any]
ZERO = Decimal(0)
NOTES = (
    "Bitte ohne Rechnung im Paket, ist ein Geschenk.\nDanke & Grüße",
    "Bitte beim Nachbarn (Müller) abgeben!",
    "Lieferung bitte erst ab Montag <dringend>",
)


@dataclass
class Draft:
    """An order before it is written down."""

    kind: str
    number: int
    when: datetime
    buyer: Buyer
    lines: list[tuple[Article, int]]
    rng: random.Random
    marketplace: str = "EBAY_DE"
    shipping: Decimal = Decimal("4.99")

    @property
    def order_id(self) -> str:
        """The order's number as eBay writes it."""
        return f"{self.number % 90 + 10:02d}-{self.number % 99991:05d}-{self.number % 89989:05d}"


def generate_orders(
    catalogue: Sequence[Article] = CATALOGUE,
    count: int = 30,
    seed: int = 1,
    *,
    first: int = 14_000,
    start: datetime = datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
    every: timedelta = timedelta(minutes=7),
    kinds: Sequence[str] | None = None,
) -> list[Json]:
    """Return ``count`` orders as of ``getOrder``, oldest first.

    :param kinds: kinds in turn; without it each kind comes once first, then at random by weight
    """
    rng = random.Random(seed)
    usual = list(kinds or KINDS)
    orders = []
    for place in range(count):
        if kinds or place < len(usual):
            kind = usual[place % len(usual)]
        else:
            kind = rng.choices(list(KINDS), weights=list(KINDS.values()))[0]
        orders.append(_order(_draft(rng, kind, catalogue, first + place, start + place * every)))
    return orders


def _draft(
    rng: random.Random, kind: str, catalogue: Sequence[Article], number: int, when: datetime
) -> Draft:
    country = "AT" if kind == "austria" else "NL" if kind.startswith("collected") else "DE"
    buyer = make_buyer(rng, number, country, company=kind == "company")
    wanted = 3 if kind == "combined" else rng.choice((1, 1, 1, 2))
    articles = rng.sample(list(catalogue), min(wanted, len(catalogue)))
    if kind == "variation":
        articles = [next((it for it in catalogue if it.options), catalogue[0])]
    if kind == "no_sku":
        articles[0] = replace(articles[0], sku="", options=())
    lines = [(article, rng.choice((1, 1, 1, 2, 3))) for article in articles]
    draft = Draft(kind, number, when, buyer, lines, rng)
    if sum(article.price * quantity for article, quantity in lines) >= 60:
        draft.shipping = ZERO
    if kind == "shipping_discount":
        draft.shipping = Decimal("4.99")
    return draft


# -- people -------------------------------------------------------------------


def _contact(draft: Draft, delivery: bool) -> Json:
    buyer = draft.buyer
    lines = [" ".join(filter(None, (buyer.street, buyer.house))), buyer.addition]
    if delivery and draft.kind == "packstation":
        lines = [f"Packstation {draft.rng.randint(101, 480)}", str(10_000_000 + buyer.number)]
    if delivery and draft.kind == "postfiliale":
        lines = [str(10_000_000 + buyer.number), f"Postfiliale {draft.rng.randint(401, 699)}"]
    address = {
        "addressLine1": lines[0],
        "city": buyer.city,
        "postalCode": buyer.zip,
        "countryCode": buyer.country,
    }
    if lines[1]:
        address["addressLine2"] = lines[1]
    found: Json = {
        "fullName": f"{buyer.first} {buyer.last}",
        "contactAddress": address,
        "primaryPhone": {"phoneNumber": f"+49 30 55501{buyer.number % 100:02d}"},
        "email": f"{buyer.number:020x}@members.ebay.com",
    }
    if buyer.company:
        found["companyName"] = buyer.company
    return found


def _instruction(draft: Draft) -> Json:
    kinds = {"by_ebay": "FULFILLED_BY_EBAY", "pickup": "PREPARE_FOR_PICKUP"}
    found: Json = {"fulfillmentInstructionsType": kinds.get(draft.kind, "SHIP_TO")}
    if draft.kind in kinds:
        return found
    step: Json = {
        "shipTo": _contact(draft, delivery=True),
        "shippingCarrierCode": "DHL",
        "shippingServiceCode": "DE_DHLPaket",
    }
    found["minEstimatedDeliveryDate"] = stamp(draft.when + timedelta(days=2))
    found["maxEstimatedDeliveryDate"] = stamp(draft.when + timedelta(days=4))
    if draft.kind == "hub":
        found["ebaySupportedFulfillment"] = True
        found["finalDestinationAddress"] = step["shipTo"]["contactAddress"]
        step["shipToReferenceId"] = f"EIS{draft.number}"
        step["shipTo"] = {
            "fullName": "eBay International Shipping",
            "contactAddress": {
                "addressLine1": "Beispielallee 1",
                "city": "Halle (Saale)",
                "postalCode": "06108",
                "countryCode": "DE",
            },
        }
    found["shippingStep"] = step
    return found


# -- lines --------------------------------------------------------------------


def _line(draft: Draft, place: int) -> Json:
    article, quantity = draft.lines[place]
    cost = article.price * quantity
    shipping = draft.shipping if place == 0 else ZERO
    tax = _collected(draft, cost)
    discount = _discount(draft, place)
    found: Json = {
        "lineItemId": str(10_000_000_000_000 + draft.number * 10 + place),
        "legacyItemId": str(110_000_000_000 + sum(map(ord, article.name))),
        "title": article.name,
        "quantity": quantity,
        "soldFormat": "FIXED_PRICE",
        "listingMarketplaceId": "EBAY_DE",
        "purchaseMarketplaceId": draft.marketplace,
        "lineItemFulfillmentStatus": "FULFILLED" if draft.kind == "old" else "NOT_STARTED",
        "lineItemCost": money(cost),
        "total": money(cost - discount + shipping),
        "deliveryCost": {"shippingCost": money(shipping)},
        "appliedPromotions": [],
        "taxes": [],
        "refunds": [],
        "properties": {"buyerProtection": True},
        "lineItemFulfillmentInstructions": {
            "shipByDate": stamp(draft.when.replace(hour=22, minute=59) + timedelta(days=1)),
            "guaranteedDelivery": False,
        },
    }
    if article.sku:
        found["sku"] = article.sku
    if article.options:
        found["legacyVariationId"] = str(420_000_000_000 + sum(map(ord, article.sku)))
        found["variationAspects"] = [{"name": key, "value": word} for key, word in article.options]
    if discount:
        found["discountedLineItemCost"] = money(cost - discount)
        promotion = {"promotionId": "9000001", "discountAmount": money(discount)}
        found["appliedPromotions"] = [promotion]
    if tax:
        _add_tax(draft, found, tax)
    return found


def _add_tax(draft: Draft, line: Json, tax: Decimal) -> None:
    line["ebayCollectAndRemitTaxes"] = [
        {
            "taxType": "VAT",
            "amount": money(tax),
            "collectionMethod": "NET",
            "ebayReference": {"name": "IOSS", "value": "IM2760000000"},
        }
    ]
    if draft.kind == "collected_total":
        line["taxes"] = [{"taxType": "VAT", "amount": money(tax)}]
        line["total"] = money(Decimal(line["total"]["value"]) + tax)


def _collected(draft: Draft, cost: Decimal) -> Decimal:
    return cost * Decimal("0.21") if draft.kind.startswith("collected") else ZERO


def _discount(draft: Draft, place: int) -> Decimal:
    return Decimal("1.37") if draft.kind == "discount" and place == 0 else ZERO


def _prices(draft: Draft, lines: list[Json]) -> Json:
    subtotal = sum((Decimal(line["lineItemCost"]["value"]) for line in lines), ZERO)
    discount = sum((_discount(draft, place) for place in range(len(lines))), ZERO)
    found = {"priceSubtotal": money(subtotal), "deliveryCost": money(draft.shipping)}
    total = subtotal - discount + draft.shipping
    if discount:
        found["priceDiscount"] = money(-discount)
    if draft.kind == "shipping_discount":
        found["deliveryDiscount"] = money(Decimal("-2.00"))
        total -= 2
    if draft.kind == "collected_total":
        taxes = (tax for line in lines for tax in line["taxes"])
        tax = sum((Decimal(it["amount"]["value"]) for it in taxes), ZERO)
        found["tax"] = money(tax)
        total += tax
    found["total"] = money(total)
    return found


# -- the whole ----------------------------------------------------------------


def _order(draft: Draft) -> Json:
    """Write a draft down as eBay does."""
    lines = [_line(draft, place) for place in range(len(draft.lines))]
    prices = _prices(draft, lines)
    paid = draft.kind != "pending"
    due = money(Decimal(prices["total"]["value"]) * Decimal("0.88"))
    payment: Json = {"paymentMethod": "EBAY", "amount": due, "paymentStatus": "PENDING"}
    if paid:
        payment |= {"paymentStatus": "PAID", "paymentDate": stamp(draft.when)}
    order: Json = {
        "orderId": draft.order_id,
        "creationDate": stamp(draft.when),
        "lastModifiedDate": stamp(draft.when + timedelta(minutes=1)),
        "orderFulfillmentStatus": "FULFILLED" if draft.kind == "old" else "NOT_STARTED",
        "orderPaymentStatus": "PAID" if paid else "PENDING",
        "sellerId": "muster-shop",
        "salesRecordReference": str(draft.number),
        "buyer": {
            "username": f"kaeufer_{draft.buyer.number}",
            "taxAddress": {"countryCode": draft.buyer.country, "postalCode": draft.buyer.zip},
            "buyerRegistrationAddress": _contact(draft, delivery=False),
        },
        "pricingSummary": prices,
        "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
        "paymentSummary": {"totalDueSeller": due, "refunds": [], "payments": [payment]},
        "fulfillmentStartInstructions": [_instruction(draft)],
        "fulfillmentHrefs": [],
        "lineItems": lines,
        "totalFeeBasisAmount": prices["total"],
        "totalMarketplaceFee": money(Decimal(prices["total"]["value"]) * Decimal("0.12")),
    }
    _happenings(draft, order)
    return order


def _happenings(draft: Draft, order: Json) -> None:
    """Add what became of the order."""
    if draft.kind == "note":
        order["buyerCheckoutNotes"] = draft.rng.choice(NOTES)
    if draft.kind.startswith("collected"):
        order["ebayCollectAndRemitTax"] = True
    if draft.kind == "cancel_requested":
        request_cancellation(order, draft.when + timedelta(minutes=1))
    if draft.kind == "cancelled":
        cancel(order, draft.when + timedelta(minutes=1))
    if draft.kind == "partly_refunded":
        order["orderPaymentStatus"] = "PARTIALLY_REFUNDED"
        order["paymentSummary"]["refunds"] = [
            {"amount": money(Decimal(2)), "refundStatus": "REFUNDED", "refundId": "5000000002"}
        ]


def list_record(order: Json) -> Json:
    """Return the order as of ``getOrders``: requests to cancel and tax numbers are left out."""
    buyer = {key: value for key, value in order["buyer"].items() if key != "taxIdentifier"}
    return {
        **order,
        "buyer": buyer,
        "cancelStatus": {**order["cancelStatus"], "cancelRequests": []},
    }
