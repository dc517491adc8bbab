"""What is sold, and the kinds of orders a German seller gets at eBay."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Article:
    """Something listed at eBay; old listings have no SKU."""

    sku: str
    name: str
    price: Decimal
    options: tuple[tuple[str, str], ...] = ()


CATALOGUE = (
    Article("LED-E27-8W", "LED-Lampe E27 8 W warmweiß", Decimal("7.99")),
    Article("KABEL-USBC-2M", "USB-C-Kabel 2 m, geflochten", Decimal("12.95")),
    Article(
        "HEMD-BL-L",
        "Leinenhemd Herren",
        Decimal("49.90"),
        (("Farbe", "Blau"), ("Größe", "L")),
    ),
    Article("TASSE-300", "Tasse „Moin“ 300 ml", Decimal("9.50")),
    Article("DECKE-140", "Wolldecke 140 × 200 cm", Decimal("89.00")),
)

KINDS = {  # how often each comes
    "plain": 40,
    "note": 8,
    "packstation": 8,
    "postfiliale": 3,
    "company": 6,
    "variation": 6,
    "no_sku": 4,
    "combined": 6,
    "discount": 6,
    "shipping_discount": 3,
    "austria": 3,
    "collected": 3,
    "collected_total": 1,
    "hub": 1,
    "by_ebay": 1,
    "pickup": 1,
    "pending": 3,
    "cancel_requested": 2,
    "cancelled": 2,
    "partly_refunded": 2,
    "old": 1,
}
