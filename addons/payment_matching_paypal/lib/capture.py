"""A payment that PayPal told of at once, as its row of the search will tell it hours later.

Whoever paid is missing: PayPal does not say it here.
"""

from __future__ import annotations

from typing import Final

from . import const
from .answer import Json, Money, read_moment, read_money, read_text
from .rows import Row

CODE: Final = "T0006"
STATUS: Final = {"COMPLETED": const.COMPLETED, "PENDING": const.PENDING}


def capture_row(data: Json) -> Row | None:
    """Return a capture as a row; ``None`` where only the search tells what became of it."""
    status = STATUS.get(read_text(data.get("status"), 40))
    amount, when = read_money(data.get("amount")), read_moment(data.get("create_time"))
    name = read_text(data.get("id"), 40)
    if not status or not amount or not when or not name or amount.value <= 0:
        return None
    breakdown = data.get("seller_receivable_breakdown")
    details = breakdown if isinstance(breakdown, dict) else {}
    if details.get("exchange_rate"):
        return None
    fee = read_money(details.get("paypal_fee"))
    return Row(
        id=name,
        code=CODE,
        status=status,
        amount=amount,
        when=when,
        updated=when,
        fee=Money(-fee.value, fee.currency) if fee else None,
        reference="",
        info={
            "transaction_id": name,
            "invoice_id": data.get("invoice_id"),
            "custom_field": data.get("custom_id"),
        },
        payer={},
        raw=data,
    )
