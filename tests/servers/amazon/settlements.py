"""Settlements as Amazon writes them for a German account: tabs, commas, German dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from .wire import Json

HEADINGS = (
    "settlement-id settlement-start-date settlement-end-date deposit-date total-amount currency "
    "transaction-type order-id merchant-order-id adjustment-id shipment-id marketplace-name "
    "amount-type amount-description amount fulfillment-id posted-date posted-date-time "
    "order-item-code merchant-order-item-id merchant-adjustment-item-id sku quantity-purchased "
    "promotion-id"
)
COLUMNS = HEADINGS.split()


def settlement(
    number: str, orders: Sequence[Json], *, start: datetime, end: datetime, german: bool = True
) -> bytes:
    """A settlement of these orders: the prices, a commission of 15 %, and the subscription."""
    rows: list[dict[str, str | Decimal]] = []
    for order in orders:
        for item in order["orderItems"]:
            if "proceeds" in item:
                rows += _item_rows(order, item)
    rows.append(
        {
            "transaction-type": "ServiceFee",
            "amount-type": "ServiceFee",
            "amount-description": "Subscription Fee",
            "amount": Decimal("-39.00"),
        }
    )
    total = sum((Decimal(row["amount"]) for row in rows), Decimal(0))
    head = {
        "settlement-id": number,
        "settlement-start-date": _time(start, german),
        "settlement-end-date": _time(end, german),
        "deposit-date": _time(end, german),
        "total-amount": total,
        "currency": "EUR",
    }
    lines = ["\t".join(COLUMNS)]
    for row in [head, *rows]:
        cells = {"settlement-id": number, "posted-date-time": _time(end, german), **row}
        lines.append("\t".join(_cell(cells.get(name, ""), german) for name in COLUMNS))
    return ("\n".join(lines) + "\n").encode()


def _item_rows(order: Json, item: Json) -> list[dict[str, str | Decimal]]:
    base: dict[str, str | Decimal] = {
        "transaction-type": "Order",
        "order-id": order["orderId"],
        "merchant-order-id": order["orderId"],
        "marketplace-name": "Amazon.de",
        "order-item-code": item["orderItemId"],
        "sku": item["product"].get("sellerSku", ""),
        "quantity-purchased": str(item["quantityOrdered"]),
    }
    price = Decimal(item["proceeds"]["proceedsTotal"]["amount"])
    fee = -(price * 15 / 100).quantize(Decimal("0.01"))
    return [
        {**base, "amount-type": "ItemPrice", "amount-description": "Principal", "amount": price},
        {**base, "amount-type": "ItemFees", "amount-description": "Commission", "amount": fee},
    ]


def _cell(value: str | Decimal, german: bool) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",") if german else f"{value:f}"
    return value


def _time(when: datetime, german: bool) -> str:
    return when.strftime("%d.%m.%Y %H:%M:%S UTC" if german else "%Y-%m-%d %H:%M:%S UTC")
