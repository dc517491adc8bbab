"""eBay's names, from its OpenAPI documents (Fulfillment 1.20.7, Inventory 1.18.4) and the Trading
API's schema 1487.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

# -- hosts ----------------------------------------------------------------
RELAY_DOMAINS: Final = ("members.ebay.com",)


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where eBay answers. Tests and proxies put their own here."""

    api: str
    identity: str  # getUser alone lives on a host of its own
    consent: str


PRODUCTION: Final = Hosts("https://api.ebay.com", "https://apiz.ebay.com", "https://auth.ebay.com")
SANDBOX: Final = Hosts(
    "https://api.sandbox.ebay.com",
    "https://apiz.sandbox.ebay.com",
    "https://auth.sandbox.ebay.com",
)

# -- paths ----------------------------------------------------------------
TOKEN_PATH: Final = "identity/v1/oauth2/token"  # noqa: S105 as it is an address
CONSENT_PATH: Final = "oauth2/authorize"
FULFILLMENT: Final = "sell/fulfillment/v1"
INVENTORY: Final = "sell/inventory/v1"
ACCOUNT: Final = "sell/account/v1"
FEEDBACK: Final = "commerce/feedback/v1"
NOTIFICATION: Final = "commerce/notification/v1"
IDENTITY: Final = "commerce/identity/v1"
ANALYTICS: Final = "developer/analytics/v1_beta"
POST_ORDER: Final = "post-order/v2"
TRADING: Final = "ws/api.dll"

# -- scopes ---------------------------------------------------------------
SCOPE: Final = "https://api.ebay.com/oauth/api_scope"
SCOPE_ORDERS: Final = f"{SCOPE}/sell.fulfillment"
SCOPE_STOCK: Final = f"{SCOPE}/sell.inventory"
SCOPE_ACCOUNT: Final = f"{SCOPE}/sell.account.readonly"
SCOPE_FEEDBACK: Final = f"{SCOPE}/commerce.feedback"
SCOPE_IDENTITY: Final = f"{SCOPE}/commerce.identity.readonly"
SCOPES: Final = (
    SCOPE,
    SCOPE_ORDERS,
    SCOPE_STOCK,
    SCOPE_ACCOUNT,
    SCOPE_FEEDBACK,
    SCOPE_IDENTITY,
)

# -- marketplaces: id, number of the site in the Trading API, language -----
SITES: Final = {
    "EBAY_DE": ("77", "de-DE"),
    "EBAY_AT": ("16", "de-AT"),
    "EBAY_CH": ("193", "de-CH"),
    "EBAY_GB": ("3", "en-GB"),
    "EBAY_FR": ("71", "fr-FR"),
    "EBAY_IT": ("101", "it-IT"),
    "EBAY_ES": ("186", "es-ES"),
    "EBAY_NL": ("146", "nl-NL"),
    "EBAY_US": ("0", "en-US"),
}
TRADING_VERSION: Final = "1487"
TRADING_NAMESPACE: Final = "urn:ebay:apis:eBLBaseComponents"

# -- orders ---------------------------------------------------------------
OVERLAP: Final = timedelta(minutes=15)
SETTLE: Final = timedelta(minutes=2)  # eBay's list lags behind, and refuses dates in its future
SWEEP_EVERY: Final = timedelta(days=1)
SWEEP_BACK: Final = timedelta(days=7)
OLDEST: Final = timedelta(days=729)  # eBay keeps orders for two years
PAGE_SIZE: Final = 100  # at most 200 are allowed
TAX_BREAKDOWN: Final = "TAX_BREAKDOWN"

PAID: Final = "PAID"
PENDING: Final = "PENDING"
FAILED: Final = "FAILED"
PARTIALLY_REFUNDED: Final = "PARTIALLY_REFUNDED"
FULLY_REFUNDED: Final = "FULLY_REFUNDED"
PAYMENT_STATES: Final = frozenset({PAID, PENDING, FAILED, PARTIALLY_REFUNDED, FULLY_REFUNDED})

NOT_STARTED: Final = "NOT_STARTED"
IN_PROGRESS: Final = "IN_PROGRESS"
FULFILLED: Final = "FULFILLED"
FULFILLMENT_STATES: Final = frozenset({NOT_STARTED, IN_PROGRESS, FULFILLED})

NONE_REQUESTED: Final = "NONE_REQUESTED"
CANCELED: Final = "CANCELED"
CANCEL_STATES: Final = frozenset({NONE_REQUESTED, IN_PROGRESS, CANCELED})

SHIP_TO: Final = "SHIP_TO"
BY_EBAY: Final = "FULFILLED_BY_EBAY"
DIGITAL: Final = "DIGITAL"
PICKUP: Final = "PREPARE_FOR_PICKUP"
INSTRUCTIONS: Final = frozenset({SHIP_TO, BY_EBAY, DIGITAL, PICKUP})

# taxes that eBay's total holds when they appear in both lists of a line
COLLECTED_TAXES: Final = frozenset({"STATE_SALES_TAX", "PROVINCE_SALES_TAX", "GST", "VAT", "SST"})

NO_SKU: Final = "ebay:"  # stands before the listing's number where a listing has no SKU

# -- limits ---------------------------------------------------------------
ROWS_PER_STOCK_CALL: Final = 25
ITEMS_PER_TRADING_CALL: Final = 4
REVISIONS_PER_DAY: Final = 250  # of one listing
MOST_STOCK: Final = 2_147_483_647
COMMENT_LENGTH: Final = 500
SKU_LENGTH: Final = 50
KEY_LIFE: Final = 3600.0  # seconds a public key is kept
