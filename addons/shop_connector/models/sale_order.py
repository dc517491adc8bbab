from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    shop_account_id = fields.Many2one(
        "shop.account",
        "Shop",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    shop_order_id = fields.Many2one(
        "shop.order",
        "Order in the shop",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        groups="automation_core.group_automation_user",
    )

    shop_rounding = fields.Boolean(
        "Taxes rounded once",
        readonly=True,
        copy=False,
        help="Taxes are rounded once per rate, as in the shop, not per line.",
    )

    _shop_order_uniq = models.UniqueIndex(
        "(shop_order_id) WHERE shop_order_id IS NOT NULL",
        "This shop order has been imported already.",
    )

    def write(self, vals):
        """A payment method chosen by hand answers the question which one it is."""
        result = super().write(vals)
        if vals.get("automation_payment_method_id"):
            self.env["automation.case"]._settle(self, codes=["shop:payment"])
        return result

    def _register_prepaid(self, amount, source):
        """Override of `order_automation`: with the money here nobody has to ask for it."""
        result = super()._register_prepaid(amount, source)
        if self._is_paid():
            self.env["automation.case"]._settle(self, codes=["shop:payment"])
        return result

    def _prepare_invoice(self):
        """Override of `sale` to round the invoice as the order."""
        return {**super()._prepare_invoice(), "shop_rounding": self.shop_rounding}

    def action_open_shop_order(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "shop.order",
            "res_id": self.shop_order_id.id,
            "views": [(False, "form")],
        }
