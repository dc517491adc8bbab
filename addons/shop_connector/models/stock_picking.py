from odoo import fields, models

TOLD = frozenset({"carrier_id", "carrier_tracking_ref"})


class StockPicking(models.Model):
    _inherit = "stock.picking"

    shop_message_state = fields.Selection(related="sale_id.shop_message_state")

    def _automation_on_shipped(self):
        """Override of `order_automation` to tell the shop what has left."""
        result = super()._automation_on_shipped()
        self._shop_tell_shipment()
        return result

    def write(self, vals):
        """A tracking number that comes or is corrected after the goods have left is told too."""
        before = {picking.id: picking._shop_tracking() for picking in self if TOLD & set(vals)}
        result = super().write(vals)
        self.filtered(
            lambda picking: picking.id in before and before[picking.id] != picking._shop_tracking()
        )._shop_tell_shipment()
        return result

    def _shop_tracking(self) -> tuple:
        # sudo: whoever writes the number need not see the carrier's settings
        return self.sudo().carrier_id.id, self.carrier_tracking_ref or ""

    def _shop_tell_shipment(self) -> None:
        """Put what has left into the shop's outbox. Called as well by add-ons that keep parcels
        elsewhere, when one is added.
        """
        # sudo: whoever validates in the warehouse need not see the sale
        gone = self.sudo().filtered(
            lambda picking: (
                picking.state == "done"
                and picking.location_dest_id.usage == "customer"
                and picking.sale_id._shop_is_told("shipment")
            )
        )
        self.env["shop.message"]._enqueue(
            "shipment", [(picking.sale_id, picking) for picking in gone]
        )

    def action_shop_messages(self):
        """Open what the shop was told about the order of this delivery."""
        return self.sale_id.action_shop_messages()
