"""Stock to Amazon, and what is offered there."""

from odoo import models

from ..lib.offers import Offers
from ..lib.push import StockPush


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _channel_fetch_listings(self, cursor):
        """Override of `shop_connector` to read the account's offers."""
        if self.channel != "amazon":
            return super()._channel_fetch_listings(cursor)
        api, seller = self._amazon_api(), self.amazon_seller_id or ""
        return Offers(api, seller, self._amazon_places()).page(cursor)

    def _channel_report_stock(self, changes):
        """Override of `shop_connector`: single calls for a few articles, a file for many."""
        if self.channel != "amazon":
            return super()._channel_report_stock(changes)
        return self._amazon_push().replies(changes)

    def _channel_ask_stock_job(self, job):
        """Override of `shop_connector` to ask what became of a file."""
        if self.channel != "amazon":
            return super()._channel_ask_stock_job(job)
        return self._amazon_push().ask(job)

    def _amazon_push(self) -> StockPush:
        return StockPush(self._amazon_api(), self.amazon_seller_id or "", self._amazon_places())
