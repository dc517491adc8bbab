"""Settlements, requests for reviews, and the account's marketplaces."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

from .seller import PLACES, Document, Seller
from .wire import Json, Refusal, Reply, Request

SETTLEMENT = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
REVIEW = "productReviewAndSellerFeedback"


def reports(seller: Seller, request: Request, _values: dict[str, str]) -> Reply:
    """The settlements that are ready."""
    params = request.params
    if "nextToken" in params:
        raise Refusal(400, "InvalidInput", "The nextToken is not valid.")
    if params.get("reportTypes") != SETTLEMENT:
        return Reply(200, {"reports": []})
    since = datetime.fromisoformat(params.get("createdSince", "2000-01-01T00:00:00Z"))
    rows = [
        {
            "reportId": f"9{index:06d}",
            "reportType": SETTLEMENT,
            "createdTime": created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "processingStatus": "DONE",
            "reportDocumentId": f"settlement-{name}",
        }
        for index, (name, created, _content) in enumerate(seller.settlements)
        if created >= since
    ]
    return Reply(200, {"reports": rows})


def report_document(seller: Seller, _request: Request, values: dict[str, str]) -> Reply:
    """Where a settlement can be fetched."""
    number = values["reportDocumentId"]
    for name, _created, content in seller.settlements:
        if number == f"settlement-{name}":
            seller.documents[number] = Document(number, content=gzip.compress(content))
            url = f"{seller.base_url}/documents/{number}?X-Amz-Signature={number[-8:]}"
            body = {"reportDocumentId": number, "url": url, "compressionAlgorithm": "GZIP"}
            return Reply(200, body)
    raise Refusal(404, "NotFound", "The report does not exist.")


def solicitations(seller: Seller, request: Request, values: dict[str, str]) -> Reply:
    """Whether a review may be asked for: after shipping, and once."""
    number = values["amazonOrderId"]
    base = f"/solicitations/v1/orders/{number}"
    query = f"?marketplaceIds={request.params['marketplaceIds']}"
    actions: list[Json] = []
    if _may_ask(seller, number):
        actions = [{"href": f"{base}/solicitations/{REVIEW}{query}", "name": REVIEW}]
    return Reply(200, {"_links": {"self": {"href": f"{base}{query}"}, "actions": actions}})


def solicit(seller: Seller, _request: Request, values: dict[str, str]) -> Reply:
    """Ask for a review."""
    number = values["amazonOrderId"]
    if not _may_ask(seller, number):
        raise Refusal(403, "Unauthorized", "The solicitation is not available for this order.")
    seller.solicited.append(number)
    return Reply(201, {})


def _may_ask(seller: Seller, number: str) -> bool:
    order = seller.orders.get(number)
    if order is None:
        raise Refusal(404, "NotFound", "The order does not exist.")
    shipped = order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    return shipped and number not in seller.solicited


def participations(seller: Seller, _request: Request, _values: dict[str, str]) -> Reply:
    """The marketplaces of the account."""
    rows = []
    for number in seller.marketplaces:
        name, country, language, domain = PLACES[number]
        rows.append(
            {
                "marketplace": {
                    "id": number,
                    "name": name,
                    "countryCode": country,
                    "defaultCurrencyCode": "EUR",
                    "defaultLanguageCode": language,
                    "domainName": domain,
                },
                "participation": {
                    "isParticipating": True,
                    "hasSuspendedListings": number in seller.suspended,
                },
                "storeName": "Testladen",
            }
        )
    return Reply(200, {"payload": rows})
