"""Deliveries of what had left before the order came here (see :mod:`.sale_order_sent`)."""

from odoo import fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    shop_known = fields.Boolean(
        "Known to the shop",
        readonly=True,
        copy=False,
        help="Had left before the order came here: it is neither announced nor reported.",
    )

    def _automation_refuse_held(self):
        """Override of `order_automation`: a case cannot hold back what has left already."""
        held = self.browse() if self.env.context.get("shop_gone") else self
        return super(StockPicking, held)._automation_refuse_held()

    def _automation_on_shipped(self):
        """Override of `order_automation`: nothing is said about what the shop itself knows."""
        known = self.filtered("shop_known")
        # sudo: see `order_automation`
        orders = known.sale_id.sudo().filtered("automation_policy_id")
        orders.filtered(
            lambda order: not order.automation_shipped
        ).automation_shipped = fields.Datetime.now()
        self.env["automation.log"]._add(
            [
                (order, "shipped", self.env._("Had left before the order came here"))
                for order in orders
            ]
        )
        return super(StockPicking, self - known)._automation_on_shipped()

    def _shop_tell_shipment(self):
        """Override: the shop knows of these."""
        return super(
            StockPicking, self.filtered(lambda picking: not picking.shop_known)
        )._shop_tell_shipment()
