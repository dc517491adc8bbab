"""The parcels Amazon knows of an order."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .model import Package
from .reader import Reader

_NOISE = re.compile(r"[\W_]+")


def read_packages(order: Reader) -> tuple[Package, ...]:
    """Return the parcels of an order; Amazon lists those of own shipments only."""
    return tuple(_package(row) for row in order.rows("packages", "parcel"))


def _package(row: Reader) -> Package:
    rows = row.rows("packageItems", "content")
    return Package(
        reference=row.text("packageReferenceId", "parcel number", 64),
        carrier=row.text("carrier", "carrier", 80),
        tracking=row.text("trackingNumber", "tracking number", 80),
        status=row.block("packageStatus", "status").text("status", "status", 40),
        items=tuple(
            (item.needed("orderItemId", "article's number", 64), item.count("quantity", "quantity"))
            for item in rows
        ),
        shipped_at=row.when("shipTime", "time of shipment"),
    )


def same_tracking(one: str, other: str) -> bool:
    """Whether two tracking numbers are the same however they are written; "" equals nothing."""
    plain = _NOISE.sub("", one).upper()
    return bool(plain) and plain == _NOISE.sub("", other).upper()


def next_reference(packages: Iterable[Package], used: Iterable[int] = ()) -> int:
    """Return a parcel number that is free within the order."""
    taken = [int(row.reference) for row in packages if re.fullmatch(r"[0-9]{1,9}", row.reference)]
    return max([0, *taken, *used]) + 1
