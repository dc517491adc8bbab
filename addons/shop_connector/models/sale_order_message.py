"""What the shop is told about an order."""

from odoo import api, fields, models

from ..lib.channel import CANCELLATIONS, INVOICES, SHIPMENTS
from .shop_message import REASONS

KINDS = {
    "shipment": (SHIPMENTS, "report_shipments"),
    "cancellation": (CANCELLATIONS, "report_cancellations"),
    "invoice": (INVOICES, "report_invoices"),
}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_message_ids = fields.One2many(
        "shop.message",
        "sale_order_id",
        "Messages to the shop",
        groups="automation_core.group_automation_user",
    )
    shop_message_count = fields.Integer(compute="_compute_shop_message_state")
    shop_message_state = fields.Selection(
        [("failed", "Failed"), ("open", "On the way"), ("sent", "Sent")],
        "Told to the shop",
        compute="_compute_shop_message_state",
    )
    shop_cancel_reason = fields.Selection(
        REASONS, "Reason for cancelling", copy=False, help="Told to the shop with a cancellation."
    )

    @api.depends("shop_message_ids.state")
    def _compute_shop_message_state(self):
        counts = {
            (order, state): count
            # sudo: how it stands is shown with the order, the messages themselves are not
            for order, state, count in self.env["shop.message"]
            .sudo()
            ._read_group(
                [("sale_order_id", "in", self.ids)], ["sale_order_id", "state"], ["__count"]
            )
        }
        for order in self:
            states = {state: count for (owner, state), count in counts.items() if owner == order}
            order.shop_message_count = sum(states.values())
            waiting = states.keys() & {"pending", "sending", "waiting"}
            order.shop_message_state = (
                "failed"
                if "failed" in states
                else "open"
                if waiting
                else "sent"
                if "sent" in states
                else False
            )
