"""Deliveries to try DHL with."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from carrier_dispatch.lib.dhl.settings import Login, Settings
from carrier_dispatch.lib.model import Box, DispatchLine, DispatchOrder, Party

NUMBERS = {
    "V01PAK": "33333333330102",
    "V62KP": "33333333336201",
    "V53WPAK": "33333333335301",
    "V54EPAK": "33333333335401",
    "V66WPI": "33333333336601",
    "V07PAK": "33333333330701",
}
LOGIN = Login("the-app-key", "the-app-secret", "shop-user", "pa<ss & word€")
SETTINGS = Settings(login=LOGIN, billing_numbers=NUMBERS, sandbox=True)

SENDER = Party(
    "My Online Shop GmbH",
    street="Sträßchensweg 10",
    zip="53113",
    city="Bonn",
    email="shop@example.com",
    phone="+49 228 123456",
)
BUYER = Party(
    "Maria Musterfrau",
    street="Kurt-Schumacher-Str. 20",
    zip="53113",
    city="Bonn",
    email="maria@example.com",
    phone="+49 170 1234567",
)
BOX = Box(Decimal("2.5"), Decimal(40), Decimal(30), Decimal(20))
SMALL = Box(Decimal("0.5"), Decimal(20), Decimal(15), Decimal(5))
LINE = DispatchLine(
    "10",
    "SHIRT-R",
    "Red T-Shirt",
    Decimal(2),
    weight=Decimal("0.4"),
    value=Decimal("19.95"),
    customs_code="6109 10 00",
    origin="PT",
)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def order(recipient: Party = BUYER, *boxes: Box, **changes: Any) -> DispatchOrder:
    """A delivery with one parcel, unless others are named."""
    known = DispatchOrder(
        number="D2611A7K",
        delivery="WH/OUT/00042",
        order="S00017",
        created=NOW,
        sender=SENDER,
        recipient=recipient,
        lines=(LINE,),
        boxes=boxes or (BOX,),
    )
    return replace(known, **changes)
