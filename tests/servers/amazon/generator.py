"""Orders as Amazon sends them: invented, the same for the same seed, every kind that matters.

Needs nothing but Python, so the demo and the benchmark can use it where the models are not at hand.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from .kinds import CATALOGUE, KINDS, Article, money
from .seller import GERMANY, PLACES
from .wire import Json

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


PEOPLE = (
    ("Erika Mustermann", ("Musterstr. 1",), "10115", "Berlin"),
    ("Otto Normal", ("Normalstraße 4a",), "80331", "München"),
    (
        "Max Beispiel",
        ("Probe & Söhne GmbH", "Beispielweg 7", "Hinterhaus, 2. OG"),
        "20095",
        "Hamburg",
    ),
    ("Jürgen Größenwahn-Öztürk", ("Am Weiher", "12-14"), "50667", "Köln"),
    ("Ana-María Núñez", ("bei Schmidt", "Lange Gasse 3"), "01067", "Dresden"),
)


def generate_orders(
    count: int = 20,
    seed: int = 1,
    *,
    start: datetime = START,
    every: timedelta = timedelta(minutes=7),
    catalogue: Sequence[Article] = CATALOGUE,
    kinds: Iterable[str] = (),
) -> list[Json]:
    """Orders one after the other; ``kinds`` limits them to some of :data:`KINDS`."""
    rng = random.Random(seed)
    names = list(kinds) or list(KINDS)
    orders = []
    for index in range(count):
        name = names[index % len(names)]
        order = _order(rng, index, seed, start + every * index, catalogue)
        KINDS[name](order, rng)
        settle(order)
        orders.append(order)
    return orders


def _order(
    rng: random.Random, index: int, seed: int, when: datetime, catalogue: Sequence[Article]
) -> Json:
    name, lines, code, city = PEOPLE[rng.randrange(len(PEOPLE))]
    address = {"name": name, "city": city, "postalCode": code, "countryCode": "DE"}
    address |= {f"addressLine{place}": line for place, line in enumerate(lines, 1)}
    address |= {"phone": "+49 30 5550100", "addressType": "RESIDENTIAL"}
    chosen = rng.sample(list(catalogue), min(rng.choice([1, 1, 1, 2, 3]), len(catalogue)))
    return {
        "orderId": f"302-{seed % 10**7:07d}-{index + 1:07d}",
        "createdTime": stamp(when),
        "lastUpdatedTime": stamp(when + timedelta(minutes=rng.randrange(1, 30))),
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": GERMANY,
            "marketplaceName": PLACES[GERMANY][0],
        },
        "fulfillment": {
            "fulfillmentStatus": "UNSHIPPED",
            "fulfilledBy": "MERCHANT",
            "fulfillmentServiceLevel": "STANDARD",
            "shipByWindow": _window(when, 1, 2),
            "deliverByWindow": _window(when, 3, 5),
        },
        "buyer": {
            "buyerName": name,
            "buyerEmail": f"{rng.getrandbits(60):015x}@marketplace.amazon.de",
        },
        "recipient": {"deliveryAddress": address},
        "orderItems": [
            _item(f"{seed % 10**5:05d}{index:07d}{place}", article, rng.choice([1, 1, 2, 3]))
            for place, article in enumerate(chosen)
        ],
    }


def _item(number: str, article: Article, quantity: int) -> Json:
    return {
        "orderItemId": number,
        "quantityOrdered": quantity,
        "product": {
            "asin": f"B{abs(hash_of(article.sku)):09d}"[:10],
            "title": article.title,
            "sellerSku": article.sku,
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
            "price": {"unitPrice": money(article.price)},
        },
        "proceeds": {"breakdowns": [{"type": "ITEM", "subtotal": money(article.price * quantity)}]},
        "fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": quantity},
    }


def settle(order: Json) -> None:
    """Sum an order up: each article's total, then the order's."""
    total = Decimal(0)
    for item in order["orderItems"]:
        if "proceeds" not in item:
            continue
        parts = item["proceeds"]["breakdowns"]
        amounts = [
            Decimal(part["subtotal"]["amount"])
            for part in parts
            if part["type"] != "TAX" or item["proceeds"].get("net")
        ]
        item["proceeds"].pop("net", None)
        item["proceeds"]["proceedsTotal"] = money(sum(amounts, Decimal(0)))
        total += sum(amounts, Decimal(0))
    if any("proceeds" in item for item in order["orderItems"]):
        order["proceeds"] = {"grandTotal": money(total)}


def stamp(when: datetime) -> str:
    """A time as Amazon writes it."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def hash_of(text: str) -> int:
    """A number for a text that is the same in every run."""
    return sum(ord(sign) * 31**place for place, sign in enumerate(text)) % 10**9


def _window(when: datetime, first: int, last: int) -> Json:
    day = when.replace(hour=22, minute=59, second=59)
    return {
        "earliestDateTime": stamp(day + timedelta(days=first - 1, seconds=1)),
        "latestDateTime": stamp(day + timedelta(days=last - 1)),
    }
