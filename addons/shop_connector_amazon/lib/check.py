"""The connection test: what works, what does not, and what to do, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from odoo.addons.automation_core.lib import errors
from odoo.addons.automation_core.lib.texts import Marker
from odoo.addons.shop_connector.lib.channel import CheckLine
from odoo.addons.shop_connector.lib.order import clean_text

from . import const
from .client import SpApi
from .explain import ROLE_HINT
from .offers import Offers
from .orders import OrdersApi, Search

_lt = Marker(__name__)


CLOCK_TOLERANCE = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Marketplace:
    """A marketplace the account takes part in."""

    marketplace_id: str
    name: str
    country: str
    participates: bool
    suspended: bool


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """What the test found out. ``None``: it could not be found out now."""

    marketplaces: tuple[Marketplace, ...]
    clock_difference: float  # seconds Amazon is ahead of us
    searches_left: int
    reads_orders: bool | None
    reads_taxes: bool | None
    shows_addresses: bool | None
    reads_offers: bool | None = None


def marketplaces(api: SpApi) -> tuple[Marketplace, ...]:
    """Return the marketplaces of the account; this is the call every account may make."""
    answer = api.call(const.GET_PARTICIPATIONS)
    rows = answer.get("payload") if isinstance(answer, dict) else None
    if not isinstance(rows, list):
        raise errors.InvalidAnswer(
            _lt("Amazon did not answer with the account's marketplaces."),
            _lt("Test it again later."),
        )
    found = []
    for row in rows:
        if not isinstance(row, dict):
            continue
        place, part = (row.get(key) for key in ("marketplace", "participation"))
        if isinstance(place, dict) and isinstance(part, dict):
            found.append(
                Marketplace(
                    clean_text(place.get("id"), 32),
                    clean_text(place.get("name"), 64),
                    clean_text(place.get("countryCode"), 2),
                    part.get("isParticipating") is True,
                    part.get("hasSuspendedListings") is True,
                )
            )
    return tuple(found)


def check_account(api: SpApi, wanted: Sequence[str], seller: str = "") -> AccountInfo:
    """Find out what the account may do. Raises where nothing works at all.

    :param seller: the merchant token; without it the offers are not tried
    """
    places = marketplaces(api)
    orders, taxes, addresses = _try_orders(api, tuple(wanted))
    return AccountInfo(
        marketplaces=places,
        clock_difference=api.ahead,
        searches_left=int(api.bucket.left(const.SEARCH_ORDERS)),
        reads_orders=orders,
        reads_taxes=taxes,
        shows_addresses=addresses,
        reads_offers=_try_offers(api, seller, wanted) if seller and wanted else None,
    )


def _try_offers(api: SpApi, seller: str, wanted: Sequence[str]) -> bool | None:
    """Return whether the account's offers are shown: for stock this is the same right."""
    try:
        Offers(api, seller, wanted).known(["-"])
    except (errors.AccessDenied, errors.Rejected):
        return False
    except errors.AutomationError:
        return None
    return True


def _try_orders(
    api: SpApi, wanted: tuple[str, ...]
) -> tuple[bool | None, bool | None, bool | None]:
    """Return whether orders, their taxes and their addresses are shown."""
    now = datetime.fromtimestamp(api.now(), UTC) - const.SETTLE_TIME - const.SETTLE_MARGIN
    if not wanted:
        return None, None, None
    for included in (const.INCLUDED, const.INCLUDED_FEWER):
        search = Search(now - timedelta(days=7), now, wanted, included, page_size=20)
        try:
            page = OrdersApi(api).search(search)
        except errors.AccessDenied:
            continue
        except (errors.Throttled, errors.Unavailable, errors.InvalidAnswer):
            return None, None, None
        return True, included == const.INCLUDED, _shows_addresses(page.rows)
    return False, False, False


def _shows_addresses(rows: Sequence[object]) -> bool | None:
    """Return whether open orders of our own have a name; ``None`` when there is no such order."""
    seen = []
    for row in rows:
        if not isinstance(row, dict):
            continue
        fulfillment, recipient = row.get("fulfillment"), row.get("recipient")
        if (
            isinstance(fulfillment, dict)
            and fulfillment.get("fulfilledBy") == const.MERCHANT
            and fulfillment.get("fulfillmentStatus") in const.UNSHIPPED
        ):
            address = recipient.get("deliveryAddress") if isinstance(recipient, dict) else None
            seen.append(isinstance(address, dict) and bool(address.get("name")))
    return any(seen) if seen else None


def check_lines(info: AccountInfo, wanted: Sequence[str]) -> list[CheckLine]:
    """Return the result in words."""
    lines = [
        CheckLine(True, _lt("Amazon accepts the login (Selling Partner API, orders 2026-01-01)."))
    ]
    known = {place.marketplace_id: place for place in info.marketplaces}
    for number in wanted:
        lines.append(_marketplace_line(number, known.get(number)))
    lines += [*_right_lines(info), *_offer_lines(info)]
    if abs(info.clock_difference) > CLOCK_TOLERANCE:
        seconds = round(info.clock_difference)
        lines.append(
            CheckLine(
                False,
                _lt("Amazon's clock differs from ours by %(seconds)s seconds.", seconds=seconds),
                _lt("This is made up for, but the server's clock should be set."),
            )
        )
    lines.append(
        CheckLine(
            info.searches_left >= 1,
            _lt(
                "%(searches_left)s more searches for orders are possible now; Amazon allows "
                "one every three minutes.",
                searches_left=info.searches_left,
            ),
        )
    )
    return lines


def _marketplace_line(number: str, place: Marketplace | None) -> CheckLine:
    if place is None or not place.participates:
        name = place.name if place else number
        return CheckLine(
            False,
            _lt("The account does not sell on %(marketplace)s.", marketplace=name),
            _lt(
                "Take the marketplace out of the account's settings, or check the refresh token: "
                "it may belong to another seller account."
            ),
        )
    if place.suspended:
        return CheckLine(
            False,
            _lt("Amazon has suspended the offers on %(marketplace)s.", marketplace=place.name),
            _lt("Look at “Account health” in Seller Central."),
        )
    return CheckLine(True, _lt("The account sells on %(marketplace)s.", marketplace=place.name))


def _right_lines(info: AccountInfo) -> list[CheckLine]:
    if info.reads_orders is None:
        return [CheckLine(True, _lt("Whether orders may be read could not be tested now."))]
    if not info.reads_orders:
        return [CheckLine(False, _lt("The application may not read orders."), ROLE_HINT)]
    lines = [CheckLine(True, _lt("The application may read orders."))]
    if info.reads_taxes is False:
        lines.append(
            CheckLine(
                False,
                _lt(
                    "Amazon does not show tax data: VAT numbers and the tax Amazon pays are "
                    "missing."
                ),
                ROLE_HINT,
            )
        )
    if info.shows_addresses is False:
        lines.append(
            CheckLine(
                False, _lt("Amazon does not show the buyers' names and addresses."), ROLE_HINT
            )
        )
    return lines


def _offer_lines(info: AccountInfo) -> list[CheckLine]:
    if info.reads_offers is None:
        return []
    if info.reads_offers:
        return [CheckLine(True, _lt("The application may read and change the offers' stock."))]
    return [
        CheckLine(
            False,
            _lt("The application may not read the offers: stock cannot be reported."),
            _lt(
                "Compare the merchant token with Seller Central, and check that the application "
                "has the role “Product Listing”."
            ),
        )
    ]
