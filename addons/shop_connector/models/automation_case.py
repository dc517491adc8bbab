from odoo import api, fields, models

from .shop_order_update import CANCELLED, CHANGED


class AutomationCase(models.Model):
    _inherit = "automation.case"

    shop_can_follow = fields.Boolean("Can follow the shop", compute="_compute_shop_can_follow")

    @api.depends("code", "state", "res_id")
    def _compute_shop_can_follow(self):
        """Whether the order can still be brought to what the shop says."""
        self.shop_can_follow = False
        for case in self._shop_differences():
            # sudo: the order's progress decides, whoever looks at the case
            sale = self.env["sale.order"].sudo().browse(case.res_id).exists()
            case.shop_can_follow = bool(
                sale.shop_order_id and sale._shop_progress() in ("open", "released")
            )

    def _shop_differences(self):
        """Return those cases that say what the shop changed or cancelled."""
        return self.filtered(
            lambda case: (
                case.res_model == "sale.order"
                and case.code in (CANCELLED, CHANGED)
                and case.state == "open"
            )
        )

    def action_shop_follow(self):
        """Change or cancel the orders as the shop did; what has left stays as it is."""
        self.check_access("write")
        for case in self._shop_differences():
            # sudo: who may close the case may do what it is about
            sale = self.env["sale.order"].sudo().browse(case.res_id)
            sale.shop_order_id._follow_now(case.code)
        return True

    def _on_closed(self):
        """Override of `automation_core`: who resolves an order's quarantine wants it retried, and
        who closes a difference to the shop has seen it.
        """
        result = super()._on_closed()
        self._retry_mended()
        differences = self.filtered(
            lambda case: case.res_model == "sale.order" and case.code == CHANGED
        )
        # sudo: the inbox is the program's
        sales = self.env["sale.order"].sudo().browse(differences.mapped("res_id")).exists()
        sales.shop_order_id._accept_difference()
        return result

    def _retry_mended(self) -> None:
        resolved = self.filtered(
            lambda case: case.res_model == "shop.order" and case.state == "resolved"
        )
        orders = self.env["shop.order"].browse(resolved.mapped("res_id")).exists()
        orders.filtered(lambda order: order.state == "quarantined" and order.digest).action_retry()
