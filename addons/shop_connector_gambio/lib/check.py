"""What the connection test finds out about a shop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from odoo.addons.automation_core.lib import errors

from . import const
from .catalogue import Variants
from .client import GambioClient, whole
from .outgoing import Tracking


@dataclass(frozen=True, slots=True)
class ShopInfo:
    """What a shop told. ``None`` where it does not say."""

    api_version: str
    shop_version: str
    clock_difference: float | None  # seconds the shop's web server is ahead of us
    quota: int | None  # requests left
    reads_orders: bool
    reads_changes: bool
    reads_statuses: bool
    reads_products: bool
    statuses: dict[str, str]  # names by number
    parcel_services: tuple[str, ...] | None  # None: no right, or an old shop
    knows_tracking: bool  # False: an old shop
    has_v3: bool | None  # None: there is no product to try it with


def check_shop(client: GambioClient) -> ShopInfo:
    """Try everything that is needed. Raises where nothing works at all."""
    resources = client.call("GET", "")
    changes = _may(lambda: client.changed_orders(time.strftime(const.TIME_FORMAT), 1))
    statuses = _may(client.order_statuses)
    services = _may(Tracking(client).services)
    products = _may(lambda: client.products(1, 1))
    quota, ahead = client.number("X-Rate-Limit-Remaining"), client.clock_difference()
    return ShopInfo(
        api_version=client.headers.get("X-API-Version", ""),
        shop_version=client.headers.get("X-Shop-Version", ""),
        clock_difference=ahead,
        quota=quota,
        reads_orders=changes != (False, None),
        reads_changes=changes[1] is not None,
        reads_statuses=statuses[0],
        reads_products=products[0],
        statuses=statuses[1] or {},
        parcel_services=tuple(services[1]) if services[0] else None,
        knows_tracking=not isinstance(resources, dict) or "tracking_codes" in resources,
        has_v3=_has_v3(client, products[1]),
    )


def _has_v3(client: GambioClient, products: Any) -> bool | None:
    if not products:
        return None
    try:
        Variants(client).fetch(whole(products[0].get("id")))
    except (errors.NotFound, errors.InvalidAnswer, errors.AccessDenied):
        return False
    return True


def _may(ask: Callable[[], Any]) -> tuple[bool, Any]:
    """Return whether a resource exists and may be used, and what it said."""
    try:
        return True, ask()
    except (errors.AccessDenied, errors.NotFound):
        return False, None
