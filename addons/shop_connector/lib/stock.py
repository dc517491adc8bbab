"""How many pieces a shop may offer: the formula and the rules around it, in plain Python.

``models/shop_stock_sql.py`` says the same in SQL for all listings at once; a test feeds both with
the same figures. All quantities are exact numbers in the product's unit, all results whole units as
the shop sells them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Literal

from .outbox import Availability

Basis = Literal["free", "open", "forecast"]
"""``free`` what is on hand and not reserved; ``open`` what is on hand minus all that is still to be
delivered, reserved or not; ``forecast`` that plus what is still to come."""
Buffer = Literal["none", "fixed", "percent", "speed"]
SoldOut = Literal["zero", "delist", "soon"]

ZERO = Decimal(0)
PIECE = Decimal(1)
EXACT = Decimal("0.000001")
MOST = 999_999_999  # what any shop and any integer column can hold
MINUTES_A_DAY = Decimal(1440)
STATES: dict[SoldOut, Availability] = {"zero": "normal", "delist": "delisted", "soon": "soon"}


@dataclass(frozen=True, slots=True)
class Policy:
    """What an account says about its figures.

    ``buffer_value`` means pieces, per cent or a factor, as ``buffer`` says; ``delay`` is the time
    in minutes until every shop knows of a sale.
    """

    basis: Basis = "free"
    buffer: Buffer = "none"
    buffer_value: Decimal = ZERO
    delay: int = 0
    most: int = 0  # 0: no limit
    minimum: Decimal = ZERO
    sold_out: SoldOut = "zero"


@dataclass(frozen=True, slots=True)
class Goods:
    """What is known about a product in the account's warehouses. ``speed``: pieces sold a day."""

    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    incoming: Decimal = ZERO
    outgoing: Decimal = ZERO
    promised: Decimal = ZERO  # ordered in shops, but not yet confirmed and reserved here
    speed: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Offer:
    """What the shop shall show; ``low``: every further sale has to be told at once."""

    quantity: int
    availability: Availability
    low: bool


def exact(number: float | Decimal) -> Decimal:
    """Return a stored quantity without the noise of binary fractions."""
    return Decimal(str(number)).quantize(EXACT, ROUND_HALF_UP)


def available(policy: Policy, goods: Goods) -> Decimal:
    """Return the pieces that could be sold now, below zero where more was sold than is there."""
    stock = {
        "free": goods.on_hand - goods.reserved,
        "open": goods.on_hand - goods.outgoing,
        "forecast": goods.on_hand + goods.incoming - goods.outgoing,
    }[policy.basis]
    return stock - goods.promised


def buffer(policy: Policy, goods: Goods) -> Decimal:
    """Return the whole pieces to keep back, half a piece and more counting as one.

    The buffer by speed is what will be sold before all shops know, so it grows in good times and
    vanishes for slow sellers.
    """
    if policy.buffer == "fixed":
        return policy.buffer_value
    if policy.buffer == "percent":
        kept = max(available(policy, goods), ZERO) * policy.buffer_value / 100
    elif policy.buffer == "speed":
        kept = goods.speed * policy.delay * policy.buffer_value / MINUTES_A_DAY
    else:
        kept = ZERO
    return kept.quantize(PIECE, ROUND_HALF_UP)


def offer(policy: Policy, goods: Goods, pack: Decimal = PIECE) -> Offer:
    """Return what to show for a listing of which one unit sold is ``pack`` pieces."""
    pieces = available(policy, goods)
    units = (max(pieces - buffer(policy, goods), ZERO) / pack).quantize(PIECE, ROUND_DOWN)
    quantity = min(int(units), policy.most or MOST, MOST)
    state = "normal" if quantity else STATES[policy.sold_out]
    return Offer(quantity, state, pieces <= policy.minimum)


def is_urgent(wanted: Offer, reported: int | None) -> bool:
    """Whether a difference has to be told at once: the product is low, sold out or back again.

    ``reported`` is what the shop was told last, ``None`` where it was told nothing yet.
    """
    if reported is None:
        return wanted.low
    return wanted.low or (wanted.quantity == 0) != (reported == 0)
