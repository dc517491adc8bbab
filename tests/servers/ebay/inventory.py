"""The Inventory API: stock of SKUs and their offers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from .wire import EbayError, Json, Reply, Request

if TYPE_CHECKING:
    from .shop import Shop


def bulk_update(shop: Shop, request: Request, _part: str) -> Reply:
    rows = json.loads(request.body).get("requests", [])
    offers = sum(max(1, len(row.get("offers", []))) for row in rows)
    if not 1 <= offers <= 25 or (shop.one_sku_per_call and len(rows) > 1):
        raise EbayError(400, 25002, "Too many rows in one call", "API_INVENTORY")
    if request.headers.get("x-ebay-c-marketplace-id") is None:
        shop.violations.append("bulkUpdatePriceQuantity: X-EBAY-C-MARKETPLACE-ID is missing")
    answers = [reply for row in rows for reply in _update_row(shop, row)]
    good = all(reply["statusCode"] == 200 for reply in answers)
    return Reply(200 if good else 207, {"responses": answers})


def _update_row(shop: Shop, row: Json) -> list[Json]:
    sku = row.get("sku", "")
    item = shop.inventory.get(sku)
    if item is None:
        return [_row_error(sku, "", 25710, "We didn't find the entity you are requesting.")]
    if item.get("busy"):
        item["busy"] -= 1
        return [_row_error(sku, "", 25025, "Concurrent access of the same Inventory")]
    item["revisions"] = item.get("revisions", 0) + 1
    if item["revisions"] > 250:
        return [_row_error(sku, "", 25002, "The listing was revised too often today.")]
    quantity = row.get("shipToLocationAvailability", {}).get("quantity")
    if quantity is not None:
        item["quantity"] = quantity
    found = [_update_offer(sku, item, offer) for offer in row.get("offers", [])]
    return found or [{"statusCode": 200, "sku": sku}]


def _update_offer(sku: str, item: Json, offer: Json) -> Json:
    number, quantity = offer.get("offerId", ""), offer.get("availableQuantity", 0)
    if number not in item["offers"]:
        return _row_error(sku, number, 25713, "This Offer is not available.")
    if not 0 <= quantity <= item["quantity"]:
        return _row_error(sku, number, 25709, "Invalid value for availableQuantity.")
    item["offers"][number] = quantity
    return {"statusCode": 200, "sku": sku, "offerId": number}


def _row_error(sku: str, offer: str, number: int, text: str) -> Json:
    row: Json = {
        "statusCode": 400,
        "sku": sku,
        "errors": [EbayError(400, number, text, "API_INVENTORY").row],
    }
    return row | ({"offerId": offer} if offer else {})


def get_offers(shop: Shop, request: Request, _part: str) -> Reply:
    sku = request.query.get("sku", "")
    if not sku:
        raise EbayError(400, 25709, "Invalid value for sku.", "API_INVENTORY")
    if sku not in shop.inventory:
        raise EbayError(404, 25713, "This Offer is not available.", "API_INVENTORY")
    rows = [
        {"offerId": number, "sku": sku, "marketplaceId": "EBAY_DE", "status": "PUBLISHED"}
        for number in shop.inventory[sku]["offers"]
    ]
    return Reply(body={"offers": rows, "total": len(rows), "size": len(rows), "limit": 100})


def get_items(shop: Shop, request: Request, _part: str) -> Reply:
    limit = int(request.query.get("limit", "25"))
    page = int(request.query.get("offset", "0"))  # eBay counts pages here
    if not 1 <= limit <= 200:
        raise EbayError(400, 25706, "Invalid value for limit.", "API_INVENTORY")
    names = sorted(shop.inventory)[page * limit : (page + 1) * limit]
    total = len(shop.inventory)
    rows = [_item(sku, shop.inventory[sku]) for sku in names]
    pages = -(-total // limit)
    return Reply(body={"inventoryItems": rows, "total": total, "size": pages, "limit": limit})


def _item(sku: str, item: Json) -> Json:
    return {
        "sku": sku,
        "product": {"title": item.get("title", sku), "ean": item.get("ean", ["Nicht zutreffend"])},
        "availability": {"shipToLocationAvailability": {"quantity": item["quantity"]}},
    }
