"""Gambio's names, from the source of GX 4.8.0.3 and the documentation of its API v2."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

# -- the wire -------------------------------------------------------------
API_V2: Final = "api.php/v2"
API_V3: Final = "api.php/v3"
SHOP_ZONE: Final = ZoneInfo("Europe/Berlin")  # fixed in the shop's code
TIME_FORMAT: Final = "%Y-%m-%d %H:%M:%S"
OVERLAP: Final = timedelta(hours=2)  # the database's clock was seen one hour beside the shop's own
PAGE_SIZE: Final = 100  # of lists; the shop knows no maximum
ORDERS_PER_CALL: Final = 50  # full orders in one page of the inbox
QUOTA_RESERVE: Final = 50  # requests left to other programs that use the same login
ROWS_LIMIT: Final = 1_000  # pages of one list; more than that is an endless answer

# -- order statuses as installed (order_statuses) -------------------------
STATUS_UNCONFIRMED: Final = 0  # the payment provider has not answered yet
STATUS_SHIPPED: Final = 3
STATUS_CANCELLED: Final = 99
PAID_STATUS_NAMES: Final = frozenset(
    {"bezahlt", "zahlung erhalten", "zahlung eingegangen", "paid", "payment received"}
)
CANCELLED_NAMES: Final = frozenset({"storniert", "canceled", "cancelled"})
SHIPPED_NAMES: Final = frozenset({"versendet", "versandt", "verschickt", "dispatched", "shipped"})
WORK_STATUSES: Final = frozenset({STATUS_UNCONFIRMED, 1, 2})  # open, in process

# -- products (API v2) and what they are sold as (API v3) ------------------
PRODUCTS_PER_PAGE: Final = 25  # each costs a call for its variants
STOCK_CHUNK: Final = 50  # the shop answers with all of every product that was changed
VARIANTS_PER_PAGE: Final = 100
CHECK_DEFAULT: Final = 0  # settings.propertiesCombisQuantityCheckMode: as the shop is set
CHECK_PRODUCT: Final = 1
CHECK_COMBINATION: Final = 2

# -- parcel services as installed: (our word for a carrier, the shop's name) ---
CARRIERS: Final = (
    ("dhl", "DHL"),
    ("deutsche post", "DHL"),
    ("dpd", "DPD"),
    ("gls", "GLS"),
    ("hermes", "Hermes"),
    ("ups", "UPS"),
)
NAMELESS_CARRIER: Final = "Paketdienst"  # where nobody knows who carries it

# -- classes of totals (includes/modules/order_total) ---------------------
TOTAL: Final = "ot_total"
TAX: Final = "ot_tax"
SUMS: Final = frozenset({"ot_subtotal", "ot_subtotal_no_tax", TAX, "ot_total_netto", TOTAL})
SHIPPING: Final = "ot_shipping"
VOUCHER: Final = "ot_gv"  # a voucher that was paid for: means of payment, not a price cut
DISCOUNTS: Final = frozenset({"ot_discount", "ot_coupon"})

# -- payment modules (includes/modules/payment) ---------------------------
HUB: Final = "gambio_hub"  # one module for many ways to pay: the title tells which
OPEN_MODULES: Final = frozenset(
    {
        "banktransfer",  # direct debit
        "cash",
        "cod",
        "eustandardtransfer",
        "invoice",
        "moneyorder",
        "sepa",  # direct debit
    }
)
PAID_MODULES: Final = (  # beginnings of names: several generations of each are in use
    "amazon",
    "giropay",
    "klarna",
    "mollie",
    "paypal",
    "payone",
    "postfinance",
    "saferpay",
    "skrill",
    "sofort",
    "stripe",
)
PAID_TITLES: Final = (
    "amazon",
    "apple pay",
    "credit card",
    "giropay",
    "google pay",
    "klarna",
    "kreditkarte",
    "paypal",
    "sofort",
)
OPEN_TITLES: Final = (
    "invoice",
    "lastschrift",
    "nachnahme",
    "prepay",
    "rechnung",
    "vorauskasse",
    "vorkasse",
    "überweisung",
)

# -- never kept: card data and the buyer's internet address ---------------
SECRET_VALUES: Final = (
    "ccCvv",
    "ccExpires",
    "ccIssue",
    "ccNumber",
    "ccOwner",
    "ccStart",
    "ccType",
    "customerIp",
)
