"""The channel of order files: fetching, reading, testing."""

from datetime import UTC, datetime

from odoo import models

from odoo.addons.automation_core.lib import errors

from ..lib import channel as seam
from ..lib.feed.client import Addresses, FeedClient
from ..lib.feed.parser import parse_order
from ..lib.feed.pickup import FeedPickup, Names
from ..lib.feed.raw import check_mapping
from ..lib.order import PayloadError
from .shop_feed_account import CHANNEL

CASE = "shop:file:"


class ShopAccount(models.Model):
    _inherit = "shop.account"

    # -- channel hooks -----------------------------------------------------

    def _channel_capabilities(self):
        """Override for order files: what the settings name can be done."""
        if self.channel != CHANNEL:
            return super()._channel_capabilities()
        words = {seam.ORDERS, seam.CUSTOMER_MAILS}
        if self._feed_is_web() and self.feed_one_head:
            words.add(seam.SINGLE_ORDER)
        if self.feed_back != "none":
            words |= {seam.SHIPMENTS} if self.feed_shipment_name else set()
            words |= {seam.STOCK} if self.feed_stock_name else set()
        return frozenset(words)

    def _channel_fetch_orders(self, cursor):
        """Override for order files. What is uploaded by hand is never fetched."""
        if self.channel != CHANNEL:
            return super()._channel_fetch_orders(cursor)
        if self.feed_source == "upload":
            return seam.OrderPage((), cursor)
        mapping, now = self._feed_ready_mapping(), datetime.now(UTC)
        with self._feed_get_place() as place:
            if self._feed_is_web():
                since = self.import_from and self.import_from.replace(tzinfo=UTC)
                return self._feed_client(place).page(mapping, cursor, now, since)
            return FeedPickup(place, self._feed_names(), mapping, self._readable).page(cursor, now)

    def _channel_fetch_order(self, external_id):
        """Override for order files: some web servers can be asked for one order."""
        if self.channel != CHANNEL:
            return super()._channel_fetch_order(external_id)
        with self._feed_get_place() as place:
            return self._feed_client(place).order(self._feed_ready_mapping(), external_id)

    def _channel_parse_order(self, body):
        """Override for order files: the account's mapping reads them."""
        if self.channel != CHANNEL:
            return super()._channel_parse_order(body)
        return parse_order(body, self._feed_get_mapping())

    def _channel_check(self):
        """Override for order files: the mapping, the place they come from, the way back."""
        if self.channel != CHANNEL:
            return super()._channel_check()
        return [*self._feed_check_mapping(), *self._feed_check_source(), *self._feed_check_back()]

    def _channel_secrets(self):
        """Override for order files with the logins of their places."""
        if self.channel != CHANNEL:
            return super()._channel_secrets()
        places = self.feed_place_id | self.feed_back_place_id
        return tuple(secret for place in places for secret in place._secrets())

    def _channel_payments(self):
        """Override for order files: the words of the mapping are codes of payment methods."""
        if self.channel != CHANNEL:
            return super()._channel_payments()
        try:
            mapping = self._feed_get_mapping()
        except PayloadError:
            return []
        return [(code, code, "shop") for code in dict.fromkeys(c for _w, c in mapping.payments)]

    def _store_page(self, page: seam.OrderPage):
        """Extended for order files: a file that cannot be read is a case, in the same transaction
        that remembers it.
        """
        before = set(self._feed_get_broken())
        stored = super()._store_page(page)
        if self.channel == CHANNEL:
            self._feed_raise_cases(before)
        return stored

    # -- where files are ---------------------------------------------------

    def _feed_get_source(self):
        """Return the place that is asked for orders, if one is."""
        return self.feed_place_id if self.feed_source == "place" else self.feed_place_id.browse()

    def _feed_is_web(self) -> bool:
        return self._feed_get_source().kind == "http"

    def _feed_get_place(self):
        """Return the place the order files come from, for a ``with`` statement."""
        if not self.feed_place_id:
            raise errors.Rejected(
                self.env._("The account does not say where its order files come from."),
                self.env._("Choose a place on the page “Connection”."),
            )
        return self.feed_place_id._place()

    def _feed_names(self) -> Names:
        return Names(
            pattern=self.feed_heads or "*",
            lines=self.feed_lines or "",
            folder=self.feed_folder or "",
            after=self.feed_after,
            archive=self.feed_archive or "done",
        )

    def _feed_client(self, place) -> FeedClient:
        """Return a client for files by web address."""
        addresses = Addresses(
            heads=self.feed_heads or "",
            lines=self.feed_lines or "",
            one_head=self.feed_one_head or "",
            one_lines=self.feed_one_lines or "",
            empty_is_refusal=self.feed_empty_is_refusal,
        )
        return FeedClient(addresses, self.feed_place_id._values(), place.fetch)

    # -- trouble with files ------------------------------------------------

    def _feed_raise_cases(self, before: set[str]) -> None:
        cases, broken = self.env["automation.case"], self._feed_get_broken()
        cases._raise(
            [
                {
                    "record": self,
                    "code": f"{CASE}{name}",
                    "kind": "data",
                    "blocking": False,
                    "name": self.env._(
                        "The file “%(file)s” of %(shop)s needs somebody",
                        file=name,
                        shop=self.name,
                    ),
                    "explanation": "\n".join(part for part in parts if part),
                    "seen": " ".join(parts),
                }
                for name, parts in broken.items()
            ]
        )
        gone = before - set(broken)
        cases._settle(self, codes=[f"{CASE}{name}" for name in gone])

    # -- connection test ---------------------------------------------------

    def _feed_check_mapping(self) -> list[seam.CheckLine]:
        try:
            check_mapping(self._feed_get_mapping())
        except PayloadError as error:
            return [seam.CheckLine(False, error.message, error.hint)]
        return [seam.CheckLine(True, self.env._("The mapping is complete."))]

    def _feed_check_source(self) -> list[seam.CheckLine]:
        """Look for files, or ask for the orders of the last days; nothing is taken."""
        if self.feed_source == "upload":
            return [
                seam.CheckLine(
                    True,
                    self.env._("Order files are uploaded by hand: press “Upload files”."),
                )
            ]
        try:
            with self._feed_get_place() as place:
                return [seam.CheckLine(True, self._feed_look(place))]
        except errors.AutomationError as error:
            return [seam.CheckLine(False, error.message, error.hint)]

    def _feed_look(self, place) -> str:
        if self._feed_is_web():
            page = self._feed_client(place).page(self._feed_ready_mapping(), {}, datetime.now(UTC))
            return self.env._(
                "The order files can be read: %s orders in the last days.", len(page.orders)
            )
        names = self._feed_names()
        count = len(place.list(names.pattern, names.folder))
        return self.env._(
            "The place can be read. Files that fit “%(names)s”: %(count)s.",
            names=names.pattern,
            count=count,
        )
