"""The documented resources of API v2 that order handling needs, one function each."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import products
from .lists import check_words, number_of, page_of, paged, slim
from .orders import STATUSES, list_record
from .people import COUNTRIES
from .wire import Json, Reply, Request, ShopError

if TYPE_CHECKING:
    from .shop import Shop

STAMP = "%Y-%m-%d %H:%M:%S"
PAGING = {"page", "per_page", "sort", "fields", "q", "search", "disable_links"}
CHANGES = {"modified", "deleted", "changed"}
PARCEL_SERVICES = {1: "DHL", 2: "DPD", 3: "GLS", 4: "Hermes", 5: "UPS"}

Handler = Callable[["Shop", Request], Reply]


def find(shop: Shop, method: str, parts: list[str]) -> Handler | None:
    """Return who answers; numbers in the path stand for records."""
    shape = [
        part if re.search(r"[a-z]", part) and place != 1 else "ID"
        for place, part in enumerate(parts)
    ]
    handler, since = _ROUTES.get((method, "/".join(shape)), (None, ""))
    return too_new if shop.old and since > "2.2" else handler


def find_v3(method: str, parts: list[str]) -> Handler | None:
    """Return who answers in API v3, which knows no orders."""
    known = len(parts) == 4 and parts[1] == "products" and parts[3] in ("variants", "options")
    return products.parts if known and method in ("GET", "PATCH") else None


def too_new(shop: Shop, request: Request) -> Reply:
    """What this old version does not have yet."""
    raise ShopError(404, "The requested resource is not supported by the API v2.")


def root(shop: Shop) -> Json:
    """The map of resources."""
    names = ["countries", "customers", "emails", "orders", "products", "zones"]
    if not shop.old:
        names += ["order_statuses", "parcel_services", "tracking_codes", "withdrawals"]
    return {name: f"http://shop.example/api.php/v2/{name}" for name in sorted(names)}


# -- orders ---------------------------------------------------------------


def orders(shop: Shop, request: Request) -> Reply:
    """``GET orders``: short records, or what changed since a moment."""
    check_words(shop, request, PAGING | CHANGES)
    asked = CHANGES & set(request.query)
    if asked and not shop.old:
        return _changes(shop, request, asked.pop())
    rows = shop.records()
    keyword = request.query.get("q") or request.query.get("search")
    if keyword:
        rows = [row for row in rows if keyword.lower() in str(row).lower()]
    return paged(rows, request)


def _changes(shop: Shop, request: Request, word: str) -> Reply:
    try:
        since = datetime.strptime(request.query[word], STAMP)
    except ValueError:
        shop.violations.append(f"{word}={request.query[word]!r} is not a time")
        raise ShopError(400, f"Invalid {word} parameter provided.") from None
    numbers = [n for n in sorted(shop.modified, reverse=True) if shop.modified[n] >= since]
    size, page = number_of(request, "per_page", 50), number_of(request, "page", 1)
    numbers = numbers[(page - 1) * size : page * size]
    part = [list_record(shop.orders[number]) for number in numbers]
    body: dict[str, Any] = {}
    if word in ("deleted", "changed"):
        gone = [(number, when) for number, when in shop.deleted.items() if when >= since]
        body["deleted"] = [{"id": str(n), "date": when.strftime(STAMP)} for n, when in gone]
    if word in ("modified", "changed"):
        body.setdefault("deleted", [])
        body["modified"] = slim(part, request)
    return Reply(body=body)


def order(shop: Shop, request: Request) -> Reply:
    """``GET orders/ID``: all of one order; anything but a number gives the list."""
    number = request.parts[1]
    if not number.isdigit():
        shop.violations.append(f"{number!r} is not an order's number")
        return paged(shop.records(), request)
    check_words(shop, request, PAGING)
    if int(number) not in shop.orders:
        raise ShopError(500, f"The requested Order was not found in database (ID:{number})", 0)
    return Reply(body=slim([shop.orders[int(number)]], request)[0])


def search_orders(shop: Shop, request: Request) -> Reply:
    """``POST orders/search``: equality only, which is what a client needs to find one order."""
    matches = request.json("Search").get("search", {}).get("match", {})
    columns = {"orders.orders_id": "id", "orders.orders_status": "statusId"}
    if not matches or set(matches) - set(columns):
        raise ShopError(400, "Invalid search condition provided.")
    rows = shop.records()
    for column, value in matches.items():
        rows = [row for row in rows if str(row[columns[column]]) == str(value)]
    return Reply(body=page_of(rows, request)[0])


def patch_status(shop: Shop, request: Request) -> Reply:
    """``PATCH orders/ID/status``: checks no status, adds a row at every call, sends no mail."""
    body, number = request.json("Order status"), int(request.parts[1])
    if not set(body) <= {"statusId", "comment", "customerNotified", "customerId"}:
        shop.violations.append(f"PATCH status with {sorted(body)}")
    if isinstance(body.get("statusId"), bool) or not isinstance(body.get("statusId"), int):
        shop.violations.append(f"PATCH status to {body.get('statusId')!r}")
        raise ShopError(500, "Argument 1 must be of the type int", 0)
    if not isinstance(body.get("customerNotified"), bool):
        shop.violations.append("PATCH status without customerNotified")
        raise ShopError(500, "Argument 4 must be of the type bool, null given", 0)
    if number not in shop.orders:
        raise ShopError(500, f"The requested Order was not found in database (ID:{number})", 0)
    row = shop.set_status(
        number, body["statusId"], body.get("comment", ""), body["customerNotified"]
    )
    return Reply(body=row)


# -- parcels --------------------------------------------------------------


def get_tracking(shop: Shop, request: Request) -> Reply:
    """``GET orders/ID/tracking_codes``."""
    return Reply(body=[row for row in shop.tracking if row["orderId"] == request.parts[1]])


def post_tracking(shop: Shop, request: Request) -> Reply:
    """``POST orders/ID/tracking_codes``: takes unknown orders and the same code twice."""
    body = request.json("Tracking code")
    _check_tracking(shop, body)
    service = int(body.get("parcelServiceId") or 0)
    if service not in PARCEL_SERVICES and not (body.get("parcelServiceName") and body.get("url")):
        raise ShopError(400, "Invalid body provided.")
    code = body.get("trackingCode", "") if service else ""
    row = {
        "id": str(len(shop.tracking) + 1),
        "orderId": request.parts[1],
        "trackingCode": code,
        "parcelServiceId": str(service),
        "parcelServiceName": PARCEL_SERVICES.get(service, body.get("parcelServiceName", "")),
        "languageId": str(body.get("languageId", 2)),
        "url": body.get("url") or f"https://tracking.example/{code}",
        "comment": body.get("comment", ""),
        "creationDate": (shop.now() + shop.database_offset).strftime(STAMP),
    }
    shop.tracking.append(row)
    return Reply(201, row)


def _check_tracking(shop: Shop, body: Json) -> None:
    """Note what is none of the two documented forms."""
    by_number = {"parcelServiceId", "trackingCode"}
    by_name = {"parcelServiceName", "url"}
    if not (
        by_number <= set(body) <= by_number | {"languageId"}
        or by_name <= set(body) <= by_name | {"comment"}
    ):
        shop.violations.append(f"POST tracking code with {sorted(body)}")
    if "trackingCode" in body and not (
        isinstance(body["trackingCode"], str) and body["trackingCode"]
    ):
        shop.violations.append("POST tracking code without a code")


def parcel_services(shop: Shop, request: Request) -> Reply:
    """``GET parcel_services``."""
    rows = [
        {
            "id": number,
            "name": name,
            "isDefault": number == 1,
            "descriptions": {"url": {}, "comment": {}},
        }
        for number, name in PARCEL_SERVICES.items()
    ]
    return paged(rows, request)


# -- names ----------------------------------------------------------------


def country(shop: Shop, request: Request) -> Reply:
    """``GET countries/ID``."""
    number = int(request.parts[1]) if request.parts[1].isdigit() else 0
    if number not in COUNTRIES:
        raise ShopError(500, f"Country with ID {number} was not found", 0)
    name, iso2, iso3 = COUNTRIES[number]
    body = {
        "id": number,
        "name": name,
        "iso2": iso2,
        "iso3": iso3,
        "addressFormatId": 5,
        "status": True,
    }
    return Reply(body=body)


def order_statuses(shop: Shop, request: Request) -> Reply:
    """``GET order_statuses``."""
    rows = [
        {"id": number, "names": {"EN": english, "DE": german}, "color": "2196F3"}
        for number, (english, german) in STATUSES.items()
    ]
    return paged(rows, request)


_ROUTES: dict[tuple[str, str], tuple[Handler, str]] = {
    ("GET", "orders"): (orders, ""),
    ("GET", "orders/ID"): (order, ""),
    ("POST", "orders/ID"): (search_orders, ""),
    ("PATCH", "orders/ID/status"): (patch_status, ""),
    ("GET", "orders/ID/tracking_codes"): (get_tracking, "2.3"),
    ("POST", "orders/ID/tracking_codes"): (post_tracking, "2.3"),
    ("GET", "countries/ID"): (country, ""),
    ("GET", "order_statuses"): (order_statuses, "2.3"),
    ("GET", "parcel_services"): (parcel_services, "2.3"),
    ("GET", "products"): (products.products, ""),
    ("GET", "products/ID"): (products.product, ""),
    ("POST", "products/ID"): (products.search_products, ""),
    ("PUT", "products"): (products.put_products, ""),
    ("PUT", "products/ID"): (products.put_product, ""),
}
