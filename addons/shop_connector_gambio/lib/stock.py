"""Telling a shop its stock: products in bulk, variants and options product by product."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.outbox import StockChange, StockOutcome, StockReply

from . import const
from .catalogue import Catalogue, Kind, Variants
from .client import GambioClient, Json, records

_lt = Marker(__name__)
_logger = logging.getLogger(__name__)

TROUBLE_IN_A_ROW: Final = 3
UNKNOWN: Final = _lt("The shop sells nothing under this SKU.")
UNKNOWN_HINT: Final = _lt(
    "Compare the SKU with the shop's product number (a variant has the product's number, a dash "
    "and the combination's), or take the listing out."
)
NO_V3: Final = _lt("This version of the shop cannot be told the stock of variants.")
NO_V3_HINT: Final = _lt(
    "It lacks API v3. Update the shop, or let the product's own stock count there and report that."
)
COUNTS_PRODUCT: Final = _lt(
    "Not told: before it sells this variant the shop checks the stock of the whole product."
)
COUNTS_PRODUCT_HINT: Final = _lt(
    "In the shop, let the product check the stock of its combinations, then read the offers again "
    "and report this one. Or match the product itself and report no stock here."
)
Outcomes = Iterator[StockOutcome]


class StockWriter:
    """Tells figures, one reply per call to the shop; what is urgent goes first."""

    def __init__(self, client: GambioClient, catalogue: Catalogue) -> None:
        self._client = client
        self._catalogue = catalogue
        self._variants = Variants(client)

    def push(self, changes: Sequence[StockChange]) -> Iterator[StockReply]:
        """Tell all changes.

        :raises errors.AutomationError: when the shop as a whole does not work
        """
        for urgent in (True, False):
            found: list[StockChange] = []
            for change in changes:
                if change.urgent != urgent:
                    continue
                placed = change if _is_placed(change.extra) else self._find(change)
                if placed is None:
                    outcome = StockOutcome(change.listing_id, False, UNKNOWN, UNKNOWN_HINT)
                    yield StockReply((outcome,))
                else:
                    found.append(placed)
            yield from self._tell(found)

    def _find(self, change: StockChange) -> StockChange | None:
        """Return a change that knows where it belongs."""
        listing = self._catalogue.find(change.sku)
        if listing is None:
            return None
        return replace(change, extra={**change.extra, **listing.extra})

    def _tell(self, changes: Iterable[StockChange]) -> Iterator[StockReply]:
        products: list[StockChange] = []
        parts: dict[tuple[int, Kind], list[StockChange]] = {}
        refused: list[int] = []
        for change in changes:
            kind: Kind | None = _kind(change.extra)
            if change.extra.get("check") == "product":
                refused.append(change.listing_id)
            elif kind is None:
                products.append(change)
            else:
                parts.setdefault((_number(change, "product"), kind), []).append(change)
        if refused:
            yield StockReply(
                tuple(StockOutcome(i, False, COUNTS_PRODUCT, COUNTS_PRODUCT_HINT) for i in refused)
            )
        for start in range(0, len(products), const.STOCK_CHUNK):
            yield from self._products(products[start : start + const.STOCK_CHUNK])
        for (product, kind), rows in parts.items():
            yield StockReply(tuple(self._parts(product, kind, rows)))

    # -- products -----------------------------------------------------------

    def _products(self, changes: Sequence[StockChange]) -> Iterator[StockReply]:
        """Tell some products in one call; one by one where the shop falls over the list."""
        try:
            answer = self._client.call("PUT", "products", body=[_row(row) for row in changes])
        except (errors.Unavailable, errors.NotFound, errors.Rejected) as error:
            if len(changes) == 1 and isinstance(error, errors.Unavailable):
                raise
            yield from self._singly(changes)
            return
        yield StockReply(tuple(_bulk_outcomes(changes, answer)))

    def _singly(self, changes: Iterable[StockChange]) -> Iterator[StockReply]:
        trouble = 0
        for change in changes:
            try:
                path = f"products/{_number(change, 'product'):d}"
                self._client.call("PUT", path, body=_values(change))
                outcome, trouble = _good(change), 0
            except (errors.NotFound, errors.Rejected) as error:
                outcome, trouble = _bad(change, error), 0
            except errors.Unavailable as error:
                trouble += 1
                if trouble >= TROUBLE_IN_A_ROW:
                    raise
                outcome = replace(_bad(change, error), passing=True)
            yield StockReply((outcome,))

    # -- variants and options -------------------------------------------------

    def _parts(self, product: int, kind: Kind, changes: Sequence[StockChange]) -> Outcomes:
        """Tell the variants or options of one product. One unknown number spoils the call: the
        shop names it, and the others are sent again.
        """
        key = kind.removesuffix("s")
        left = {_number(change, key): change for change in changes}
        yield from (_twice(change) for change in changes if change not in left.values())
        while left:
            try:
                stocks = {number: max(0, change.quantity) for number, change in left.items()}
                self._variants.tell(product, stocks, kind)
                yield from map(_good, left.values())
                return
            except (errors.NotFound, errors.InvalidAnswer):
                _logger.info("%s has no API v3: no stock of %s", self._client.address, kind)
                yield from (
                    StockOutcome(change.listing_id, False, NO_V3, NO_V3_HINT)
                    for change in left.values()
                )
                return
            except errors.Rejected as error:
                named = [int(text) for text in re.findall(r"\bID (\d{1,12})\b", error.message)]
                gone = [left.pop(number) for number in named if number in left]
                refused = gone or [left.pop(number) for number in list(left)]
                yield from (_bad(change, error) for change in refused)


def _bulk_outcomes(changes: Iterable[StockChange], answer: Any) -> Outcomes:
    """Return what became of each product; the shop saves the good ones though others fail.

    Its errors come with a stack trace, which is nobody's business.
    """
    data: Mapping[str, Any] = answer if isinstance(answer, dict) else {}
    affected = {str(row.get("id")) for row in records(data.get("affected"))}
    said = [str(row.get("errorMessage") or "") for row in records(data.get("errors"))]
    for change in changes:
        number = _number(change, "product")
        if str(number) in affected:
            yield _good(change)
            continue
        own = next((text for text in said if re.search(rf"\bID:? ?{number}\b", text)), "")
        text = own or (said[0] if len(said) == 1 else "")
        yield StockOutcome(
            change.listing_id,
            False,
            _lt("The shop says: %(said)s", said=text[:200])
            if text
            else _lt("The shop did not take the stock, without saying why."),
            UNKNOWN_HINT if "not found" in text else "",
        )


def _row(change: StockChange) -> Json:
    return {"id": _number(change, "product"), **_values(change)}


def _values(change: StockChange) -> Json:
    """Return what is told of a product. It is only put on sale again if we took it off."""
    values: Json = {"quantity": change.quantity if change.availability == "normal" else 0}
    if change.availability == "delisted":
        values["isActive"] = False
    elif change.extra.get("delisted"):
        values["isActive"] = True
    return values


def _good(change: StockChange) -> StockOutcome:
    """Return a success; what was found out about the listing is kept with it."""
    extra = {key: value for key, value in change.extra.items() if key != "delisted"}
    if change.availability == "delisted" and _kind(change.extra) is None:
        extra["delisted"] = True
    return StockOutcome(change.listing_id, True, extra=extra)


def _bad(change: StockChange, error: errors.AutomationError) -> StockOutcome:
    return StockOutcome(change.listing_id, False, error.message, error.hint)


def _twice(change: StockChange) -> StockOutcome:
    return StockOutcome(
        change.listing_id,
        False,
        _lt("The same variant is in the list twice."),
        _lt("Take one of the two listings out."),
    )


def _is_placed(extra: Mapping[str, object]) -> bool:
    return isinstance(extra.get("product"), int)


def _kind(extra: Mapping[str, object]) -> Kind | None:
    if isinstance(extra.get("variant"), int):
        return "variants"
    return "options" if isinstance(extra.get("option"), int) else None


def _number(change: StockChange, key: str) -> int:
    value = change.extra.get(key)
    return value if isinstance(value, int) else 0
