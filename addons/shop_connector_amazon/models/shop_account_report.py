"""Telling Amazon about orders; asking it for reviews and for what it has paid out."""

from odoo import models

from odoo.addons.shop_connector.lib.outbox import Receipt

from ..lib.outgoing import Outgoing
from ..lib.payout import SettlementFetcher
from ..lib.review import request_review


class ShopAccount(models.Model):
    _inherit = "shop.account"

    def _channel_report_shipment(self, shipment):
        """Override of `shop_connector` to confirm the shipment of each parcel."""
        if self.channel != "amazon":
            return super()._channel_report_shipment(shipment)
        return self._amazon_outgoing().shipment(shipment)

    def _channel_report_cancellation(self, cancellation):
        """Override of `shop_connector` to hand in a cancellation."""
        if self.channel != "amazon":
            return super()._channel_report_cancellation(cancellation)
        return self._amazon_outgoing().cancellation(cancellation)

    def _channel_report_invoice(self, invoice):
        """Override of `shop_connector` to upload an invoice."""
        if self.channel != "amazon":
            return super()._channel_report_invoice(invoice)
        return self._amazon_outgoing().invoice(invoice)

    def _channel_ask_job(self, kind, job):
        """Override of `shop_connector`: files take Amazon some minutes."""
        if self.channel != "amazon":
            return super()._channel_ask_job(kind, job)
        outgoing = self._amazon_outgoing()
        ask = {
            "shipment": outgoing.ask_shipment,
            "cancellation": outgoing.ask_cancellation,
            "invoice": outgoing.ask_invoice,
        }
        return ask[kind](job)

    def _channel_request_review(self, external_id, extra=None) -> Receipt:
        """Override of `shop_connector`: Amazon writes the request itself, once per order."""
        if self.channel != "amazon":
            return super()._channel_request_review(external_id, extra)
        place = (extra or {}).get("marketplace", "")
        return request_review(self._amazon_api(), external_id, place)

    def _channel_fetch_settlements(self, cursor):
        """Override of `shop_connector` to collect settlements; they cannot be ordered."""
        if self.channel != "amazon":
            return super()._channel_fetch_settlements(cursor)
        return SettlementFetcher(self._amazon_api()).page(cursor)

    def _amazon_outgoing(self) -> Outgoing:
        place = next(iter(self._amazon_places()), "")
        return Outgoing(self._amazon_api(), self.amazon_seller_id or "", place)
