"""Amazon's names and limits, from the models of the Selling Partner API of August 2026."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

# -- hosts (settings of the account; these are the defaults) ----------------
ENDPOINT_EU: Final = "https://sellingpartnerapi-eu.amazon.com"
TOKEN_HOST: Final = "https://api.amazon.com"  # noqa: S105 a host
TOKEN_PATH: Final = "auth/o2/token"  # noqa: S105 a path
USER_AGENT: Final = "OrderAutomation/19.0 (Language=Python; Platform=Odoo)"


# -- operations: path, requests per second, burst ----------------------------
@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the API with its usage plan as documented."""

    name: str
    method: str
    path: str
    rate: float
    burst: int


SEARCH_ORDERS: Final = Operation("searchOrders", "GET", "orders/2026-01-01/orders", 0.0056, 20)
GET_ORDER: Final = Operation("getOrder", "GET", "orders/2026-01-01/orders/{orderId}", 0.5, 30)
CONFIRM_SHIPMENT: Final = Operation(
    "confirmShipment", "POST", "orders/v0/orders/{orderId}/shipmentConfirmation", 2, 10
)
_ITEM: Final = "listings/2021-08-01/items/{sellerId}/{sku}"
SEARCH_LISTINGS: Final = Operation(
    "searchListingsItems", "GET", "listings/2021-08-01/items/{sellerId}", 5, 5
)
GET_LISTING: Final = Operation("getListingsItem", "GET", _ITEM, 5, 10)
PATCH_LISTING: Final = Operation("patchListingsItem", "PATCH", _ITEM, 5, 5)
_FEEDS: Final = "feeds/2021-06-30"
CREATE_FEED_DOCUMENT: Final = Operation(
    "createFeedDocument", "POST", f"{_FEEDS}/documents", 0.5, 15
)
CREATE_FEED: Final = Operation("createFeed", "POST", f"{_FEEDS}/feeds", 0.0083, 15)
GET_FEED: Final = Operation("getFeed", "GET", f"{_FEEDS}/feeds/{{feedId}}", 2, 15)
GET_FEED_DOCUMENT: Final = Operation(
    "getFeedDocument", "GET", f"{_FEEDS}/documents/{{feedDocumentId}}", 0.0222, 10
)
_REPORTS: Final = "reports/2021-06-30"
GET_REPORTS: Final = Operation("getReports", "GET", f"{_REPORTS}/reports", 0.0222, 10)
GET_REPORT_DOCUMENT: Final = Operation(
    "getReportDocument", "GET", f"{_REPORTS}/documents/{{reportDocumentId}}", 0.0167, 15
)
GET_SOLICITATIONS: Final = Operation(
    "getSolicitationActionsForOrder", "GET", "solicitations/v1/orders/{amazonOrderId}", 1, 5
)
SOLICIT_REVIEW: Final = Operation(
    "createProductReviewAndSellerFeedbackSolicitation",
    "POST",
    "solicitations/v1/orders/{amazonOrderId}/solicitations/productReviewAndSellerFeedback",
    1,
    5,
)
GET_PARTICIPATIONS: Final = Operation(
    "getMarketplaceParticipations", "GET", "sellers/v1/marketplaceParticipations", 0.016, 15
)
OPERATIONS: Final = (
    SEARCH_ORDERS,
    GET_ORDER,
    CONFIRM_SHIPMENT,
    SEARCH_LISTINGS,
    GET_LISTING,
    PATCH_LISTING,
    CREATE_FEED_DOCUMENT,
    CREATE_FEED,
    GET_FEED,
    GET_FEED_DOCUMENT,
    GET_REPORTS,
    GET_REPORT_DOCUMENT,
    GET_SOLICITATIONS,
    SOLICIT_REVIEW,
    GET_PARTICIPATIONS,
)
RATE_HEADER: Final = "x-amzn-RateLimit-Limit"
REQUEST_ID_HEADER: Final = "x-amzn-RequestId"

# -- searching orders --------------------------------------------------------
PAGE_SIZE: Final = 100
MAX_MARKETPLACES: Final = 50
SETTLE_TIME: Final = timedelta(minutes=2)  # a window must end this long before now
SETTLE_MARGIN: Final = timedelta(seconds=45)  # on top, for the way there and clocks
OVERLAP: Final = timedelta(minutes=10)
LONGEST_WINDOW: Final = timedelta(days=30)
SHORTEST_WINDOW: Final = timedelta(minutes=5)
HISTORY: Final = timedelta(days=729)  # older orders are not shown
TOKEN_LIFE: Final = timedelta(hours=23)  # of a page token; Amazon says 24
SWEEP_EVERY: Final = timedelta(days=1)
SWEEP_DAYS: Final = timedelta(days=3)
INCLUDED: Final = (
    "BUYER",
    "RECIPIENT",
    "PROCEEDS",
    "PROMOTION",
    "CANCELLATION",
    "FULFILLMENT",
    "PACKAGES",
    "TAX",
)
# Without the role for tax data Amazon may refuse the whole search: then it is left out.
INCLUDED_FEWER: Final = tuple(name for name in INCLUDED if name != "TAX")

# -- orders ------------------------------------------------------------------
PENDING: Final = frozenset({"PENDING", "PENDING_AVAILABILITY"})
UNSHIPPED: Final = frozenset({"UNSHIPPED", "PARTIALLY_SHIPPED"})
SHIPPED: Final = "SHIPPED"
CANCELLED: Final = "CANCELLED"
MERCHANT: Final = "MERCHANT"
AMAZON: Final = "AMAZON"
HOLD_PROGRAMS: Final = frozenset({"IN_STORE_PICK_UP", "PREORDER"})
HURRY_PROGRAMS: Final = frozenset({"PRIME", "PREMIUM"})
BUSINESS: Final = "AMAZON_BUSINESS"
REPLACEMENTS: Final = frozenset({"REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID"})
FACILITATOR: Final = "MARKETPLACE_FACILITATOR"
VAT_TYPES: Final = frozenset({"VAT", "BUSINESS"})

# -- marketplaces of Europe: id -> (country, language of buyers) ---------------
MARKETPLACES: Final = {
    "A1PA6795UKMFR9": ("DE", "de"),
    "A13V1IB3VIYZZH": ("FR", "fr"),
    "APJ6JRA9NG5V4": ("IT", "it"),
    "A1RKKUPIHCS9HS": ("ES", "es"),
    "A1805IZSGTT6HS": ("NL", "nl"),
    "AMEN7PMS3EDWL": ("BE", "fr"),
    "A1C3SOZRARQ6R3": ("PL", "pl"),
    "A2NODRKZP88ZB9": ("SE", "sv"),
    "A28R8C7NBKEWEA": ("IE", "en"),
    "A1F83G8C2ARO7P": ("GB", "en"),
}
RELAY_DOMAINS: Final = tuple(
    f"marketplace.amazon.{end}"
    for end in (
        "de",
        "fr",
        "it",
        "es",
        "nl",
        "com.be",
        "pl",
        "se",
        "ie",
        "co.uk",
        "com",
        "com.tr",
    )
)

# -- VAT rates that occur in Europe, to name a rate from an amount of tax ------
VAT_RATES: Final = (
    "0 2.1 2.6 3 3.8 4 4.8 5 5.5 6 7 8 8.1 9 9.5 10 12 13 13.5 14 15 16 17 18 19 20 21 22 23 24"
    " 25 25.5 27"
)

# -- listings and feeds --------------------------------------------------------
DEFAULT_CHANNEL: Final = "DEFAULT"  # own warehouse; any other adds Amazon's logistics
PRODUCT_TYPE: Final = "PRODUCT"
MAX_QUANTITY: Final = 999_999
FEED_THRESHOLD: Final = 500  # changed SKUs: more than 100 seconds of single calls
FEED_MESSAGES: Final = 25_000
LISTINGS_FEED: Final = "JSON_LISTINGS_FEED"
INVOICE_FEED: Final = "UPLOAD_VAT_INVOICE"
ACKNOWLEDGEMENT_FEED: Final = "POST_ORDER_ACKNOWLEDGEMENT_DATA"
SETTLEMENT_REPORT: Final = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
FEED_RUNNING: Final = frozenset({"IN_QUEUE", "IN_PROGRESS"})
FEED_FAILED: Final = frozenset({"FATAL", "CANCELLED"})
REVIEW_ACTION: Final = "productReviewAndSellerFeedback"
CANCEL_REASONS: Final = frozenset(
    {
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
    }
)
