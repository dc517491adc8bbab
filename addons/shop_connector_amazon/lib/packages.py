"""The parcels Amazon knows of an order."""

from __future__ import annotations

import re
from collections.abc import Iterable

from odoo.addons.automation_core.lib.texts import Marker

from .model import Package
from .reader import Reader

_lt = Marker(__name__)


_NOISE = re.compile(r"[\W_]+")


def read_packages(order: Reader) -> tuple[Package, ...]:
    """Return the parcels of an order; Amazon lists those of own shipments only."""
    return tuple(_package(row) for row in order.rows("packages", _lt("parcel")))


def _package(row: Reader) -> Package:
    rows = row.rows("packageItems", _lt("content"))
    return Package(
        reference=row.text("packageReferenceId", _lt("parcel number"), 64),
        carrier=row.text("carrier", _lt("carrier"), 80),
        tracking=row.text("trackingNumber", _lt("tracking number"), 80),
        status=row.block("packageStatus", _lt("status")).text("status", _lt("status"), 40),
        items=tuple(
            (
                item.needed("orderItemId", _lt("article's number"), 64),
                item.count("quantity", _lt("quantity")),
            )
            for item in rows
        ),
        shipped_at=row.moment("shipTime", _lt("time of shipment")),
    )


def same_tracking(one: str, other: str) -> bool:
    """Whether two tracking numbers are the same however they are written; "" equals nothing."""
    plain = _NOISE.sub("", one).upper()
    return bool(plain) and plain == _NOISE.sub("", other).upper()


def next_reference(packages: Iterable[Package], used: Iterable[int] = ()) -> int:
    """Return a parcel number that is free within the order."""
    taken = [int(row.reference) for row in packages if re.fullmatch(r"[0-9]{1,9}", row.reference)]
    return max([0, *taken, *used]) + 1
