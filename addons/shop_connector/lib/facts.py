"""What of an order matters once it is imported, in a form that can be stored and compared."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import astuple
from typing import TypedDict

from .order import ShopAddress, ShopLine, ShopOrder


class Facts(TypedDict):
    """Fingerprints of the parts of an order; plain JSON, no personal data readable in it."""

    state: str
    total: str
    payment: str
    note: str
    billing: str
    delivery: str
    lines: dict[str, str]


def facts(order: ShopOrder, lines: tuple[ShopLine, ...]) -> Facts:
    """Return the fingerprints of ``order``; ``lines`` are its lines with their taxes."""
    return {
        "state": order.state,
        "total": str(order.total.normalize()),
        "payment": f"{order.payment_state}:{order.payment_code}",
        "note": _digest(order.buyer_note),
        "billing": _address(order.billing),
        "delivery": _address(order.delivery),
        "lines": {line.line_id: _line(line) for line in lines},
    }


def changed(before: Mapping[str, object], now: Facts) -> set[str]:
    """Return the names of the parts that differ."""
    return {key for key, value in now.items() if before.get(key) != value}


def _line(line: ShopLine) -> str:
    percent = "" if line.tax_percent is None else f"{line.tax_percent.normalize():f}"
    return "|".join(
        (line.sku, f"{line.quantity.normalize():f}", f"{line.total.normalize():f}", percent)
    )


def _address(address: ShopAddress) -> str:
    return _digest("\x1f".join(str(part) for part in astuple(address)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] if text else ""
