"""The REST calls: what eBay does with each, by its own rules beyond the documents' shapes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from . import inventory
from .happenings import stamp
from .orders import list_record
from .wire import EbayError, Json, Reply, Request

if TYPE_CHECKING:
    from .shop import Shop

STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
RANGE = re.compile(rf"(creationdate|lastmodifieddate):\[({STAMP})\.\.({STAMP})?\]")
STATUS = re.compile(r"orderfulfillmentstatus:\{(NOT_STARTED|FULFILLED)\|IN_PROGRESS\}")
ORDER = r"/sell/fulfillment/v1/order/([^/]+)"
Handler = Callable[["Shop", Request, str], Reply]


def answer(shop: Shop, request: Request) -> Reply:
    """Return eBay's answer."""
    for method, pattern, handler in ROUTES:
        found = re.fullmatch(pattern, request.path)
        if method == request.method and found:
            return handler(shop, request, found[1] if found.groups() else "")
    raise EbayError(404, 2002, "Resource not found", "ACCESS")


# -- orders ---------------------------------------------------------------------


def _get_orders(shop: Shop, request: Request, _part: str) -> Reply:
    limit = _number(request.query.get("limit", "50"), 31100, "limit")
    offset = _number(request.query.get("offset", "0"), 31000, "offset")
    if not 1 <= limit <= 200:
        raise EbayError(400, 31100, f"Invalid limit: {limit}")
    found = sorted(
        _filtered(shop, request.query.get("filter", "")),
        key=lambda order: (order["lastModifiedDate"], order["orderId"]),
    )
    page: Json = {
        "href": "https://api.ebay.com/sell/fulfillment/v1/order",
        "total": len(found),
        "limit": limit,
        "offset": offset,
        "orders": [list_record(order) for order in found[offset : offset + limit]],
    }
    if offset + limit < len(found):
        page["next"] = f"{page['href']}?limit={limit}&offset={offset + limit}"
    return Reply(body=page)


def _number(text: str, error: int, name: str) -> int:
    if not re.fullmatch(r"\d{1,7}", text):
        raise EbayError(400, error, f"Invalid {name}: {text}")
    return int(text)


def _filtered(shop: Shop, text: str) -> list[Json]:
    """Return the orders a filter asks for; a date of purchase wins over a date of change."""
    ranges: dict[str, tuple[str, str]] = {}
    for part in filter(None, re.split(r",(?=[a-z]+:)", text)):
        found = RANGE.fullmatch(part)
        if found:
            ranges[found[1]] = (found[2], found[3] or stamp(shop.now()))
        elif not STATUS.fullmatch(part):
            name = part.split(":")[0]
            known = name in ("creationdate", "lastmodifieddate", "orderfulfillmentstatus")
            raise EbayError(400, 30800 if known else 30700, f"Invalid filter: {part}")
    ranges = ranges or {"creationdate": (stamp(shop.now() - timedelta(days=90)), stamp(shop.now()))}
    name = "creationdate" if "creationdate" in ranges else "lastmodifieddate"
    start, end = ranges[name]
    _check_range(shop, start, end)
    key = {"creationdate": "creationDate", "lastmodifieddate": "lastModifiedDate"}[name]
    return [
        order
        for order in shop.orders.values()
        if start <= order[key] <= end
        and (name == "creationdate" or order["orderId"] not in shop.invisible)
    ]


def _check_range(shop: Shop, start: str, end: str) -> None:
    if start > end:
        raise EbayError(400, 30840, "Start date should be before end date")
    if end > stamp(shop.now()):
        raise EbayError(400, 30850, "Start and end dates can't be in the future")
    if start < stamp(shop.now() - timedelta(days=731)):
        raise EbayError(400, 30830, "Time range must be within 2 years.")


def _order(shop: Shop, number: str, status: int = 404) -> Json:
    if number not in shop.orders:
        raise EbayError(status, 32100, f"Invalid Order Id: {number}")
    return shop.orders[number]


def _get_order(shop: Shop, _request: Request, part: str) -> Reply:
    return Reply(body=_order(shop, part))


# -- shipments ------------------------------------------------------------------


def _get_fulfillments(shop: Shop, _request: Request, part: str) -> Reply:
    _order(shop, part, 400)
    rows = shop.fulfillments.get(part, [])
    return Reply(body={"fulfillments": rows, "total": len(rows)})


def _create_fulfillment(shop: Shop, request: Request, part: str) -> Reply:
    order, body = _order(shop, part, 400), json.loads(request.body)
    rows = shop.fulfillments.setdefault(part, [])
    items = [(row["lineItemId"], row.get("quantity", 1)) for row in body.get("lineItems", [])]
    _check_items(order, rows, items)
    tracking = _check_tracking(body, rows)
    when = body.get("shippedDate", stamp(shop.now()))
    if not re.fullmatch(STAMP, when) or when > stamp(shop.now()) or when < order["creationDate"]:
        raise EbayError(400, 32500, "Invalid shipped date")
    row: Json = {
        "fulfillmentId": tracking or "999",
        "lineItems": [{"lineItemId": line, "quantity": quantity} for line, quantity in items],
        "shippedDate": when,
    }
    if tracking:
        row |= {
            "shipmentTrackingNumber": tracking,
            "shippingCarrierCode": body["shippingCarrierCode"],
        }
    rows.append(row)
    _update_status(shop, order, rows)
    location = f"https://api.ebay.com{request.path}/{row['fulfillmentId']}"
    return Reply(201, headers=[("Location", location)])


def _check_items(order: Json, rows: list[Json], items: list[tuple[str, int]]) -> None:
    left = {line["lineItemId"]: line["quantity"] for line in order["lineItems"]}
    for row in rows:
        for item in row["lineItems"]:
            left[item["lineItemId"]] -= item["quantity"]
    if len({line for line, _quantity in items}) < len(items):
        raise EbayError(400, 32210, "Duplicate line item in the request")
    for line, quantity in items:
        if line not in left:
            raise EbayError(400, 32200, f"Invalid line item id: {line}")
        if not 1 <= quantity <= left[line]:
            raise EbayError(400, 32600, "Invalid input data")
    if not items:
        raise EbayError(400, 32600, "Invalid input data")


def _check_tracking(body: Json, rows: list[Json]) -> str:
    tracking = str(body.get("trackingNumber", ""))
    if bool(tracking) != bool(body.get("shippingCarrierCode")):
        raise EbayError(400, 32300, "Invalid shipment tracking number or carrier")
    if tracking and not re.fullmatch(r"[0-9A-Za-z]+", tracking):
        raise EbayError(400, 32300, "Invalid shipment tracking number or carrier")
    if tracking and any(row["fulfillmentId"] == tracking for row in rows):
        raise EbayError(400, 34500, "Please use PUT operation for updating shipping fulfillment")
    return tracking


def _update_status(shop: Shop, order: Json, rows: list[Json]) -> None:
    for line in order["lineItems"]:
        sent = sum(
            item["quantity"]
            for row in rows
            for item in row["lineItems"]
            if item["lineItemId"] == line["lineItemId"]
        )
        whole = sent >= line["quantity"]
        line["lineItemFulfillmentStatus"] = (
            "FULFILLED" if whole else "IN_PROGRESS" if sent else "NOT_STARTED"
        )
    states = {line["lineItemFulfillmentStatus"] for line in order["lineItems"]}
    order["orderFulfillmentStatus"] = "FULFILLED" if states == {"FULFILLED"} else "IN_PROGRESS"
    order["fulfillmentHrefs"] = [
        "https://api.ebay.com/sell/fulfillment/v1/order/"
        f"{order['orderId']}/shipping_fulfillment/{row['fulfillmentId']}"
        for row in rows
    ]
    shop.touch(order["orderId"])


# -- the rest -------------------------------------------------------------------


def _leave_feedback(shop: Shop, request: Request, _part: str) -> Reply:
    body = json.loads(request.body)
    if body.get("commentType") != "POSITIVE":
        raise EbayError(409, 501020, "Seller cannot leave negative feedback.", "API_FEEDBACK")
    if not 0 < len(body.get("commentText", "")) <= 500:
        raise EbayError(400, 501013, "Comment text is too long.", "API_FEEDBACK")
    line = body.get("orderLineItemId", "")
    known = {
        f"{item['legacyItemId']}-{item['lineItemId']}"
        for order in shop.orders.values()
        for item in order["lineItems"]
    }
    if line not in known:
        raise EbayError(400, 501003, "Listing id value is invalid.", "API_FEEDBACK")
    if line in shop.feedback:
        raise EbayError(409, 501008, "Feedback already left.", "API_FEEDBACK")
    shop.feedback[line] = body["commentText"]
    return Reply(body={"feedbackId": str(len(shop.feedback))})


def _limits(shop: Shop, _request: Request, _part: str) -> Reply:
    reset = (shop.now().astimezone(UTC) + timedelta(days=1)).replace(hour=7, minute=0)
    rows = [
        {
            "apiContext": "tradingapi" if name == "tradingapi" else "sell",
            "apiName": name,
            "apiVersion": "v1",
            "resources": [{"name": name, "rates": [_rate(shop, name, limit, reset)]}],
        }
        for name, limit in shop.limits.items()
    ]
    return Reply(body={"rateLimits": rows})


def _rate(shop: Shop, name: str, limit: int, reset: datetime) -> Json:
    used = shop.used[name]
    return {
        "count": used,
        "limit": limit,
        "remaining": max(0, limit - used),
        "reset": stamp(reset),
        "timeWindow": 86400,
    }


def _public_key(shop: Shop, _request: Request, part: str) -> Reply:
    if part in shop.keys.others:
        return Reply(body=shop.keys.others[part])
    if part != shop.keys.key_id:
        raise EbayError(404, 195001, "The specified key id is invalid.", "API_NOTIFICATION")
    return Reply(body=shop.keys.answer())


def _cancel(shop: Shop, request: Request, _part: str) -> Reply:
    body = json.loads(request.body)
    order = _order(shop, str(body.get("legacyOrderId")), 400)
    if order["cancelStatus"]["cancelState"] != "NONE_REQUESTED":
        raise EbayError(409, 1616, "A cancellation exists already.", "PostOrder")
    shop.cancel(order["orderId"])
    return Reply(body={"cancelId": "5300009999"})


def _approve(shop: Shop, _request: Request, part: str) -> Reply:
    shop.cancel(_requested(shop, part)["orderId"])
    return Reply(body={})


def _reject(shop: Shop, _request: Request, part: str) -> Reply:
    order = _requested(shop, part)
    order["cancelStatus"]["cancelRequests"][0]["cancelRequestState"] = "REJECTED"
    shop.touch(order["orderId"])
    return Reply(body={})


def _requested(shop: Shop, number: str) -> Json:
    for order in shop.orders.values():
        for row in order["cancelStatus"]["cancelRequests"]:
            if row["cancelRequestId"] == number and row["cancelRequestState"] == "REQUESTED":
                return order
    raise EbayError(404, 1600, "No such cancellation.", "PostOrder")


ROUTES: list[tuple[str, str, Handler]] = [
    ("GET", "/sell/fulfillment/v1/order", _get_orders),
    ("GET", ORDER, _get_order),
    ("GET", ORDER + "/shipping_fulfillment", _get_fulfillments),
    ("POST", ORDER + "/shipping_fulfillment", _create_fulfillment),
    ("POST", "/sell/inventory/v1/bulk_update_price_quantity", inventory.bulk_update),
    ("GET", "/sell/inventory/v1/offer", inventory.get_offers),
    ("GET", "/sell/inventory/v1/inventory_item", inventory.get_items),
    ("POST", "/commerce/feedback/v1/feedback", _leave_feedback),
    ("GET", "/commerce/identity/v1/user/", lambda shop, *_: Reply(body=shop.user)),
    (
        "GET",
        "/sell/account/v1/privilege",
        lambda shop, *_: Reply(body={"sellerRegistrationCompleted": shop.registered}),
    ),
    ("GET", "/developer/analytics/v1_beta/rate_limit/", _limits),
    ("GET", "/commerce/notification/v1/public_key/([^/]+)", _public_key),
    ("POST", "/post-order/v2/cancellation", _cancel),
    ("POST", "/post-order/v2/cancellation/([^/]+)/approve", _approve),
    ("POST", "/post-order/v2/cancellation/([^/]+)/reject", _reject),
]
