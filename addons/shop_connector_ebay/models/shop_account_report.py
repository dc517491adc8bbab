"""What eBay is told: parcels, cancellations, stock, feedback; and what is offered there."""

from urllib.parse import urlsplit

from odoo import models

from odoo.addons.shop_connector.lib import outbox

from ..lib import carriers, feedback, listings, outgoing
from ..lib.push import Pusher
from ..lib.shared import SharedRevisions
from ..lib.signing import Signer


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _channel_report_shipment(self, shipment):
        """Override of `shop_connector`: one call per parcel that eBay does not know yet."""
        if self.channel != "ebay":
            return super()._channel_report_shipment(shipment)
        return outgoing.report_shipment(self._ebay_client(), shipment)

    def _channel_report_cancellation(self, cancellation):
        """Override of `shop_connector`; eBay gives the money back by itself."""
        if self.channel != "ebay":
            return super()._channel_report_cancellation(cancellation)
        return outgoing.report_cancellation(self._ebay_client(), cancellation, self._ebay_signer())

    def _channel_report_stock(self, changes):
        """Override of `shop_connector`: 25 listings a call, 4 for old ones."""
        if self.channel != "ebay":
            yield from super()._channel_report_stock(changes)
            return
        revisions = SharedRevisions(self._memory_change)
        yield from Pusher(self._ebay_client(), revisions.take).push(changes)

    def _channel_fetch_listings(self, cursor):
        """Override of `shop_connector` with the articles of the Inventory API."""
        if self.channel != "ebay":
            return super()._channel_fetch_listings(cursor)
        return listings.fetch_page(self._ebay_client(), cursor)

    def _channel_carriers(self):
        """Override of `shop_connector` with the carriers as eBay spells them."""
        if self.channel != "ebay":
            return super()._channel_carriers()
        return [(words[0], code) for code, words in carriers.CODES]

    def _channel_leave_feedback(self, order, text: str) -> outbox.Receipt:
        """Leave positive feedback for the buyer of a shop order, line by line.

        :param order: the ``shop.order``
        """
        return feedback.leave(self._ebay_client(), (order.extra or {}).get("lines", ""), text)

    def _ebay_signer(self) -> Signer | None:
        """Return what signs calls that move money; ``None`` without keys."""
        account = self.sudo()  # sudo: only administrators may read the keys
        if not (account.ebay_signing_jwe and account.ebay_signing_key):
            return None
        host = urlsplit(self._ebay_hosts().api).netloc
        return Signer(account.ebay_signing_jwe, account.ebay_signing_key, host)
