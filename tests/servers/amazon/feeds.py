"""Files: a place to upload to, a queue that takes its time, a report about every row."""

from __future__ import annotations

import gzip
import json
import xml.etree.ElementTree as ET

from . import listings
from .seller import Document, Feed, Seller
from .wire import Json, Refusal, Reply, Request

CANCEL_REASONS = [
    "NoInventory",
    "ShippingAddressUndeliverable",
    "CustomerExchange",
    "BuyerCanceled",
    "GeneralAdjustment",
    "CarrierCreditDecision",
    "RiskAssessmentInformationNotValid",
    "CarrierCoverageFailure",
    "CustomerReturn",
    "MerchandiseNotReceived",
]
INVOICE_KEYS = {
    "metadata:invoicenumber",
    "metadata:documenttype",
    "metadata:totalamount",
    "metadata:totalvatamount",
}


def create_document(seller: Seller, request: Request, _values: dict[str, str]) -> Reply:
    """A place to upload to."""
    number = f"amzn1.tortuga.4.eu.{len(seller.documents):08d}"
    seller.documents[number] = Document(
        number, request.json()["contentType"], created=seller.clock()
    )
    return Reply(201, {"feedDocumentId": number, "url": _url(seller, number)})


def _url(seller: Seller, number: str) -> str:
    return f"{seller.base_url}/documents/{number}?X-Amz-Signature={number[-8:]}"


def create(seller: Seller, request: Request, _values: dict[str, str]) -> Reply:
    """Hand a file in."""
    body = request.json()
    document = seller.documents.get(body["inputFeedDocumentId"])
    if document is None or document.content is None:
        raise Refusal(400, "InvalidInput", "The feed document was not uploaded.")
    number = f"5{len(seller.feeds):07d}"
    seller.feeds[number] = Feed(
        number,
        body["feedType"],
        body["marketplaceIds"],
        document,
        body.get("feedOptions", {}),
        seller.clock(),
    )
    return Reply(202, {"feedId": number})


def get(seller: Seller, _request: Request, values: dict[str, str]) -> Reply:
    """How far a file is; each question brings it on."""
    feed = seller.feeds.get(values["feedId"])
    if feed is None:
        raise Refusal(404, "NotFound", "The feed does not exist.")
    feed.polls += 1
    if feed.status == "IN_QUEUE" and feed.polls > 1:
        feed.status = "IN_PROGRESS"
    if feed.status == "IN_PROGRESS" and feed.polls > seller.feed_polls:
        _work(seller, feed)
    body: Json = {
        "feedId": feed.number,
        "feedType": feed.kind,
        "marketplaceIds": feed.marketplaces,
        "createdTime": seller.instant(feed.created),
        "processingStatus": feed.status,
    }
    if feed.result:
        body["resultFeedDocumentId"] = feed.result
    return Reply(200, body)


def get_document(seller: Seller, _request: Request, values: dict[str, str]) -> Reply:
    """Where a report can be fetched."""
    document = seller.documents.get(values["feedDocumentId"])
    if document is None:
        raise Refusal(404, "NotFound", "The document does not exist.")
    body = {"feedDocumentId": document.number, "url": _url(seller, document.number)}
    if document.packed:
        body["compressionAlgorithm"] = "GZIP"
    return Reply(200, body)


def _work(seller: Seller, feed: Feed) -> None:
    content = feed.document.content or b""
    workers = {
        "JSON_LISTINGS_FEED": _listings,
        "UPLOAD_VAT_INVOICE": _invoice,
        "POST_ORDER_ACKNOWLEDGEMENT_DATA": _acknowledgement,
        "POST_ORDER_FULFILLMENT_DATA": _fulfillment,
    }
    if feed.kind not in workers:
        feed.status = "FATAL"
        return
    report = workers[feed.kind](seller, feed, content)
    number = f"amzn1.tortuga.4.eu.result{len(seller.documents):08d}"
    seller.documents[number] = Document(number, content=gzip.compress(report), packed=True)
    feed.result = number
    feed.status = "DONE"


def _listings(seller: Seller, feed: Feed, content: bytes) -> bytes:
    data = json.loads(content)
    seller.violations += [
        f"feed: {problem}" for problem in seller.judge_file("listings-feed-schema-v2", data)
    ]
    if data["header"]["sellerId"] != seller.seller_id:
        seller.violations.append("feed: another seller's number")
    issues = []
    for message in data["messages"]:
        problem = listings.apply(seller, message["sku"], message.get("patches", []))
        if problem:
            issues.append(
                {
                    "messageId": message["messageId"],
                    "code": problem[0],
                    "severity": "ERROR",
                    "message": problem[1],
                }
            )
    count = len(data["messages"])
    report = {
        "header": {"sellerId": seller.seller_id, "version": "2.0", "feedId": feed.number},
        "issues": issues,
        "summary": {
            "errors": len(issues),
            "warnings": 0,
            "messagesProcessed": count,
            "messagesAccepted": count - len(issues),
            "messagesInvalid": len(issues),
        },
    }
    name = "listings-feed-processing-report-schema-v2"
    seller.violations += [f"report: {problem}" for problem in seller.judge_file(name, report)]
    return json.dumps(report).encode()


def _invoice(seller: Seller, feed: Feed, content: bytes) -> bytes:
    keys = set(feed.options)
    error = ""
    if not keys >= INVOICE_KEYS or not keys & {"metadata:orderid", "metadata:shippingid"}:
        error = "79513\tError\tPlease provide metadata:shippingid or metadata:orderid"
    elif not content.startswith(b"%PDF-") or feed.document.content_type != "application/pdf":
        error = "79510\tError\tThe document is not a PDF."
    elif seller.own_invoices:
        error = "79525\tError\tAmazon will generate invoice."
    else:
        seller.invoices.append(feed.options)
    lines = [
        "Feed Processing Summary:",
        "\tNumber of records processed\t\t1",
        f"\tNumber of records successful\t\t{0 if error else 1}",
        "",
        "original-record-number\tsku\terror-code\terror-type\terror-message",
    ]
    return "\n".join([*lines, f"1\t\t{error}"] if error else lines).encode()


def _acknowledgement(seller: Seller, _feed: Feed, content: bytes) -> bytes:
    """Cancel orders; the elements are those of the public description of the file."""
    root = ET.fromstring(content)
    if root.findtext("Header/MerchantIdentifier") != seller.seller_id:
        seller.violations.append("cancellation: another seller's number")
    results = []
    for message in root.iter("Message"):
        order = message.find("OrderAcknowledgement")
        number = order.findtext("AmazonOrderID", "") if order is not None else ""
        row = seller.orders.get(number)
        if order is None or order.findtext("StatusCode") != "Failure" or row is None:
            results.append((message.findtext("MessageID"), "25", "The order is not found."))
        elif row["fulfillment"]["fulfillmentStatus"] != "UNSHIPPED":
            results.append(
                (message.findtext("MessageID"), "18028", "The order is already shipped.")
            )
        elif problem := _cancel_items(seller, number, order):
            results.append((message.findtext("MessageID"), "25", problem))
    return _xml_report(results)


def _fulfillment(seller: Seller, _feed: Feed, content: bytes) -> bytes:
    """Note parcels; the elements are those of the public description of the file."""
    root = ET.fromstring(content)
    if root.findtext("Header/MerchantIdentifier") != seller.seller_id:
        seller.violations.append("fulfillment: another seller's number")
    results = []
    for message in root.iter("Message"):
        order = message.find("OrderFulfillment")
        number = order.findtext("AmazonOrderID", "") if order is not None else ""
        if order is None or number not in seller.orders:
            problem = "The order is not found."
        else:
            problem = _fulfil(seller, number, order)
        if problem:
            results.append((message.findtext("MessageID"), "18028", problem))
    return _xml_report(results)


def _fulfil(seller: Seller, number: str, order: ET.Element) -> str:
    """Note a parcel; return what is wrong."""
    data = order.find("FulfillmentData")
    carrier = data is not None and (data.findtext("CarrierCode") or data.findtext("CarrierName"))
    if not carrier or not order.findtext("FulfillmentDate"):
        return "The carrier or the date is missing."
    rows = {row["orderItemId"]: row["fulfillment"] for row in seller.orders[number]["orderItems"]}
    parts = [
        (item.findtext("AmazonOrderItemCode", ""), int(item.findtext("Quantity", "0")))
        for item in order.iter("Item")
    ]
    for code, quantity in parts:
        if code not in rows or not 0 < quantity <= rows[code]["quantityUnfulfilled"]:
            return "The quantity of an item is not valid: the order is already shipped."
    for code, quantity in parts:
        rows[code]["quantityUnfulfilled"] -= quantity
        rows[code]["quantityFulfilled"] += quantity
    seller.untracked.append((number, str(carrier), tuple(parts)))
    done = not any(row["quantityUnfulfilled"] for row in rows.values())
    seller.set_status(number, "SHIPPED" if done else "PARTIALLY_SHIPPED")
    return ""


def _cancel_items(seller: Seller, number: str, order: ET.Element) -> str:
    """Cancel the named articles, all of each; return what is wrong."""
    rows = {row["orderItemId"]: row for row in seller.orders[number]["orderItems"]}
    named = {}
    for item in order.iter("Item"):
        code = item.findtext("AmazonOrderItemCode", "")
        if code not in rows or item.findtext("CancelReason") not in CANCEL_REASONS:
            return "An item or its CancelReason is not valid."
        named[code] = rows[code]
    if not named:
        return "A CancelReason is needed."
    seller.cancellations.append(number)
    seller.cancel(number, by="MERCHANT", items=named)
    return ""


def _xml_report(results: list[tuple[str | None, str, str]]) -> bytes:
    root = ET.Element("AmazonEnvelope")
    report = ET.SubElement(ET.SubElement(root, "Message"), "ProcessingReport")
    ET.SubElement(report, "StatusCode").text = "Complete"
    for number, code, text in results:
        result = ET.SubElement(report, "Result")
        ET.SubElement(result, "MessageID").text = number
        ET.SubElement(result, "ResultCode").text = "Error"
        ET.SubElement(result, "ResultMessageCode").text = code
        ET.SubElement(result, "ResultDescription").text = text
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)
