"""What a marketplace does beside orders and stock: requests for reviews, settlements."""

from collections.abc import Mapping

from odoo import models

from ..lib.channel import Cursor
from ..lib.outbox import Receipt
from ..lib.settlement import SettlementPage


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _channel_request_review(
        self, external_id: str, extra: Mapping[str, str] | None = None
    ) -> Receipt:
        """Ask the buyer of an order for a review, in the marketplace's own way (with REVIEWS).

        ``known`` in the answer means that it was not asked for: the marketplace does not allow it
        now, or not any more; ``text`` says so. ``extra`` is what the shop order knows.
        """
        raise NotImplementedError

    def _channel_fetch_settlements(self, cursor: Cursor) -> SettlementPage:
        """Return the next settlements, oldest first (with SETTLEMENTS). ``cursor`` is that of the
        page stored last, ``{}`` at first. Talks to the marketplace, writes nothing.
        """
        raise NotImplementedError
