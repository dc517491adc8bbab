"""Offers: searching, reading one, patching one, as Amazon's engine understands the operations."""

from __future__ import annotations

from datetime import datetime

from .seller import Listing, Seller
from .wire import Json, Refusal, Reply, Request

PATH = "/attributes/fulfillment_availability"
MOST = 1_000  # a search shows no more, however many pages are turned
BARE = "The input you have submitted is not valid."


def search(seller: Seller, request: Request, values: dict[str, str]) -> Reply:
    """One page of offers, or those of up to 20 SKUs."""
    _check_seller(seller, values)
    params = request.params
    if ("identifiers" in params) != ("identifiersType" in params):
        raise Refusal(400, "InvalidInput", BARE)
    asked = {key: value for key, value in params.items() if key != "pageToken"}
    skus = _found(seller, asked)
    token = params.get("pageToken")
    start = seller.pages.get(token, {}) if token else {"offset": 0, "params": asked}
    if start.get("params") != asked:
        raise Refusal(400, "InvalidInput", "The pageToken is not valid.")
    end = start["offset"] + int(params.get("pageSize", "10"))
    body: Json = {
        "numberOfResults": len(skus),
        "items": [_shown(seller, sku, asked) for sku in skus[start["offset"] : end]],
    }
    if end < min(len(skus), MOST):
        following = f"offers{len(seller.pages)}+/="
        seller.pages[following] = {"offset": end, "params": asked}
        body["pagination"] = {"nextToken": following}
    return Reply(200, body)


def _found(seller: Seller, asked: dict[str, str]) -> list[str]:
    if "identifiers" in asked:
        return [sku for sku in asked["identifiers"].split(",") if sku in seller.listings]
    after = datetime.fromisoformat(asked.get("createdAfter", "2000-01-01T00:00:00Z")).timestamp()
    rows = [(row.created, sku) for sku, row in seller.listings.items() if row.created >= after]
    return [sku for _created, sku in sorted(rows, reverse=asked.get("sortOrder") != "ASC")]


def _shown(seller: Seller, sku: str, asked: dict[str, str]) -> Json:
    listing = seller.listings[sku]
    wanted = asked.get("includedData", "summaries").split(",")
    body: Json = {"sku": sku}
    if "summaries" in wanted:
        created = seller.instant(listing.created)
        body["summaries"] = [
            {
                "marketplaceId": place,
                "asin": f"B{sum(map(ord, sku)):09d}"[:10],
                "productType": "PRODUCT",
                "status": ["BUYABLE", "DISCOVERABLE"],
                "itemName": listing.title or sku,
                "createdDate": created,
                "lastUpdatedDate": created,
            }
            for place in asked["marketplaceIds"].split(",")
        ]
    if "fulfillmentAvailability" in wanted:
        body["fulfillmentAvailability"] = _availability(listing)
    return body


def _availability(listing: Listing) -> list[Json]:
    """Who stores the article; of Amazon's own stock no quantity is told."""
    return [
        {"fulfillmentChannelCode": channel}
        | ({"quantity": quantity} if channel == "DEFAULT" else {})
        for channel, quantity in listing.channels.items()
    ]


def get(seller: Seller, request: Request, values: dict[str, str]) -> Reply:
    """An offer with its quantities."""
    _find(seller, values)
    return Reply(200, _shown(seller, values["sku"], request.params))


def patch(seller: Seller, request: Request, values: dict[str, str]) -> Reply:
    """Change an offer, or only say whether it would be."""
    preview = request.params.get("mode") == "VALIDATION_PREVIEW"
    sku = values["sku"]
    problem = apply(seller, sku, request.json()["patches"], preview=preview)
    body: Json = {
        "sku": sku,
        "status": "INVALID" if problem else "VALID" if preview else "ACCEPTED",
        "submissionId": f"submission{seller.calls['patchListingsItem']}",
        "issues": [],
    }
    if problem:
        code, message = problem
        body["issues"] = [
            {
                "code": code,
                "message": message,
                "severity": "ERROR",
                "categories": ["INVALID_ATTRIBUTE"],
            }
        ]
    return Reply(200, body)


def apply(
    seller: Seller, sku: str, patches: list[Json], *, preview: bool = False
) -> tuple[str, str] | None:
    """Work off patches; return the code and text of what is wrong."""
    listing = seller.listings.get(sku)
    if listing is None:
        return "13013", "This SKU is not found in your catalog."
    for row in patches:
        values = row.get("value")
        if row["path"] != PATH or row["op"] not in ("merge", "replace") or not values:
            return "4000002", "The patch is not supported."
        for value in values:
            quantity = value.get("quantity")
            if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 0:
                return "4000001", "The quantity is not valid."
    if not preview:
        for row in patches:
            _change(listing, row)
    return None


def _change(listing: Listing, row: Json) -> None:
    """``replace`` forgets the handling time; another channel is added, it does not switch."""
    if row["op"] == "replace":
        listing.lead_time = None
    for value in row["value"]:
        listing.channels[value["fulfillment_channel_code"]] = value["quantity"]
        listing.lead_time = value.get("lead_time_to_ship_max_days", listing.lead_time)
        listing.history.append(value["quantity"])


def _find(seller: Seller, values: dict[str, str]) -> Listing:
    _check_seller(seller, values)
    if values["sku"] not in seller.listings:
        raise Refusal(404, "NOT_FOUND", "SKU not found in your catalog.")
    return seller.listings[values["sku"]]


def _check_seller(seller: Seller, values: dict[str, str]) -> None:
    if values["sellerId"] != seller.seller_id:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.")
