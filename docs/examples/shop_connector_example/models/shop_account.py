import json

from odoo import fields, models

from odoo.addons.automation_core.lib.errors import AutomationError
from odoo.addons.automation_core.lib.http import HttpClient
from odoo.addons.shop_connector.lib import channel as seam
from odoo.addons.shop_connector.lib import outbox

from ..lib import parser


class ShopAccount(models.Model):
    _inherit = "shop.account"

    channel = fields.Selection(
        selection_add=[("example", "Example")],
        ondelete={"example": lambda accounts: accounts.write({"live": False, "active": False})},
    )
    example_url = fields.Char("Example address")
    example_token = fields.Char("Example token", groups="base.group_system", copy=False)

    def _channel_capabilities(self):
        if self.channel != "example":
            return super()._channel_capabilities()
        return frozenset({seam.ORDERS, seam.CUSTOMER_MAILS, seam.SHIPMENTS, seam.STOCK})

    def _channel_fetch_orders(self, cursor):
        """One page; the cursor is stored together with its orders."""
        if self.channel != "example":
            return super()._channel_fetch_orders(cursor)
        params = {"changed_after": cursor.get("version", 0)}
        answer = self._example_client().request("GET", "orders", params=params).json()
        orders = tuple(seam.RawOrder(row["number"], json.dumps(row)) for row in answer["orders"])
        return seam.OrderPage(orders, {"version": answer["version"]}, more=answer["more"])

    def _channel_parse_order(self, body):
        if self.channel != "example":
            return super()._channel_parse_order(body)
        return parser.parse_order(body)

    def _channel_report_shipment(self, shipment):
        """A PUT of everything that has left: the same again does no harm."""
        if self.channel != "example":
            return super()._channel_report_shipment(shipment)
        body = [{"carrier": p.carrier, "tracking": p.tracking} for p in shipment.parcels]
        path = f"orders/{shipment.external_id}/parcels"
        self._example_client().request("PUT", path, body=body)
        return outbox.Receipt()

    def _channel_report_stock(self, changes):
        if self.channel != "example":
            return super()._channel_report_stock(changes)
        return self._example_report_stock(changes)

    def _example_report_stock(self, changes):
        """One reply per call; it is stored before the next call is made."""
        client = self._example_client()
        for start in range(0, len(changes), 100):
            some = changes[start : start + 100]
            shown = {one.sku: one.quantity if one.availability == "normal" else 0 for one in some}
            client.request("PUT", "stock", body=shown)
            outcomes = tuple(outbox.StockOutcome(one.listing_id, ok=True) for one in some)
            yield outbox.StockReply(outcomes)

    def _channel_check(self):
        if self.channel != "example":
            return super()._channel_check()
        try:
            self._channel_fetch_orders({})
        except AutomationError as error:
            return [seam.CheckLine(False, error.message, error.hint)]
        return [seam.CheckLine(True, self.env._("The shop answers and the token is right."))]

    def _channel_secrets(self):
        if self.channel != "example":
            return super()._channel_secrets()
        # sudo: only administrators may read what must be kept secret
        return tuple(filter(None, [self.sudo().example_token]))

    def _channel_payments(self):
        known = [("paypal", "paypal", "shop"), ("transfer", "prepayment", "never")]
        return known if self.channel == "example" else super()._channel_payments()

    def _example_client(self):
        """HttpClient bounds time and size, names failures and repeats only what is safe."""
        secrets = self._channel_secrets()
        headers = {"Authorization": f"Bearer {''.join(secrets)}"}
        return HttpClient(self.example_url or "", headers=headers, secrets=secrets)
