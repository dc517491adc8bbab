"""Which parcels an order left in and what is in each: pure functions over plain data.

A shop knows parcels by a number that must never change (:attr:`.outbox.Parcel.reference`), and
wants to know what is in each. A delivery knows its tracking numbers and what left, seldom what is
in which parcel: it is dealt out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

Items = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A parcel as the delivery knows it; ``number`` may be empty."""

    number: str = ""
    carrier: str = ""
    carrier_name: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Gone:
    """A delivery that has left. ``items`` are the shop's line ids with what left of them."""

    delivery: int
    shipped_at: datetime
    items: Items
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """A parcel that has its reference already."""

    reference: int
    delivery: int
    number: str


@dataclass(frozen=True, slots=True)
class Packed:
    """A parcel with its reference and what is in it."""

    reference: int
    gone: Gone
    label: Label
    items: Items


def pack(deliveries: Sequence[Gone], known: Iterable[Known]) -> list[Packed]:
    """Return the parcels of all ``deliveries``; those in ``known`` keep their references."""
    remembered = list(known)
    free = max((parcel.reference for parcel in remembered), default=0)
    packed = []
    for gone in deliveries:
        labels = gone.labels or (Label(),)
        own = [parcel for parcel in remembered if parcel.delivery == gone.delivery]
        kept = keep([label.number for label in labels], own)
        for label, items, old in zip(labels, deal(gone.items, len(labels)), kept, strict=True):
            if old is None:
                free += 1
            packed.append(Packed(free if old is None else old, gone, label, items))
    return packed


def keep(numbers: Sequence[str], known: Sequence[Known]) -> list[int | None]:
    """Return the reference of each number, ``None`` for a new parcel.

    A number that appears where another one vanished is that parcel's corrected number.
    """
    by_number = {parcel.number: parcel.reference for parcel in known}
    references = [by_number.pop(number, None) for number in numbers]
    left = iter(sorted(by_number.values()))
    return [next(left, None) if old is None else old for old in references]


def deal(items: Items, parcels: int) -> list[Items]:
    """Deal items out to so many parcels, as evenly as whole pieces allow, in their order.

    What is not counted in whole pieces stays together. With fewer pieces than parcels the last
    parcels hold nothing of their own.
    """
    pieces = [
        (line, portion) for line, quantity in items for portion in _portions(quantity, parcels)
    ]
    each, more = divmod(len(pieces), parcels)
    dealt, start = [], 0
    for place in range(parcels):
        end = start + each + (place < more)
        dealt.append(_together(pieces[start:end]))
        start = end
    return dealt


def _portions(quantity: Decimal, parcels: int) -> list[Decimal]:
    """Return a quantity in pieces that may go into different parcels."""
    if quantity <= 0:
        return []
    if parcels == 1 or quantity != quantity.to_integral_value():
        return [quantity]
    return [Decimal(1)] * int(quantity)


def _together(pieces: Iterable[tuple[str, Decimal]]) -> Items:
    summed: dict[str, Decimal] = {}
    for line, quantity in pieces:
        summed[line] = summed.get(line, Decimal(0)) + quantity
    return tuple(summed.items())


def exact(quantity: float) -> Decimal:
    """Return a stored quantity as the shop is told it: whole numbers without decimals."""
    number = Decimal(str(round(quantity, 6)))
    whole = number.to_integral_value()
    return whole if number == whole else number


def left_with(
    delivered: Decimal, ordered: Decimal, parts: Sequence[Mapping[int, Decimal]]
) -> list[Decimal]:
    """Return how much of an order line left with each delivery.

    ``parts`` say for each delivery, in the order in which they left, how much of each product
    left for the line. A kit has left when the last of its parts has: of the ``delivered`` kits so
    many are gone as the scarcest part allows. Never more than was ``ordered``: what is sent again
    for a return is not sold twice.
    """
    totals: dict[int, Decimal] = {}
    for part in parts:
        for product, quantity in part.items():
            totals[product] = totals.get(product, Decimal(0)) + quantity
    limit, gone = min(delivered, ordered), Decimal(0)
    so_far, result = dict.fromkeys(totals, Decimal(0)), []
    for part in parts:
        for product, quantity in part.items():
            so_far[product] += quantity
        whole = _complete(delivered, so_far, totals)
        now = max(gone, min(whole, limit))
        result.append(now - gone)
        gone = now
    return result


def _complete(
    delivered: Decimal, so_far: Mapping[int, Decimal], totals: Mapping[int, Decimal]
) -> Decimal:
    """Return for how many pieces of the line all parts have left."""
    shares = [so_far[product] / total for product, total in totals.items() if total > 0]
    reached = delivered * min(shares, default=Decimal(0))
    if delivered != delivered.to_integral_value():
        return reached
    # a hair below a whole number is rounding of the division, not a missing part
    return (reached + Decimal("0.000001")).to_integral_value(rounding="ROUND_FLOOR")
