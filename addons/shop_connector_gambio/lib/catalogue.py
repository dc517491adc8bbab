"""What a shop sells: products (API v2), their variants and options (API v3 only).

The SKU of a variant is the product's number, a dash and the combination's: that is how orders name
it. Options ("additional options") have a number and a stock of their own, but orders do not name
them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import Cursor, ListingPage, ShopListing
from odoo.addons.shop_connector.lib.order import clean_text

from . import const
from .client import GambioClient, Json

_lt = Marker(__name__)
_logger = logging.getLogger(__name__)

Kind = Literal["variants", "options"]
FIELDS: Final = "id,productModel,quantity,name,ean"
CHECK_MODE: Final = "propertiesCombisQuantityCheckMode"
MOST_PAGES: Final = 50  # of variants of one product
_NO_V3: Final = (errors.NotFound, errors.InvalidAnswer)


class Variants:
    """A product's variants (combinations of properties) and additional options."""

    def __init__(self, client: GambioClient) -> None:
        self._client = client

    def fetch(self, product: int, kind: Kind = "variants") -> list[Json]:
        """Return all of them; a product without has an empty list.

        :raises errors.NotFound: or InvalidAnswer where the shop has no API v3
        """
        found: list[Json] = []
        for page in range(1, MOST_PAGES + 1):
            params = {"per-page": const.VARIANTS_PER_PAGE, "page": page}
            answer = self._client.call("GET", _path(product, kind), params, api=const.API_V3)
            data = answer.get("data") if isinstance(answer, dict) else None
            rows = self._client.rows(data, _lt("the variants"))
            found += rows
            meta = answer.get("_meta")
            pages = meta.get("totalPages", 1) if isinstance(meta, dict) else 1
            if not rows or not isinstance(pages, int) or page >= pages:
                break
        return found

    def tell(self, product: int, stocks: Mapping[int, int], kind: Kind = "variants") -> None:
        """Set stocks by the numbers of variants or options: all of them, or none.

        :raises errors.Rejected: names the numbers that do not exist
        """
        body = [{"id": number, "stock": stock} for number, stock in stocks.items()]
        self._client.call("PATCH", _path(product, kind), body=body, api=const.API_V3)


class Catalogue:
    """Reads what is offered, page by page.

    :param counts_product: whether, where a product leaves it open, the shop checks the product's
        stock and not that of its variants
    :param with_options: whether additional options are read too: one more call for each product
    """

    def __init__(
        self, client: GambioClient, *, counts_product: bool = False, with_options: bool = False
    ) -> None:
        self._client = client
        self._counts_product = counts_product
        self._with_options = with_options
        self._variants = Variants(client)

    def fetch_page(self, cursor: Cursor) -> ListingPage:
        """Return the next page. In the cursor are the ``page`` and whether there is a ``v3``."""
        page, v3 = cursor.get("page"), str(cursor.get("v3") or "")
        page = page if isinstance(page, int) and page > 0 else 1
        rows = self._client.products(page, const.PRODUCTS_PER_PAGE, fields=FIELDS)
        found: list[ShopListing] = []
        for row in rows:
            if not _has_id(row):
                continue
            variants, options, v3 = self._parts(row, v3)
            found += self._listings(row, variants)
            found += _options(row, options)
        more = len(rows) >= const.PRODUCTS_PER_PAGE
        return ListingPage(tuple(found), {"page": page + 1, "v3": v3} if more else {}, more)

    def _parts(self, row: Json, v3: str) -> tuple[list[Json], list[Json], str]:
        """Return a product's variants and options, and what is known about API v3 now."""
        if v3 == "no":
            return [], [], v3
        try:
            number = int(row["id"])
            variants = self._variants.fetch(number)
            options = self._variants.fetch(number, "options") if self._with_options else []
            return variants, options, "yes"
        except _NO_V3:
            if v3 != "yes":
                _logger.info("%s has no API v3: variants are not listed", self._client.address)
                return [], [], "no"
            return [], [], v3  # deleted meanwhile

    def _listings(self, row: Json, variants: list[Json]) -> Iterator[ShopListing]:
        """Return the product, its variants or both: whatever is bought or has the stock.

        Where the variants' stock counts, the product itself is not sold.
        """
        sku, number = clean_text(row.get("productModel"), 128), int(row["id"])
        name = clean_text(row.get("name"), 256)
        check = self._check_mode(number) if variants else ""
        if check != "combination" and sku:
            yield ShopListing(
                sku=sku,
                name=name,
                external_id=str(number),
                quantity=whole(row.get("quantity")),
                barcode=clean_text(row.get("ean"), 64),
                extra={"product": number},
            )
        for variant in variants:
            model = clean_text(variant.get("modelNumber"), 128)
            if not (sku and model and _has_id(variant)):
                continue
            yield ShopListing(
                sku=f"{sku}-{model}",
                name=name,
                external_id=f"{number}x{variant['id']}",
                quantity=whole(variant.get("stock")),
                barcode=clean_text(variant.get("EAN"), 64),
                extra={"product": number, "variant": int(variant["id"]), "check": check},
            )

    def _check_mode(self, number: int) -> str:
        """Return whose stock the shop checks before it sells a variant."""
        settings = self._client.product(number).get("settings")
        mode = settings.get(CHECK_MODE) if isinstance(settings, dict) else None
        if mode in (const.CHECK_PRODUCT, const.CHECK_COMBINATION):
            return "product" if mode == const.CHECK_PRODUCT else "combination"
        return "product" if self._counts_product else "combination"

    # -- one SKU ------------------------------------------------------------

    def find(self, sku: str) -> ShopListing | None:
        """Return what is sold under a SKU, ``None`` if nothing is."""
        for model in _models(sku):
            search = {"search": {"match": {"products.products_model": model}}}
            answer = self._client.call("POST", "products/search", body=search)
            for row in self._client.rows(answer, _lt("the products")):
                if not _has_id(row) or str(row.get("productModel")) != model:
                    continue
                variants = self._parts(row, "yes")[0]
                for listing in self._listings(row, variants):
                    if listing.sku == sku:
                        return listing
        return None


def _models(sku: str) -> Iterator[str]:
    """Return the product numbers a SKU may begin with: all of it, then less at every dash."""
    yield sku
    while "-" in sku:
        sku = sku.rpartition("-")[0]
        if sku:
            yield sku


def _options(row: Json, options: list[Json]) -> Iterator[ShopListing]:
    """Return the additional options that have a number of their own."""
    for option in options:
        sku = clean_text(option.get("modelNumber"), 128)
        if sku and _has_id(option):
            number = int(option["id"])
            yield ShopListing(
                sku=sku,
                name=clean_text(row.get("name"), 256),
                external_id=f"{row['id']}o{number}",
                quantity=whole(option.get("stock")),
                extra={"product": int(row["id"]), "option": number},
            )


def whole(value: object) -> int | None:
    """Return a stock as whole pieces, ``None`` if it is no number; the shop keeps fractions."""
    try:
        found = Decimal(str(value))
        return int(found.to_integral_value("ROUND_FLOOR")) if abs(found) < 10**9 else None
    except (InvalidOperation, ValueError):
        return None


def _has_id(row: Mapping[str, Any]) -> bool:
    return bool(re.fullmatch(r"[1-9]\d{0,11}", str(row.get("id"))))


def _path(product: int, kind: Kind) -> str:
    return f"products/{product:d}/{kind}"
