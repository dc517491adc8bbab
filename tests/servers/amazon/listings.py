"""Offers: reading one, patching one, as Amazon's engine understands the operations."""

from __future__ import annotations

from .seller import Listing, Seller
from .wire import Json, Refusal, Reply, Request

PATH = "/attributes/fulfillment_availability"


def get(seller: Seller, request: Request, values: dict[str, str]) -> Reply:
    """An offer with its quantities."""
    listing = _find(seller, values)
    wanted = request.params.get("includedData", "summaries").split(",")
    body: Json = {"sku": values["sku"]}
    if "fulfillmentAvailability" in wanted:
        body["fulfillmentAvailability"] = [
            {"fulfillmentChannelCode": channel, "quantity": quantity}
            for channel, quantity in listing.channels.items()
        ]
    return Reply(200, body)


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
    if values["sellerId"] != seller.seller_id:
        raise Refusal(403, "Unauthorized", "Access to requested resource is denied.")
    if values["sku"] not in seller.listings:
        raise Refusal(404, "NOT_FOUND", "SKU not found in your catalog.")
    return seller.listings[values["sku"]]
