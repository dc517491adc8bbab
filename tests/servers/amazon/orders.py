"""Orders: searching with Amazon's rules about windows and pages, reading, confirming shipments."""

from __future__ import annotations

import base64
import copy
import json
import re
from datetime import UTC, datetime

from .seller import Seller
from .wire import Json, Refusal, Reply, Request

TWO_MINUTES = 120.0
DAY = 86_400.0
BARE = "The input you have submitted is not valid. Please check your input and try again."
PAGE = (
    "The paginationToken you have submitted is not valid. All parameters must match the original "
    "request except maxResultsPerPage."
)
# what of an order and of its articles is only shown when it is asked for
SETS = {
    "BUYER": (("buyer",), ()),
    "RECIPIENT": (("recipient",), ()),
    "PROCEEDS": (("proceeds",), ("proceeds",)),
    "PROMOTION": ((), ("promotion",)),
    "CANCELLATION": ((), ("cancellation",)),
    "PACKAGES": (("packages",), ()),
    "TAX": (("tax",), ("tax",)),
    "PAYMENT": (("payment",), ()),
}


def search(seller: Seller, request: Request, _values: dict[str, str]) -> Reply:
    """One page of orders."""
    params = request.params
    asked = {key: value for key, value in params.items() if key != "paginationToken"}
    by_change, after, before = _window(seller, asked)
    _check_data(seller, asked)
    start = _start(seller, params, asked)
    if start is not None and "before" in start:
        before = start["before"]
    found = _matching(seller, asked, by_change, after, before)
    size = int(asked.get("maxResultsPerPage", "100"))
    if not 1 <= size <= 100:
        raise Refusal(400, "InvalidInput", BARE)
    offset = _offset(seller, start, found, by_change)
    rows = found[offset : offset + size]
    body: Json = {"orders": [shown(row, asked.get("includedData", "")) for row in rows]}
    body["lastUpdatedBefore" if by_change else "createdBefore"] = seller.instant(before)
    if offset + size < len(found):
        key = _key(rows[-1], by_change)
        state = {
            "params": _same(asked),
            "key": key,
            "offset": offset + size,
            "before": before,
            "at": seller.clock(),
        }
        body["pagination"] = {"nextToken": _token(seller, state)}
    return Reply(200, body)


def _window(seller: Seller, asked: dict[str, str]) -> tuple[bool, float, float]:
    created, changed = "createdAfter" in asked, "lastUpdatedAfter" in asked
    if created == changed:
        raise Refusal(400, "InvalidInput", BARE)
    word, other = ("created", "lastUpdated") if created else ("lastUpdated", "created")
    if f"{other}Before" in asked:
        raise Refusal(400, "InvalidInput", BARE)
    latest = seller.clock() - TWO_MINUTES
    after = _epoch(asked[f"{word}After"])
    before = _epoch(asked[f"{word}Before"]) if f"{word}Before" in asked else latest
    if before > latest or after > before:
        raise Refusal(400, "InvalidInput", BARE)
    return changed, after, before


def _check_data(seller: Seller, asked: dict[str, str]) -> None:
    if seller.denied_data & set(asked.get("includedData", "").split(",")):
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.")


def _same(asked: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in asked.items() if key != "maxResultsPerPage"}


def _start(seller: Seller, params: dict[str, str], asked: dict[str, str]) -> Json | None:
    """Where a page begins; ``None`` for the first one."""
    if "paginationToken" not in params:
        return None
    state = seller.pages.get(params["paginationToken"])
    if state is None or state["params"] != _same(asked) or seller.clock() - state["at"] > DAY:
        raise Refusal(400, "InvalidInput", PAGE)
    return state


def _token(seller: Seller, state: Json) -> str:
    """A token with the signs that have to be escaped in an address."""
    text = json.dumps([len(seller.pages), state["key"]]).encode()
    token = f"{base64.b64encode(text).decode()}+/="
    seller.pages[token] = state
    return token


def _matching(
    seller: Seller, asked: dict[str, str], by_change: bool, after: float, before: float
) -> list[Json]:
    places = set(filter(None, asked.get("marketplaceIds", "").split(",")))
    statuses = set(filter(None, asked.get("fulfillmentStatuses", "").split(",")))
    by = set(filter(None, asked.get("fulfilledBy", "").split(",")))
    found = []
    for number, order in seller.orders.items():
        when = _epoch(order["lastUpdatedTime" if by_change else "createdTime"])
        if not after <= when <= before or seller.seen_at[number] > seller.clock():
            continue
        if by_change and number in seller.hidden:
            continue
        fulfillment = order["fulfillment"]
        if (
            (not places or order["salesChannel"].get("marketplaceId") in places)
            and (not statuses or fulfillment["fulfillmentStatus"] in statuses)
            and (not by or fulfillment.get("fulfilledBy") in by)
        ):
            found.append(order)
    return sorted(found, key=lambda order: _key(order, by_change))


def _key(order: Json, by_change: bool) -> list[object]:
    return [_epoch(order["lastUpdatedTime" if by_change else "createdTime"]), order["orderId"]]


def _offset(seller: Seller, start: Json | None, found: list[Json], by_change: bool) -> int:
    """Where a page begins. Shifting pages count rows, so what changed meanwhile moves them."""
    if start is None:
        return 0
    if seller.shifting_pages:
        return int(start["offset"])
    return sum(_key(order, by_change) <= start["key"] for order in found)


def shown(order: Json, included: str) -> Json:
    """An order with the sets of data that were asked for."""
    found = copy.deepcopy(order)
    wanted = set(included.split(","))
    for name, (keys, item_keys) in SETS.items():
        if name in wanted:
            continue
        for key in keys:
            found.pop(key, None)
        for item in found["orderItems"]:
            for key in item_keys:
                item.pop(key, None)
    return found


def get(seller: Seller, request: Request, values: dict[str, str]) -> Reply:
    """One order."""
    _check_data(seller, request.params)
    order = _find(seller, values["orderId"])
    return Reply(200, {"order": shown(order, request.params.get("includedData", ""))})


def _find(seller: Seller, number: str) -> Json:
    if not re.fullmatch(r"\d{3}-\d{7}-\d{7}", number):
        raise Refusal(400, "InvalidInput", BARE)
    if number not in seller.orders:
        raise Refusal(404, "NotFound", "The requested order is not found.")
    return seller.orders[number]


def confirm(seller: Seller, request: Request, values: dict[str, str]) -> Reply:
    """Note a parcel; the same number again corrects it."""
    order = _find(seller, values["orderId"])
    body = request.json()
    detail = body["packageDetail"]
    seller.confirmations.append((order["orderId"], body))
    if not re.fullmatch("[1-9][0-9]{0,9}", detail["packageReferenceId"]):
        raise Refusal(
            400, "InvalidInput", "PackageReferenceId: is invalid, must be a positive numeric value."
        )
    if body["marketplaceId"] != order["salesChannel"]["marketplaceId"]:
        raise Refusal(400, "InvalidInput", "The marketplaceId does not match the order.")
    if detail["carrierCode"] == "Other" and not detail.get("carrierName"):
        raise Refusal(400, "InvalidInput", "carrierName is required when carrierCode is Other.")
    shipped = _epoch(detail["shipDate"])
    if not _epoch(order["createdTime"]) - 1 <= shipped <= seller.clock() + 60:
        raise Refusal(400, "InvalidInput", "The shipDate is not valid.")
    _ship(seller, order, detail)
    return Reply(204)


def _ship(seller: Seller, order: Json, detail: Json) -> None:
    packages = order.setdefault("packages", [])
    known = next(
        (p for p in packages if p["packageReferenceId"] == detail["packageReferenceId"]), None
    )
    is_open = order["fulfillment"]["fulfillmentStatus"] in ("UNSHIPPED", "PARTIALLY_SHIPPED")
    if not is_open and known is None:
        raise Refusal(
            400,
            "InvalidInput",
            "Failed to create package due to not finding a matching package or order already "
            "fulfilled. (errorMetric=PackageToUpdateNotFound)",
        )
    items = {item["orderItemId"]: item for item in order["orderItems"]}
    for row in detail["orderItems"]:
        item = items.get(row["orderItemId"])
        before = _quantity(known, row["orderItemId"])
        if item is None or not 0 < row["quantity"] <= (
            item["fulfillment"]["quantityUnfulfilled"] + before
        ):
            raise Refusal(400, "InvalidInput", "The quantity of an order item is not valid.")
    for row in detail["orderItems"]:
        item = items[row["orderItemId"]]
        before = _quantity(known, row["orderItemId"])
        item["fulfillment"]["quantityFulfilled"] += row["quantity"] - before
        item["fulfillment"]["quantityUnfulfilled"] -= row["quantity"] - before
    package = {
        "packageReferenceId": detail["packageReferenceId"],
        "createdTime": seller.instant(),
        "packageStatus": {"status": "SHIPPED"},
        "carrier": detail.get("carrierName") or detail["carrierCode"],
        "shipTime": detail["shipDate"],
        "trackingNumber": detail["trackingNumber"],
        "packageItems": [
            {"orderItemId": row["orderItemId"], "quantity": row["quantity"]}
            for row in detail["orderItems"]
        ],
    }
    if known:
        packages.remove(known)
    packages.append(package)
    done = all(not item["fulfillment"]["quantityUnfulfilled"] for item in items.values())
    seller.set_status(order["orderId"], "SHIPPED" if done else "PARTIALLY_SHIPPED")


def _quantity(package: Json | None, item_id: str) -> int:
    rows = package["packageItems"] if package else []
    return sum(int(row["quantity"]) for row in rows if row["orderItemId"] == item_id)


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).astimezone(UTC).timestamp()
