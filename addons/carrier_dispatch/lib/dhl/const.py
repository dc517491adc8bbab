"""DHL's own names: addresses, products, forms of labels. Source: Parcel DE Shipping 2.1.13."""

from __future__ import annotations

from typing import Final

LIVE: Final = "https://api-eu.dhl.com"
SANDBOX: Final = "https://api-sandbox.dhl.com"

SHIPPING: Final = "parcel/de/shipping/v2"
ORDERS: Final = f"{SHIPPING}/orders"
MANIFESTS: Final = f"{SHIPPING}/manifests"
TOKEN: Final = "parcel/de/account/auth/ropc/v1/token"  # noqa: S105 a path
UNIFIED_TRACKING: Final = "track/shipments"
PARCEL_TRACKING: Final = "parcel/de/tracking/v0/shipments"

PROFILE: Final = "STANDARD_GRUPPENPROFIL"
MOST_SHIPMENTS: Final = 30  # in one request
MOST_TRACKED: Final = 20  # in one request to Parcel DE Tracking
HEAVIEST: Final = 31_500  # grams

PAKET: Final = "V01PAK"
KLEINPAKET: Final = "V62KP"
INTERNATIONAL: Final = "V53WPAK"
EUROPAKET: Final = "V54EPAK"
SMALL_ABROAD: Final = "V66WPI"
RETURN: Final = "V07PAK"

# the two digits in the middle of a billing number
PROCEDURES: Final = {
    PAKET: "01",
    KLEINPAKET: "62",
    INTERNATIONAL: "53",
    EUROPAKET: "54",
    SMALL_ABROAD: "66",
    RETURN: "07",
}

PRINT_FORMATS: Final = (
    "A4",
    "910-300-600",
    "910-300-610",
    "910-300-700",
    "910-300-700-oz",
    "910-300-710",
    "910-300-300",
    "910-300-300-oz",
    "910-300-400",
    "910-300-410",
    "100x70mm",
)
DOC_FORMATS: Final = ("PDF", "ZPL2")
