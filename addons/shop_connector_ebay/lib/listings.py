"""What the seller offers at eBay, as the Inventory API tells it.

Listings that were made on eBay's own pages or with the Trading API are not known there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import Cursor, ListingPage, ShopListing
from odoo.addons.shop_connector.lib.order import clean_text

from . import const
from .client import EbayClient, Json
from .explain import AGAIN

_lt = Marker(__name__)

PAGE_SIZE: Final = 100  # at most 200 are allowed
INVENTORY: Final = "inventory"
TRADING: Final = "trading"


def fetch_page(client: EbayClient, cursor: Cursor) -> ListingPage:
    """Return the next page of the seller's articles.

    :raises errors.AutomationError: when eBay does not tell them
    """
    known = cursor.get("page")
    number = known if isinstance(known, int) else 0
    data = _ask(client, number)
    rows = data.get("inventoryItems") or []
    listings = tuple(_listing(row) for row in rows if isinstance(row, dict) and row.get("sku"))
    more = bool(rows) and (number + 1) * PAGE_SIZE < data["total"]
    return ListingPage(listings, {"page": number + 1} if more else {}, more)


def _ask(client: EbayClient, number: int) -> Json:
    # eBay's “offset” counts pages here, not rows
    params = {"limit": str(PAGE_SIZE), "offset": str(number)}
    data = client.call("GET", f"{const.INVENTORY}/inventory_item", params=params).json()
    usable = isinstance(data, dict) and isinstance(data.get("total"), int)
    if not usable or not isinstance(data.get("inventoryItems", []), list):
        raise errors.InvalidAnswer(_lt("eBay did not answer with a list of articles."), AGAIN)
    return dict(data)


def _listing(row: Json) -> ShopListing:
    product = _block(row, "product")
    stock = _block(_block(row, "availability"), "shipToLocationAvailability")
    quantity = stock.get("quantity")
    return ShopListing(
        sku=clean_text(row["sku"], const.SKU_LENGTH),
        name=clean_text(product.get("title"), 512),
        quantity=quantity if isinstance(quantity, int) else None,
        barcode=_first(product.get("ean")),
        extra={"api": INVENTORY},
    )


def _block(row: Json, key: str) -> Json:
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def _first(values: Any) -> str:
    """Return the first number that is one; eBay also takes “Does not apply”."""
    texts: Iterable[object] = values if isinstance(values, list) else ()
    return next((text for text in map(clean_text, texts) if text.isdigit()), "")
