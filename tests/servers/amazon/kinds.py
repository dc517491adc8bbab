"""The articles of the generator and the kinds of orders that matter."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .seller import FRANCE, PLACES
from .wire import Json

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Article:
    """Something that is sold; ``rate`` is the tax inside its price."""

    sku: str
    title: str
    price: Decimal
    rate: Decimal = Decimal(19)


CATALOGUE = (
    Article("ART-1001", "Teekanne Glas 1,2 l", Decimal("19.90")),
    Article("ART-1002", "Thermobecher 0,4 l, grün", Decimal("14.95")),
    Article("ART-2001/BL L", "Regenjacke blau, Größe L", Decimal("59.00")),
    Article("BUCH-7", "Das kleine Teebuch", Decimal("12.80"), Decimal(7)),
    Article("SET-3", "Geschenkset „Assam & Co.“", Decimal("34.50")),
)


def money(amount: Decimal) -> Json:
    """An amount as Amazon writes it."""
    return {"amount": f"{amount.quantize(CENT, ROUND_HALF_UP):f}", "currencyCode": "EUR"}


def _add(item: Json, kind: str, amount: Decimal, details: str = "") -> None:
    part: Json = {"type": kind, "subtotal": money(amount)}
    if details:
        part["detailedBreakdowns"] = [{"subtype": details, "value": money(amount)}]
    item["proceeds"]["breakdowns"].append(part)


def _plain(order: Json, rng: random.Random) -> None:
    if rng.random() < 0.5:
        _add(order["orderItems"][0], "SHIPPING", Decimal("4.99"))


def _locker(order: Json, rng: random.Random) -> None:
    address = order["recipient"]["deliveryAddress"]
    lines = [f"Packstation {rng.randrange(101, 999)}", "12345678"]
    rng.shuffle(lines)
    for place in (1, 2, 3):
        address.pop(f"addressLine{place}", None)
    address |= {"addressLine1": lines[0], "addressLine2": lines[1], "addressType": "PICKUP_POINT"}


def _gift(order: Json, _rng: random.Random) -> None:
    item = order["orderItems"][0]
    _add(item, "GIFT_WRAP", Decimal("2.50"))
    item["fulfillment"]["packing"] = {
        "giftOption": {"giftMessage": "Alles Gute!\nDeine Oma", "giftWrapLevel": "Classic"}
    }


def _prime(order: Json, _rng: random.Random) -> None:
    order["programs"] = ["PRIME"]
    order["fulfillment"]["fulfillmentServiceLevel"] = "NEXT_DAY"


def _pending(order: Json, _rng: random.Random) -> None:
    order["fulfillment"]["fulfillmentStatus"] = "PENDING"
    for window in ("shipByWindow", "deliverByWindow"):
        del order["fulfillment"][window]
    del order["buyer"], order["recipient"]
    for item in order["orderItems"]:
        del item["proceeds"], item["product"]["price"]


def _fba(order: Json, _rng: random.Random) -> None:
    order["fulfillment"] |= {"fulfilledBy": "AMAZON", "fulfillmentStatus": "SHIPPED"}
    address = order["recipient"]["deliveryAddress"]
    order["recipient"]["deliveryAddress"] = {
        key: address[key] for key in ("city", "postalCode", "countryCode")
    }
    del order["buyer"]
    for item in order["orderItems"]:
        item["fulfillment"] = {
            "quantityFulfilled": item["quantityOrdered"],
            "quantityUnfulfilled": 0,
        }


def _discount(order: Json, _rng: random.Random) -> None:
    item = order["orderItems"][0]
    amount = Decimal(item["proceeds"]["breakdowns"][0]["subtotal"]["amount"])
    _add(item, "SHIPPING", Decimal("3.99"))
    _add(item, "DISCOUNT", -(amount / 10).quantize(CENT, ROUND_HALF_UP), "ITEM")
    _add(item, "DISCOUNT", Decimal("-3.99"), "SHIPPING")
    item["promotion"] = {"breakdowns": [{"promotionId": "FRUEHLING10"}]}


def _taxed(order: Json, _rng: random.Random) -> None:
    """Gross prices with the tax stated, as some accounts see them."""
    rates = {article.sku: article.rate for article in CATALOGUE}
    for item in order["orderItems"]:
        amount = Decimal(item["proceeds"]["breakdowns"][0]["subtotal"]["amount"])
        rate = rates.get(item["product"]["sellerSku"], Decimal(19))
        _add(item, "TAX", amount * rate / (100 + rate), "ITEM")


def _business(order: Json, _rng: random.Random) -> None:
    order["programs"] = ["AMAZON_BUSINESS"]
    order["buyer"] |= {
        "buyerCompanyName": "Muster Handels GmbH",
        "buyerPurchaseOrderNumber": "PO-2026-17",
    }
    order["tax"] = {
        "taxRegistrations": [
            {
                "entityType": "BUYER",
                "legalName": "Muster Handels GmbH",
                "taxRegistrationType": "VAT",
                "taxRegistrationNumber": "DE136695976",
            }
        ]
    }


def _marketplace_tax(order: Json, _rng: random.Random) -> None:
    """A delivery to France; Amazon adds the tax and pays it."""
    order["salesChannel"] |= {"marketplaceId": FRANCE, "marketplaceName": PLACES[FRANCE][0]}
    order["recipient"]["deliveryAddress"] = {
        "name": "Jean Exemple",
        "addressLine1": "12 rue de l'Exemple",
        "city": "Paris",
        "postalCode": "75001",
        "countryCode": "FR",
    }
    for item in order["orderItems"]:
        amount = Decimal(item["proceeds"]["breakdowns"][0]["subtotal"]["amount"])
        _add(item, "TAX", amount / 5, "ITEM")
        item["proceeds"]["net"] = True
        item["tax"] = {
            "taxCalculationBreakdowns": [{"reportingScheme": "IOSS"}],
            "taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}],
        }
        item["fulfillment"]["shipping"] = {"internationalShipping": {"iossNumber": "IM0000000000"}}


def _replacement(order: Json, _rng: random.Random) -> None:
    order["associatedOrders"] = [
        {"orderId": "302-0000001-0000001", "associationType": "REPLACEMENT_ORIGINAL_ID"}
    ]
    for item in order["orderItems"]:
        item["product"]["price"] = {"unitPrice": money(Decimal(0))}
        item["proceeds"]["breakdowns"] = [{"type": "ITEM", "subtotal": money(Decimal(0))}]


def _cancel_request(order: Json, _rng: random.Random) -> None:
    for item in order["orderItems"]:
        item["cancellation"] = {
            "cancellationRequest": {"requester": "BUYER", "cancelReason": "Versehentlich bestellt"}
        }


def _cancelled(order: Json, _rng: random.Random) -> None:
    order["fulfillment"]["fulfillmentStatus"] = "CANCELLED"
    for item in order["orderItems"]:
        item["quantityOrdered"] = 0
        item["fulfillment"] = {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
        item["cancellation"] = {"cancellationExecution": {"cancelledBy": "BUYER"}}
        del item["proceeds"]


def _no_sku(order: Json, _rng: random.Random) -> None:
    del order["orderItems"][-1]["product"]["sellerSku"]


KINDS: dict[str, Callable[[Json, random.Random], None]] = {
    "plain": _plain,
    "locker": _locker,
    "gift": _gift,
    "prime": _prime,
    "pending": _pending,
    "discount": _discount,
    "taxed": _taxed,
    "business": _business,
    "fba": _fba,
    "marketplace_tax": _marketplace_tax,
    "replacement": _replacement,
    "cancel_request": _cancel_request,
    "cancelled": _cancelled,
    "no_sku": _no_sku,
}
