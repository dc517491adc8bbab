"""What the account offers at Amazon: pages of offers, and who stores an article."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import Cursor, ListingPage, ShopListing
from odoo.addons.shop_connector.lib.order import clean_text
from odoo.addons.shop_connector.lib.reader import read_moment

from . import const
from .client import Json, SpApi, listed
from .orders import stamp

_lt = Marker(__name__)

PAGE: Final = 20  # Amazon shows no more at once
CALLS: Final = 5  # per page of ours: as many as may be made at once
MOST: Final = 1_000  # Amazon turns no more pages of one search than these offers
CHANNEL: Final = "channel"  # key of a listing's own knowledge: who stores it
DATA: Final = "summaries,fulfillmentAvailability"


class Offers:
    """Reads the offers of one account."""

    def __init__(self, api: SpApi, seller: str, marketplaces: Sequence[str]) -> None:
        self._api = api
        self._seller = seller
        self._marketplaces = tuple(marketplaces)

    def page(self, cursor: Cursor) -> ListingPage:
        """Return the next offers, oldest first.

        One search shows 1,000 offers at most, so the next one begins where that one ended.
        """
        after, token, seen = (cursor.get(key) for key in ("after", "token", "seen"))
        window = str(after or "")
        page_token, count = str(token or ""), seen if isinstance(seen, int) else 0
        found: dict[str, ShopListing] = {}
        for _call in range(CALLS):
            answer = self._search(window, page_token)
            rows = answer["items"]
            found |= {listing.sku: listing for listing in map(_listing, rows) if listing}
            count += len(rows)
            page_token = _next_token(answer)
            if page_token and rows and count < MOST:
                continue
            following = _latest(rows) if count >= MOST else ""
            if not following:
                return ListingPage(tuple(found.values()))
            if following <= window:  # a thousand offers of one second: go on behind it
                following = _second_after(window)
            window, page_token, count = following, "", 0
        state = {"after": window, "token": page_token, "seen": count}
        return ListingPage(tuple(found.values()), state, more=True)

    def known(self, skus: Sequence[str]) -> dict[str, ShopListing]:
        """Return those of up to 20 SKUs that are offered."""
        plain = [sku for sku in skus if "," not in sku]
        found = {sku: listing for sku in skus if "," in sku and (listing := self._one(sku))}
        if plain:
            answer = self._api.call(
                const.SEARCH_LISTINGS,
                {"sellerId": self._seller},
                params=self._params(identifiers=listed(plain), identifiersType="SKU"),
            )
            rows = map(_listing, _rows(answer)["items"])
            found |= {listing.sku: listing for listing in rows if listing}
        return found

    def _search(self, after: str, token: str) -> Json:
        more: dict[str, str] = {"sortBy": "createdDate", "sortOrder": "ASC"}
        if after:
            more["createdAfter"] = after
        if token:
            more["pageToken"] = token
        answer = self._api.call(
            const.SEARCH_LISTINGS, {"sellerId": self._seller}, params=self._params(**more)
        )
        return _rows(answer)

    def _params(self, **more: str) -> dict[str, str | int]:
        return {
            "marketplaceIds": listed(self._marketplaces),
            "includedData": DATA,
            "pageSize": PAGE,
            **more,
        }

    def _one(self, sku: str) -> ShopListing | None:
        """Return one offer: several are divided by commas, so a SKU with a comma goes alone."""
        params = {"marketplaceIds": listed(self._marketplaces), "includedData": DATA}
        try:
            answer = self._api.call(
                const.GET_LISTING, {"sellerId": self._seller, "sku": sku}, params=params
            )
        except errors.NotFound:
            return None
        return _listing(answer)


def is_ours(extra: object) -> bool | None:
    """Whether we store and send an article, ``None`` where its listing does not know."""
    channel = extra.get(CHANNEL) if isinstance(extra, dict) else None
    return None if not isinstance(channel, str) else channel == const.DEFAULT_CHANNEL


def _rows(answer: object) -> Json:
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        raise errors.InvalidAnswer(
            _lt("Amazon did not answer with a list of offers."), _lt("It is tried again by itself.")
        )
    return answer


def _next_token(answer: Json) -> str:
    pagination = answer.get("pagination")
    token = pagination.get("nextToken") if isinstance(pagination, dict) else None
    return token if isinstance(token, str) else ""


def _listing(row: Any) -> ShopListing | None:
    """Return an offer; one whose SKU is not readable cannot be told apart and is left out."""
    sku = row.get("sku") if isinstance(row, dict) else None
    if not isinstance(sku, str) or not sku or sku != clean_text(sku, 128):
        return None
    summaries = list(_dicts(row.get("summaries")))
    channels = {
        clean_text(part.get("fulfillmentChannelCode"), 40): part.get("quantity")
        for part in _dicts(row.get("fulfillmentAvailability"))
    }
    fba = sorted(name for name in channels if name and name != const.DEFAULT_CHANNEL)
    quantity = channels.get(const.DEFAULT_CHANNEL)
    first = summaries[0] if summaries else {}
    return ShopListing(
        sku=sku,
        name=clean_text(first.get("itemName"), 512),
        external_id=clean_text(first.get("asin"), 32),
        quantity=quantity if isinstance(quantity, int) and not fba else None,
        by_channel=bool(fba),
        extra={CHANNEL: fba[0] if fba else const.DEFAULT_CHANNEL},
    )


def _dicts(rows: object) -> Iterator[Json]:
    yield from (row for row in (rows if isinstance(rows, list) else []) if isinstance(row, dict))


def _latest(rows: Sequence[Any]) -> str:
    """Return when the last of some offers was made, by the earliest of its marketplaces."""
    times = [
        found
        for row in rows[-1:]
        for part in _dicts(row.get("summaries") if isinstance(row, dict) else None)
        if (found := read_moment(part.get("createdDate")))
    ]
    return stamp(min(times)) if times else ""


def _second_after(window: str) -> str:
    found = read_moment(window)
    return stamp(found + timedelta(seconds=1)) if found else ""
