"""What a shop of Gambio is told, and what it offers."""

from odoo import api, fields, models

from ..lib import const
from ..lib.catalogue import Catalogue
from ..lib.outgoing import Outgoing
from ..lib.statuses import StatusMap
from ..lib.stock import StockWriter


class ShopAccount(models.Model):
    _inherit = "shop.account"

    gambio_status_shipped = fields.Integer(
        "Status when shipped",
        default=const.STATUS_SHIPPED,
        help="The number of the order status that the shop gets once everything has left. "
        "0: the status stays as it is.",
    )
    gambio_status_partly = fields.Integer(
        "Status when partly shipped",
        help="The number of the order status while part of the order has left. "
        "0: the status stays as it is.",
    )
    gambio_status_cancelled = fields.Integer(
        "Status when cancelled",
        default=const.STATUS_CANCELLED,
        help="The number of the order status of orders that you cancel.",
    )
    gambio_status_names = fields.Char(
        "Statuses in the shop",
        compute="_compute_gambio_status_names",
        help="As of the last fetch. The numbers are those of the shop's administration.",
    )
    gambio_counts_product = fields.Boolean(
        "Product's stock counts",
        help="Which stock the shop checks before it sells a variant, for products that leave it to "
        "the shop's own setting: with this the product's, without it the variant's.",
    )

    gambio_with_options = fields.Boolean(
        "Options have a stock of their own",
        help="Additional options with an article number are offers too. Reading the offers takes "
        "twice as long.",
    )

    @api.depends("cursor")
    def _compute_gambio_status_names(self):
        for account in self:
            names = account._gambio_statuses()
            account.gambio_status_names = " · ".join(
                f"{number} {names[number]}" for number in sorted(names, key=int)
            )

    def _gambio_statuses(self) -> dict[str, str]:
        """Return the names of the shop's statuses by their numbers, as of the last fetch."""
        cursor = self.cursor if isinstance(self.cursor, dict) else {}
        known = cursor.get("statuses")
        if not isinstance(known, dict):
            return {}
        return {str(key): str(name) for key, name in known.items() if str(key).isdecimal()}

    # -- channel hooks -----------------------------------------------------

    def _channel_report_shipment(self, shipment):
        """Override of `shop_connector` to add parcels to the order and change its status."""
        if self.channel != "gambio":
            return super()._channel_report_shipment(shipment)
        notified = self._gambio_was_mailed(shipment.external_id, "shipped")
        return self._gambio_outgoing(notified).shipment(shipment)

    def _channel_report_cancellation(self, cancellation):
        """Override of `shop_connector` to cancel an order."""
        if self.channel != "gambio":
            return super()._channel_report_cancellation(cancellation)
        notified = self._gambio_was_mailed(cancellation.external_id, "cancelled")
        return self._gambio_outgoing(notified).cancellation(cancellation)

    def _channel_report_stock(self, changes):
        """Override of `shop_connector` to tell the stock of products, variants and options."""
        if self.channel != "gambio":
            return super()._channel_report_stock(changes)
        client = self._gambio_client()
        return StockWriter(client, self._gambio_catalogue(client)).push(changes)

    def _channel_fetch_listings(self, cursor):
        """Override of `shop_connector` to read what the shop sells."""
        if self.channel != "gambio":
            return super()._channel_fetch_listings(cursor)
        return self._gambio_catalogue(self._gambio_client()).fetch_page(cursor)

    def _channel_carriers(self):
        """Override of `shop_connector` with the parcel services as installed."""
        return list(const.CARRIERS) if self.channel == "gambio" else super()._channel_carriers()

    # -- helpers -----------------------------------------------------------

    def _gambio_outgoing(self, notified: bool) -> Outgoing:
        return Outgoing(self._gambio_client(), self._gambio_status_map(), notified=notified)

    def _gambio_status_map(self) -> StatusMap:
        return StatusMap(
            shipped=self.gambio_status_shipped,
            partly=self.gambio_status_partly,
            cancelled=self.gambio_status_cancelled,
            known=frozenset(self._gambio_statuses()),
        )

    def _gambio_catalogue(self, client) -> Catalogue:
        return Catalogue(
            client,
            counts_product=self.gambio_counts_product,
            with_options=self.gambio_with_options,
        )

    def _gambio_was_mailed(self, external_id: str, kind: str) -> bool:
        """Whether our own mail has told the customer; the shop notes it with the status."""
        # sudo: the note is made whoever's turn it is to send messages
        orders = self.env["shop.order"].sudo()
        found = orders.search(
            [("account_id", "=", self.id), ("external_id", "=", external_id)], limit=1
        )
        mail = [
            ("order_id", "=", found.sale_order_id.id),
            ("kind", "=", kind),
            ("state", "=", "sent"),
        ]
        mails = orders.env["automation.mail"]
        return bool(found.sale_order_id and mails.search_count(mail, limit=1))
