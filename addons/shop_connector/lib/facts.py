"""What of an order matters once it is imported, in a form that can be stored and compared.

Channels withhold parts of an order after some days (names, streets, notes), so what is empty now
says nothing: it is no change, and what is known stays known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TypedDict

from .order import ShopAddress, ShopLine, ShopOrder


class Facts(TypedDict):
    """Fingerprints of the parts of an order; plain JSON, no personal data readable in it."""

    state: str
    total: str
    payment: dict[str, str]
    terms: dict[str, str]
    note: str
    billing: dict[str, str]
    delivery: dict[str, str]
    lines: dict[str, str]
    holds: dict[str, str]


def facts(order: ShopOrder, lines: tuple[ShopLine, ...]) -> Facts:
    """Return the fingerprints of ``order``; ``lines`` are its lines, with the taxes that follow
    from what the shop says.
    """
    salt = order.external_id
    return {
        "state": _state(order),
        "total": str(order.total.normalize()),
        "payment": _payment(order),
        "terms": _terms(order),
        "note": _digest(order.buyer_note),
        "billing": _address(order.billing, salt),
        "delivery": _address(order.delivery, salt),
        "lines": {line.line_id: _line(line) for line in lines},
        "holds": {hold.code: _digest(f"{hold.text}\x1f{hold.explanation}") for hold in order.holds},
    }


def changed(before: Mapping[str, object], now: Facts) -> set[str]:
    """Return the names of the parts that differ; what the shop does not say now does not differ."""
    return {key for key, value in now.items() if _differs(key, before.get(key), value)}


def merged(before: Mapping[str, object], now: Facts) -> dict[str, object]:
    """Return ``now``, with what it does not say taken from ``before``."""
    whole: dict[str, object] = dict(now)
    for key in PARTIAL:
        known, said = before.get(key), whole[key]
        if isinstance(known, dict) and isinstance(said, dict):
            whole[key] = known | said
        elif not said and known:
            whole[key] = known
    return whole


def fact_key(line_id: str, now: Facts) -> str:
    """Return under which key of ``now["lines"]`` a line is found: a discount that was shared out
    over several tax rates is known as a whole.
    """
    return line_id if line_id in now["lines"] else line_id.rpartition("/")[0]


PARTIAL: tuple[str, ...] = ("payment", "terms", "note", "billing", "delivery")


def _differs(key: str, before: object, now: object) -> bool:
    if key not in PARTIAL:
        return before != now
    if isinstance(now, dict):
        known = before if isinstance(before, dict) else {}
        return any(known.get(name) != value for name, value in now.items())
    return bool(now) and before != now


def _state(order: ShopOrder) -> str:
    if order.state == "cancelled":
        return "cancelled"
    return "shipped" if order.treatment == "history" else "open"


def _payment(order: ShopOrder) -> dict[str, str]:
    said = {
        "state": "" if order.payment_state == "unknown" else order.payment_state,
        "code": order.payment_code,
    }
    return {key: text for key, text in said.items() if text}


def _terms(order: ShopOrder) -> dict[str, str]:
    said = {
        "ship_by": order.ship_by.isoformat() if order.ship_by else "",
        "hurry": "yes" if order.hurry else "",
        "delivery_note": _digest(order.delivery_note),
    }
    return {key: text for key, text in said.items() if text}


def _line(line: ShopLine) -> str:
    percent = "" if line.tax_percent is None else f"{line.tax_percent.normalize():f}"
    return "|".join(
        (line.sku, f"{line.quantity.normalize():f}", f"{line.total.normalize():f}", percent)
    )


def _address(address: ShopAddress, salt: str) -> dict[str, str]:
    """Return the parts that are withheld together. Without a name and a street it says nothing."""
    who = (address.first_name, address.last_name, address.company)
    where = (address.street, address.house_number, address.street2)
    if not any(who) and not any(where):
        return {}
    town = (address.zip, address.city, address.state, address.country_code)
    said = {"who": who, "where": where, "town": town}
    return {key: _digest("\x1f".join((salt, *texts))) for key, texts in said.items() if any(texts)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16] if text else ""
